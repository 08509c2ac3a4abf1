//! The aggregates over rows that name their subjects by one column, and what the queries for them share.

use super::Unsupported;
use super::dialect::{Dialect, Stored};
use super::form::Term;
use super::nodes::Nodes;
use super::query::Kind;
use super::source::{Source, first};
use crate::engine::ProblemKind;
use crate::ir::{AggregateId, Ir, IrAggregate, NodeId, Selection};
use crate::time::Plausible;

/// Builds the queries for the aggregates over rows that name their subjects by one column.
pub(super) struct Asking<'a, 'q> {
    pub(super) ir: &'a Ir,
    pub(super) nodes: &'a Nodes<'q>,
    pub(super) source: &'a Source<'q>,
}

impl Asking<'_, '_> {
    pub(super) fn dialect(&self) -> &dyn Dialect {
        self.nodes.dialect
    }

    pub(super) fn key(&self) -> Kind {
        match self.source.keys {
            Stored::Text => Kind::Text,
            _ => Kind::Whole,
        }
    }

    pub(super) fn measures<'s>(
        &self,
        selection: &'s Selection,
    ) -> impl Iterator<Item = (AggregateId, &IrAggregate)> + use<'_, 's> {
        let measures = selection.measures.iter();
        measures.filter_map(|id| Some((*id, self.ir.aggregates.get(*id)?)))
    }

    pub(super) fn field(&self, node: NodeId) -> Result<Term, Unsupported> {
        let field = self.source.term(node);
        field.ok_or_else(|| self.nodes.refused("a field was not asked for"))
    }
}

/// The possible problems of times, with the condition for each.
pub(super) fn troubles(
    at: &Term,
    plausible: Plausible,
    dialect: &dyn Dialect,
) -> [(ProblemKind, String); 2] {
    let [from, to] = plausible.range();
    let before = at.is("<", first(at.form, from), dialect);
    let behind = at.is(">=", first(at.form, to.saturating_add(1)), dialect);
    [
        (ProblemKind::MissingTime, format!("{} IS NULL", at.sql)),
        (
            ProblemKind::ImplausibleTime,
            format!("({before} OR {behind})"),
        ),
    ]
}
