//! The fields of first and last rows: one row per key.

use super::Unsupported;
use super::asking::Asking;
use super::form::Term;
use super::query::{Holds, Kind, OfKeys, Query, Selecting, kind, shown};
use super::settled::is_of_gap;
use super::source::is_own_time;
use crate::ir::{AggregateId, CollectionScan, IrMeasure, Selection};

impl Asking<'_, '_> {
    /// For each selection, one row per key: the fields of its first row and of its last row. The times of these rows
    /// are not included: they are the minimum and the maximum, which [`Asking::grouped`] queries.
    pub(super) fn ends(
        &self,
        (place, collection): (usize, &CollectionScan),
        queries: &mut Vec<Query>,
    ) -> Result<(), Unsupported> {
        for selection in &collection.selections {
            for is_last in [false, true] {
                let fields = self.fields(collection, selection, is_last)?;
                if fields.is_empty() {
                    continue;
                }
                let selected = self
                    .source
                    .selected(self.nodes, (place, collection), selection);
                let ends = Ends {
                    place,
                    collection,
                    selected,
                    is_last,
                };
                queries.push(self.of_ends(&ends, &fields)?);
            }
        }
        Ok(())
    }

    /// The fields that are needed of the first rows of a selection, or of the last rows.
    fn fields(
        &self,
        collection: &CollectionScan,
        selection: &Selection,
        is_last: bool,
    ) -> Result<Vec<(AggregateId, Term)>, Unsupported> {
        let asked = self.measures(selection).filter_map(|(id, aggregate)| {
            let ((IrMeasure::First(node), false) | (IrMeasure::Last(node), true)) =
                (aggregate.measure, is_last)
            else {
                return None;
            };
            let is_own = is_own_time(self.nodes.scan, collection, node);
            (!is_own).then_some((id, node))
        });
        asked
            .map(|(id, node)| Ok((id, self.field(node)?)))
            .collect()
    }

    /// One query that uses the times as they are stored. It leaves a key open if its end lies where the clock was put
    /// forward, because times that the clock never showed all mean the end of that gap. A second query covers only
    /// these keys, as few rows lie there.
    fn of_ends(
        &self,
        ends: &Ends<'_>,
        fields: &[(AggregateId, Term)],
    ) -> Result<Query, Unsupported> {
        let Some(at) = self.source.time(ends.place) else {
            let why = "rows without a time have no first and no last";
            return Err(self.nodes.refused(why));
        };
        let plausible = self.nodes.times.plausible;
        let is_open = is_of_gap(at, plausible, self.dialect());
        let source = self.source.sql(self.nodes);
        let rows = self.of_window(ends, &at.sql, (&source, None))?;
        let mut query = self
            .selecting(ends, fields, is_open.as_deref())
            .query(&rows.concat());
        if is_open.is_some() {
            let when = Term {
                sql: format!("r.when{}", ends.place),
                form: at.counted(self.dialect()).form,
            };
            let source = self.source.in_order(self.nodes);
            let end = Term {
                sql: format!("{}({})", ends.which(), when.sql),
                form: when.form,
            };
            let is_of_gap = is_of_gap(&end, plausible, self.dialect());
            let [rows, behind @ ..] = self.of_window(ends, &when.sql, (&source, is_of_gap))?;
            let of_open = self.selecting(ends, fields, None).query(&rows);
            query.of_open = Some(OfKeys::new(of_open, behind));
        }
        Ok(query)
    }

    fn selecting(
        &self,
        ends: &Ends<'_>,
        fields: &[(AggregateId, Term)],
        is_open: Option<&str>,
    ) -> Selecting {
        let mut select = Selecting::default();
        select.column("r.k", self.key(), Holds::Key);
        if let Some(is_open) = is_open {
            let sql = format!("CASE WHEN {is_open} THEN 1 ELSE 0 END");
            select.column(&sql, Kind::Whole, Holds::Open);
        }
        for (id, Term { sql, form }) in fields {
            let sql = shown(sql, *form, self.dialect());
            select.column(&sql, kind(*form), Holds::Value(*id, *form));
        }
        if self.dialect().position("t").is_none() {
            let unsupported = Unsupported {
                what: format!("`{}`", ends.collection.name),
                why:
                    "rows of the same time have the same key, and the database has no order of them"
                        .to_owned(),
            };
            select.column(
                "CASE WHEN r.alike > 1 THEN 1 ELSE 0 END",
                Kind::Whole,
                Holds::Inexact(unsupported),
            );
        }
        select
    }

    /// The end of each key: of the rows with its first or last time, the one that comes first in order, so that few
    /// rows are sorted. In pieces: a further condition on the rows may be inserted between each two.
    fn of_window(
        &self,
        ends: &Ends<'_>,
        when: &str,
        (source, having): (&str, Option<String>),
    ) -> Result<[String; 3], Unsupported> {
        let Ends {
            place,
            collection,
            selected,
            is_last,
        } = ends;
        let order = self
            .source
            .order(self.nodes, (*place, collection), *is_last)?;
        let mut alike = String::new();
        if self.dialect().position("t").is_none() {
            alike = format!(", count(*) OVER (PARTITION BY r.k, r.tie{place}) AS alike");
        }
        let having = having.map(|having| format!(" HAVING {having}"));
        let (end, having) = (ends.which(), having.unwrap_or_default());
        // The smaller part comes first: servers look up its rows in the second one.
        Ok([
            format!(
                "FROM (SELECT r.*, row_number() OVER (PARTITION BY r.k ORDER BY {order}) AS nth{alike} \
                 FROM (SELECT r.k, {end}({when}) AS end_at FROM {source} WHERE {selected}"
            ),
            format!(
                " GROUP BY r.k{having}) AS e JOIN {source} ON r.k = e.k AND {when} = e.end_at WHERE {selected}"
            ),
            ") AS r WHERE r.nth = 1".to_owned(),
        ])
    }
}

/// The first or the last rows of a selection.
struct Ends<'c> {
    place: usize,
    collection: &'c CollectionScan,
    /// The condition for its rows.
    selected: String,
    is_last: bool,
}

impl Ends<'_> {
    /// The aggregate that gives their times.
    fn which(&self) -> &'static str {
        if self.is_last { "max" } else { "min" }
    }
}
