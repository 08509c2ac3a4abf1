//! The fields of first and of last rows: one row for each key.

use super::Unsupported;
use super::asking::Asking;
use super::form::Term;
use super::query::{Holds, Kind, Query, Selecting, kind, shown};
use crate::ir::{CollectionScan, IrMeasure};

impl Asking<'_, '_> {
    /// For each selection, one row for each key: the fields of its first row, and those of its last.
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
                    let Term { sql, form } = self.field(node)?;
                    select.column(&shown(&sql, form), kind(form), Holds::Value(id, form));
                }
                if select.columns.len() == 1 {
                    continue;
                }
                let order = self
                    .source
                    .order(self.nodes, (place, collection), is_last)?;
                let mut alike = String::new();
                if self.dialect().position("t").is_none() {
                    let when = self.source.when(self.nodes, place)?;
                    alike = format!(
                        ", count(*) OVER (PARTITION BY r.k, {when}, r.tie{place}) AS alike"
                    );
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
                let source = self.source.sql(self.nodes);
                let selected = self
                    .source
                    .selected(self.nodes, (place, collection), selection);
                queries.push(select.query(&format!(
                    "FROM (SELECT r.*, row_number() OVER (PARTITION BY r.k ORDER BY {order}) AS nth{alike} \
                     FROM {source} WHERE {selected}) AS r WHERE r.nth = 1"
                )));
            }
        }
        Ok(())
    }
}
