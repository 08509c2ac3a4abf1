//! Rows whose lookup has no match: how many, and how many of them would have one if keys were matched loosely.

use std::collections::HashMap;

use super::asking::Asking;
use super::dialect::Stored;
use super::nodes::Nodes;
use super::query::{Holds, Kind, OfUnfound, Query, Selecting};
use super::source::{Source, alternatives, key};
use crate::engine::{Cell, ProblemKind, ReadError, Row};
use crate::ir::{CollectionScan, Lookup, LookupId, Op};
use crate::value::loose_key;

/// The maximum number of keys fetched for a warning.
const MOST: usize = 1_000_000;

/// Takes a row of an answer.
type Each<'e> = dyn FnMut(&dyn Row) + 'e;

impl Asking<'_, '_> {
    /// For each lookup that a collection reads through, counts the rows whose key has no match. Lookups that lead to the
    /// subject or the time are counted elsewhere.
    pub(super) fn unfound(&self, select: &mut Selecting) {
        let scan = self.nodes.scan;
        for (id, lookup) in scan.lookups.iter_enumerated() {
            let through = self.source.collections.iter();
            let through = through.filter_map(|(_, collection)| self.belongs_by(id, collection));
            let belongs: Vec<String> = through.collect();
            if belongs.is_empty() {
                continue;
            }
            let is_nothing = self.is_nothing(id, lookup);
            let named = format!("{} AND NOT {is_nothing}", alternatives(&belongs));
            self.count_unfound((id, lookup), ProblemKind::Unfound, (&named, &named), select);
        }
    }

    /// Counts the rows that satisfy a condition and whose lookup has no match; `of` selects the rows that the count is compared with.
    pub(super) fn count_unfound(
        &self,
        (id, lookup): (LookupId, &Lookup),
        kind: ProblemKind,
        (of, belongs): (&str, &str),
        select: &mut Selecting,
    ) {
        let alias = Nodes::alias(Some(id));
        let unfound = format!("r.{alias}_key IS NULL AND {belongs}");
        let trouble = Holds::Unfound(
            kind,
            self.nodes.scan.table.clone(),
            lookup.by.clone(),
            lookup.table.clone(),
        );
        select.count(of, Holds::Of);
        let column = select.columns.len();
        select.count(&unfound, trouble);
        select
            .unfound
            .extend(self.of_unfound((id, lookup), (column, kind), &unfound));
    }

    /// None where keys have no form.
    fn of_unfound(
        &self,
        (id, lookup): (LookupId, &Lookup),
        (column, kind): (usize, ProblemKind),
        unfound: &str,
    ) -> Option<OfUnfound> {
        let (there, stored) = key(self.nodes, Some(id), &lookup.key).ok()?;
        if stored != Stored::Text {
            return None;
        }
        let alias = Nodes::alias(Some(id));
        let admitted = self.source.collections.iter();
        let admitted = admitted.filter_map(|(_, collection)| collection.admitted);
        let asked = ["key", "by"].map(|what| format!("{alias}_{what}"));
        let asked: Vec<String> = asked
            .into_iter()
            .chain(admitted.map(Source::named))
            .collect();
        let source = self.source.narrow(self.nodes, &asked);
        let by = format!("r.{alias}_by");
        let limit = MOST + 1;
        let mut rows = Selecting::default();
        rows.column(&by, Kind::Text, Holds::Key);
        rows.column("count(*)", Kind::Whole, Holds::Rows);
        let mut keys = Selecting::default();
        keys.column(&there, Kind::Text, Holds::Key);
        let table = self.nodes.dialect.quoted(&lookup.table);
        Some(OfUnfound {
            column,
            kind,
            rows: rows.query(&format!(
                "FROM {source} WHERE {unfound} GROUP BY {by} LIMIT {limit}"
            )),
            keys: keys.query(&format!("FROM {table} AS {alias} LIMIT {limit}")),
        })
    }

    /// A condition: a row names nothing for a lookup to find.
    pub(super) fn is_nothing(&self, id: LookupId, lookup: &Lookup) -> String {
        let by = format!("r.{}_by", Nodes::alias(Some(id)));
        match self.nodes.column(None, &lookup.by) {
            Ok((_, Stored::Text)) => {
                let trimmed = self.dialect().trimmed(&by);
                format!("({by} IS NULL OR {trimmed} = '')")
            }
            _ => format!("({by} IS NULL)"),
        }
    }

    /// A condition: a row belongs to a collection, which reads through a lookup; none where it does not, or is told of it otherwise.
    fn belongs_by(&self, id: LookupId, collection: &CollectionScan) -> Option<String> {
        let scan = self.nodes.scan;
        let at = collection.at.as_ref().and_then(|at| at.lookup);
        let is_on_the_way = [collection.subject.lookup, at].contains(&Some(id));
        let selections = collection.selections.iter();
        let nodes = selections.flat_map(|selection| {
            let measured = self.measures(selection);
            let fields = measured.filter_map(|(_, aggregate)| aggregate.measure.field());
            fields.chain(selection.filter)
        });
        let is_through = |op: &&Op| match op {
            Op::Input(input) => scan
                .inputs
                .get(*input)
                .is_some_and(|input| input.lookup == Some(id)),
            _ => false,
        };
        let decides = scan.program.behind(collection.admitted);
        let decides = decides.iter().any(is_through);
        let is_read = decides || scan.program.behind(nodes).iter().any(is_through);
        if !is_read || is_on_the_way || !collection.is_told {
            return None;
        }
        // Where the lookup decides whether a row belongs, a row counts unless it certainly does not.
        Some(match (Source::belongs(collection), decides) {
            (None, _) => "TRUE".to_owned(),
            (Some(belongs), true) => format!("{belongs} IS NOT FALSE"),
            (Some(belongs), false) => belongs,
        })
    }
}

/// How many of the rows would have a match in another form; 0 if there are too many keys to compare. `ask` gives each row of a
/// query's answer.
pub(super) fn near(
    of: &OfUnfound,
    ask: &mut dyn FnMut(&Query, &mut Each<'_>) -> Result<(), ReadError>,
) -> Result<u64, ReadError> {
    let mut forms: HashMap<String, (u64, usize)> = HashMap::new();
    let (mut rows, mut keys) = (0, 0);
    ask(&of.rows, &mut |row| {
        rows += 1;
        if let (Some(key), Cell::Integer(count)) = (row.cell(0).text(), row.cell(1)) {
            let (named, _) = forms.entry(loose_key(&key).into_owned()).or_default();
            *named += u64::try_from(count).unwrap_or(0);
        }
    })?;
    if rows > MOST {
        return Ok(0);
    }
    ask(&of.keys, &mut |row| {
        keys += 1;
        let key = row.cell(0).text();
        if let Some((_, found)) = key.and_then(|key| forms.get_mut(&*loose_key(&key))) {
            *found += 1;
        }
    })?;
    if keys > MOST {
        return Ok(0);
    }
    // If several keys match loosely, nothing tells which one is meant.
    let near = forms.values().filter(|(_, found)| *found == 1);
    Ok(near.map(|(named, _)| named).sum())
}
