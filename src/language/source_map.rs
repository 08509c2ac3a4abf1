//! The texts that expressions are written in, and where in them each expression stands.

use super::ast::{Expr, ExprId, Span, TextId};
use crate::index::IndexVec;
use crate::source::{Location, Scalar, Sources};

/// Every text of config and rules that holds an expression, and every expression of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceMap {
    /// A text that was made of something stands where that is written.
    texts: IndexVec<TextId, Scalar>,
    /// Where each expression stands.
    spans: IndexVec<ExprId, Span>,
}

impl SourceMap {
    /// Takes in a tree and the text that it is written in. Parts that are in the map already, because they
    /// are written elsewhere, keep their text and their ids.
    pub fn add(&mut self, text: Scalar, tree: &mut Expr) {
        let id = self.texts.push(text);
        tree.each_mut(&mut |expr| {
            for span in expr.spans_mut() {
                span.text.get_or_insert(id);
            }
            let span = expr.span;
            expr.id.get_or_insert_with(|| self.expression(span));
        });
    }

    /// An expression that the checker adds to one that stands there.
    pub(super) fn expression(&mut self, span: Span) -> ExprId {
        self.spans.push(span)
    }

    /// The text that a place is in; none for what nobody wrote.
    pub fn text(&self, span: Span) -> Option<&Scalar> {
        self.texts.get(span.text?)
    }

    /// The words at a place; empty for what nobody wrote.
    pub fn words(&self, span: Span) -> &str {
        let words = self
            .text(span)
            .and_then(|text| text.value.get(span.start..span.end));
        words.unwrap_or_default()
    }

    /// Where a place stands in its file; none for what nobody wrote.
    pub fn locate(&self, span: Span, sources: &Sources) -> Option<Location> {
        let text = self.text(span)?;
        Some(text.locate(span.start..span.end, sources))
    }

    /// Where an expression stands.
    pub fn span(&self, id: ExprId) -> Option<Span> {
        self.spans.get(id).copied()
    }
}
