//! The fields of first and of last rows: one row for each key.

use super::Unsupported;
use super::asking::Asking;
use super::form::Term;
use super::query::{Holds, Kind, Query, Selecting, kind, shown};
use super::source::is_own_time;
use crate::ir::{CollectionScan, IrMeasure};

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
                    if is_own_time(self.nodes.scan, collection, node) {
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
                let behind = self.of_window((place, collection), &selected, is_last)?;
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

    /// The end of each key: of the rows that have its first or its last time, the one that is first in order. Few rows are sorted so.
    fn of_window(
        &self,
        (place, collection): (usize, &CollectionScan),
        selected: &str,
        is_last: bool,
    ) -> Result<String, Unsupported> {
        let when = self.source.when(self.nodes, place)?;
        let order = self
            .source
            .order(self.nodes, (place, collection), is_last)?;
        let mut alike = String::new();
        if self.dialect().position("t").is_none() {
            alike = format!(", count(*) OVER (PARTITION BY r.k, r.tie{place}) AS alike");
        }
        let source = self.source.in_order(self.nodes);
        let end = if is_last { "max" } else { "min" };
        // What is small stands first: servers look rows of the second one up in it.
        Ok(format!(
            "FROM (SELECT r.*, row_number() OVER (PARTITION BY r.k ORDER BY {order}) AS nth{alike} \
             FROM (SELECT r.k, {end}({when}) AS end_at FROM {source} WHERE {selected} GROUP BY r.k) AS e \
             JOIN {source} ON r.k = e.k AND {when} = e.end_at WHERE {selected}) AS r WHERE r.nth = 1"
        ))
    }
}
