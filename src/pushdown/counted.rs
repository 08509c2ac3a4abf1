//! Counts how often each value occurs: one row per key and value, for measures that cannot be computed from sums.

use super::Unsupported;
use super::asking::Asking;
use super::form::Term;
use super::query::{Holds, Query, Selecting, kind, shown};
use super::source::alternatives;
use crate::ir::{AggregateId, CollectionScan, IrAggregate, IrMeasure, NodeId};
use crate::value::Type;

impl Asking<'_, '_> {
    /// For each field, one row per key and value, with how often each selection has it.
    pub(super) fn values(
        &self,
        collection: (usize, &CollectionScan),
        queries: &mut Vec<Query>,
    ) -> Result<(), Unsupported> {
        let mut fields: Vec<(NodeId, Vec<(AggregateId, String)>)> = Vec::new();
        for selection in &collection.1.selections {
            let selected = self.source.selected(self.nodes, collection, selection);
            for (id, aggregate) in self.measures(selection) {
                let Some(field) = self.counted(aggregate) else {
                    continue;
                };
                let asked = (id, selected.clone());
                match fields.iter_mut().find(|(known, _)| *known == field) {
                    Some((_, all)) => all.push(asked),
                    None => fields.push((field, vec![asked])),
                }
            }
        }
        for (field, asked) in fields {
            let Term { sql, form } = self.field(field)?.counted(self.dialect());
            let mut select = Selecting::default();
            select.column("r.k", self.key(), Holds::Key);
            select.column(
                &shown(&sql, form, self.dialect()),
                kind(form),
                Holds::Counted(form),
            );
            for (id, selected) in &asked {
                select.count(selected, Holds::Times(*id));
            }
            let any: Vec<String> = asked.into_iter().map(|(_, selected)| selected).collect();
            let any = alternatives(&any);
            let source = self.source.sql(self.nodes);
            queries.push(select.query(&format!(
                "FROM {source} WHERE {sql} IS NOT NULL AND {any} GROUP BY r.k, {sql}"
            )));
        }
        Ok(())
    }

    /// The field of an aggregate, if the aggregate is computed from counted values.
    fn counted(&self, aggregate: &IrAggregate) -> Option<NodeId> {
        match aggregate.measure {
            IrMeasure::CountDistinct(field)
            | IrMeasure::Quantile(field, _)
            | IrMeasure::Stddev(field) => Some(field),
            IrMeasure::Sum(field) | IrMeasure::Avg(field) => {
                let node = self.nodes.scan.program.nodes.get(field)?;
                let is_counted = node.ty == Type::Number && !self.dialect().sums_decimals();
                is_counted.then_some(field)
            }
            _ => None,
        }
    }
}
