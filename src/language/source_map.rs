//! The texts that contain expressions, and the place of each expression in them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ast::{Expr, ExprId, Span, TextId};
use crate::index::IndexVec;
use crate::source::{Location, Placed, Scalar, Sources};

/// Every text of config and rules that contains an expression, and every expression in them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceMap {
    /// The location of a generated text is that of its origin.
    texts: IndexVec<TextId, Scalar>,
    /// For a text made from several lines: what each line became, and its location.
    lines: BTreeMap<TextId, Vec<(Range<usize>, Location)>>,
    /// The place of each expression.
    spans: IndexVec<ExprId, Span>,
}

impl SourceMap {
    /// Adds a tree and the text that it is written in. Parts that are in the map already, because they are written
    /// elsewhere, keep their text and their ids.
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

    /// Like [`SourceMap::add`], for a text made from several lines: what each line became, and its location.
    pub fn add_lines(
        &mut self,
        text: Scalar,
        tree: &mut Expr,
        lines: Vec<(Range<usize>, Location)>,
    ) {
        let id = self.add(text, tree);
        self.lines.insert(id, lines);
    }

    /// A new expression that the checker adds at the place of another one.
    pub(super) fn expression(&mut self, span: Span) -> ExprId {
        self.spans.push(span)
    }

    /// The text that contains a place; `None` for generated parts.
    pub fn text(&self, span: Span) -> Option<&Scalar> {
        self.texts.get(span.text?)
    }

    /// The words at a place; empty for generated parts.
    pub fn words(&self, span: Span) -> &str {
        let words = self
            .text(span)
            .and_then(|text| text.value.get(span.start..span.end));
        words.unwrap_or_default()
    }

    /// The location of a place in its file; `None` for generated parts.
    pub fn locate(&self, span: Span, sources: &Sources) -> Option<Location> {
        let text = self.text(span)?;
        if let Some(location) = self.line(span) {
            return Some(location);
        }
        Some(text.locate(span.start..span.end, sources))
    }

    /// Locates many places in their files, scanning each text only once.
    pub fn places<'m>(&'m self, sources: &'m Sources) -> Places<'m> {
        Places {
            map: self,
            sources,
            placed: BTreeMap::new(),
        }
    }

    /// Whether a place is in a text made from several lines.
    pub fn is_of_lines(&self, span: Span) -> bool {
        span.text.is_some_and(|text| self.lines.contains_key(&text))
    }

    /// The location of the line that a place was made from; `None` if it was made from several lines, or from none.
    pub fn line(&self, span: Span) -> Option<Location> {
        let mut lines = self.lines.get(&span.text?)?.iter();
        let own = lines.find(|(line, _)| line.start <= span.start && span.end <= line.end);
        own.map(|(_, location)| *location)
    }

    /// The place of an expression.
    pub fn span(&self, id: ExprId) -> Option<Span> {
        self.spans.get(id).copied()
    }
}

/// The texts of a map. The places of a text's characters are computed on first use.
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

    /// Like [`Places::locate`]; `None` if the text was made from other keys, or a variable was filled in.
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
