//! Expressions of the rules by id: the words of each, its location, its owner, and what it names.

use super::Project;
use crate::ir::NodeId;
use crate::language::ast::ExprId;
use crate::language::typed::{Kind, Typed};
use crate::source::Location;

/// What an expression is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'p> {
    /// A segment's condition, by the segment's id.
    Segment(&'p str),
    /// A metric, by its name.
    Metric(&'p str),
    /// An output requested besides the rules, by its text.
    Output(&'p str),
}

impl<'p> Owner<'p> {
    /// The segment's id, the metric's name or the output's text.
    pub fn name(self) -> &'p str {
        match self {
            Self::Segment(name) | Self::Metric(name) | Self::Output(name) => name,
        }
    }
}

impl Project {
    /// The text of an expression. A filter is shown as the condition that it means.
    pub fn words_of(&self, expression: ExprId) -> &str {
        let map = &self.checked.source_map;
        map.span(expression).map_or("", |span| map.words(span))
    }

    /// The location of an expression; `None` for one that is not written anywhere.
    pub fn location_of(&self, expression: ExprId) -> Option<Location> {
        let map = &self.checked.source_map;
        map.locate(map.span(expression)?, &self.sources)
    }

    /// The node of the IR that holds an expression's value per subject; `None` for what is computed for each row of an
    /// aggregate.
    pub fn node_of(&self, expression: ExprId) -> Option<NodeId> {
        self.ir.node_of(expression)
    }

    /// The segments, metrics and outputs that contain an expression. What they name is contained only in its own
    /// definition.
    pub fn owners_of(&self, expression: ExprId) -> impl Iterator<Item = Owner<'_>> {
        let definitions = self.definitions();
        definitions.filter_map(move |(owner, typed)| find(typed, expression).map(|_| owner))
    }

    /// The whole expression that the name of a metric, or of a segment after `in segment`, stands for; `None` for other
    /// expressions.
    pub fn definition_of(&self, expression: ExprId) -> Option<ExprId> {
        let named = self
            .definitions()
            .find_map(|(_, typed)| find(typed, expression))?;
        let owner = match &named.kind {
            Kind::Metric(name) => Owner::Metric(name),
            Kind::Member(id) => Owner::Segment(id),
            _ => return None,
        };
        let mut definitions = self.definitions();
        let (_, definition) = definitions.find(|(known, _)| *known == owner)?;
        definition.id
    }

    /// The conditions of segments, then the metrics that are values, in the order of the files; then the outputs
    /// requested besides them.
    pub fn definitions(&self) -> impl Iterator<Item = (Owner<'_>, &Typed)> {
        let segments = self.rules.segments.zip(&self.checked.segments);
        let segments = segments.filter_map(|(segment, condition)| {
            Some((Owner::Segment(&segment.id.value), condition.as_ref()?))
        });
        let metrics = self.checked.metrics.iter();
        let metrics = metrics.map(|metric| (Owner::Metric(&metric.name), &metric.definition));
        let map = &self.checked.source_map;
        let outputs = self.checked.outputs.iter().map(|output| {
            let words = output.value().map_or("", |value| map.words(value.span));
            (Owner::Output(words), output)
        });
        let values = metrics.chain(outputs);
        segments.chain(values.filter_map(|(owner, definition)| Some((owner, definition.value()?))))
    }
}

fn find(typed: &Typed, expression: ExprId) -> Option<&Typed> {
    let mut found = None;
    typed.each(&mut |part| {
        if part.id == Some(expression) {
            found = found.or(Some(part));
        }
    });
    found
}
