//! The fields of first and of last rows: one row for each key.

use super::Unsupported;
use super::asking::Asking;
use super::form::Term;
use super::packed::Packed;
use super::query::{Holds, Kind, Query, Selecting, kind, shown};
use crate::ir::{CollectionScan, IrMeasure, NodeId, Op};

impl Asking<'_, '_> {
    /// For each selection, one row for each key: the fields of its first row, and those of its last. Their own times are not among
    /// them: those are the least and the greatest, which [`Asking::grouped`] asks for.
    pub(super) fn ends(
        &self,
        (place, collection): (usize, &CollectionScan),
        queries: &mut Vec<Query>,
    ) -> Result<(), Unsupported> {
        for selection in &collection.selections {
            for is_last in [false, true] {
                let mut select = Selecting::default();
                select.column("r.k", self.key(), Holds::Key);
                for (id, aggregate) in self.measures(selection) {
                    let ((IrMeasure::First(node), false) | (IrMeasure::Last(node), true)) =
                        (aggregate.measure, is_last)
                    else {
                        continue;
                    };
                    if self.is_own_time(collection, node) {
                        continue;
                    }
                    let Term { sql, form } = self.field(node)?;
                    select.column(&shown(&sql, form), kind(form), Holds::Value(id, form));
                }
                if select.columns.len() == 1 {
                    continue;
                }
                let selected = self
                    .source
                    .selected(self.nodes, (place, collection), selection);
                let behind = match self.source.packed(self.nodes, place)? {
                    Some(packed) => self.of_packed(&packed, &selected, is_last),
                    None => self.of_window((place, collection), &selected, is_last)?,
                };
                if self.dialect().position("t").is_none() {
                    let unsupported = Unsupported {
                        what: format!("`{}`", collection.name),
                        why: "rows of the same time have the same key, and the database has no order of them"
                            .to_owned(),
                    };
                    select.column(
                        "CASE WHEN r.alike > 1 THEN 1 ELSE 0 END",
                        Kind::Whole,
                        Holds::Inexact(unsupported),
                    );
                }
                queries.push(select.query(&behind));
            }
        }
        Ok(())
    }

    /// Whether a node is the time that places the rows of a collection.
    pub(super) fn is_own_time(&self, collection: &CollectionScan, node: NodeId) -> bool {
        let scan = self.nodes.scan;
        match scan.program.nodes.get(node).map(|node| &node.op) {
            Some(Op::Input(id)) => {
                collection.at.is_some() && scan.inputs.get(*id) == collection.at.as_ref()
            }
            _ => false,
        }
    }

    /// The end of each key by the number of its rows: the row that has it is found by its key. Where several have it, all come.
    fn of_packed(&self, packed: &Packed, selected: &str, is_last: bool) -> String {
        let Packed { sql, key } = packed;
        let source = self.source.sql(self.nodes);
        let end = format!("{}({sql})", if is_last { "max" } else { "min" });
        let key_of_end = Packed::key_of("n.number", self.dialect());
        format!(
            "FROM (SELECT r.*, count(*) OVER (PARTITION BY r.k) AS alike FROM {source} \
             JOIN (SELECT n.k, n.number, {key_of_end} AS tie FROM (\
             SELECT r.k, {end} AS number FROM {source} WHERE {selected} GROUP BY r.k) AS n) AS e \
             ON {key} = e.tie WHERE r.k = e.k AND {sql} = e.number AND {selected}) AS r"
        )
    }

    /// The end of each key by the order of its rows.
    fn of_window(
        &self,
        (place, collection): (usize, &CollectionScan),
        selected: &str,
        is_last: bool,
    ) -> Result<String, Unsupported> {
        let order = self
            .source
            .order(self.nodes, (place, collection), is_last)?;
        let mut alike = String::new();
        if self.dialect().position("t").is_none() {
            let when = self.source.when(self.nodes, place)?;
            alike = format!(", count(*) OVER (PARTITION BY r.k, {when}, r.tie{place}) AS alike");
        }
        let source = self.source.sql(self.nodes);
        Ok(format!(
            "FROM (SELECT r.*, row_number() OVER (PARTITION BY r.k ORDER BY {order}) AS nth{alike} \
             FROM {source} WHERE {selected}) AS r WHERE r.nth = 1"
        ))
    }
}
