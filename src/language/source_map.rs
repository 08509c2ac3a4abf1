//! The texts that expressions are written in, and where in them each expression stands.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ast::{Expr, ExprId, Span, TextId};
use crate::index::IndexVec;
use crate::source::{Location, Placed, Scalar, Sources};

/// Every text of config and rules that holds an expression, and every expression of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceMap {
    /// A text that was made of something stands where that is written.
    texts: IndexVec<TextId, Scalar>,
    /// Of a text that was made of several lines, what each of them became, and where it is written.
    lines: BTreeMap<TextId, Vec<(Range<usize>, Location)>>,
    /// Where each expression stands.
    spans: IndexVec<ExprId, Span>,
}

impl SourceMap {
    /// Takes in a tree and the text that it is written in. Parts that are in the map already, because they
    /// are written elsewhere, keep their text and their ids.
    pub fn add(&mut self, text: Scalar, tree: &mut Expr) -> TextId {
        let id = self.texts.push(text);
        tree.each_mut(&mut |expr| {
            for span in expr.spans_mut() {
                span.text.get_or_insert(id);
            }
            let span = expr.span;
            expr.id.get_or_insert_with(|| self.expression(span));
        });
        id
    }

    /// As [`SourceMap::add`], of a text that was made of several lines: what each of them became, and where it is written.
    pub fn add_lines(
        &mut self,
        text: Scalar,
        tree: &mut Expr,
        lines: Vec<(Range<usize>, Location)>,
    ) {
        let id = self.add(text, tree);
        self.lines.insert(id, lines);
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
        if let Some(location) = self.line(span) {
            return Some(location);
        }
        Some(text.locate(span.start..span.end, sources))
    }

    /// Where many places stand in their files: each text is looked through once.
    pub fn places<'m>(&'m self, sources: &'m Sources) -> Places<'m> {
        Places {
            map: self,
            sources,
            placed: BTreeMap::new(),
        }
    }

    /// Whether a place is in a text that was made of several lines.
    pub fn is_of_lines(&self, span: Span) -> bool {
        span.text.is_some_and(|text| self.lines.contains_key(&text))
    }

    /// Where the line stands that a place was made of; none for what was made of several, or of none.
    pub fn line(&self, span: Span) -> Option<Location> {
        let mut lines = self.lines.get(&span.text?)?.iter();
        let own = lines.find(|(line, _)| line.start <= span.start && span.end <= line.end);
        own.map(|(_, location)| *location)
    }

    /// Where an expression stands.
    pub fn span(&self, id: ExprId) -> Option<Span> {
        self.spans.get(id).copied()
    }
}

/// The texts of a map, each with the place of every character once it was asked for.
#[derive(Debug)]
pub struct Places<'m> {
    map: &'m SourceMap,
    sources: &'m Sources,
    placed: BTreeMap<TextId, Placed<'m>>,
}

impl Places<'_> {
    /// See [`SourceMap::locate`].
    pub fn locate(&mut self, span: Span) -> Option<Location> {
        match self.map.line(span) {
            Some(line) => Some(line),
            None => Some(self.text(span)?.locate(span.start..span.end)),
        }
    }

    /// As [`Places::locate`]; none where the text was made of other keys, or a variable was filled in.
    pub(super) fn written(&mut self, span: Span) -> Option<Location> {
        let text = self.text(span)?;
        text.is_written().then(|| text.locate(span.start..span.end))
    }

    fn text(&mut self, span: Span) -> Option<&Placed<'_>> {
        let (id, text) = (span.text?, self.map.text(span)?);
        Some(
            self.placed
                .entry(id)
                .or_insert_with(|| text.placed(self.sources)),
        )
    }
}
