//! The rows of a table that name their subjects by one column, with every expression on a row computed once.

use std::collections::BTreeMap;

use super::Unsupported;
use super::dialect::Stored;
use super::form::{Form, Term};
use super::nodes::{Nodes, between};
use super::settled::settled;
use crate::index::Id;
use crate::ir::{
    CollectionScan, Ir, IrMeasure, KeyColumn, LookupId, NodeId, Op, Selection, TableScan,
};

/// The table with what is known about subjects before a query.
pub(super) const GIVEN: &str = "muster_subjects";

/// A subquery with the alias `r`.
pub(super) struct Source<'q> {
    /// Each column in SQL, with its name.
    columns: Vec<(String, String)>,
    joins: String,
    pub(super) owner: &'q KeyColumn,
    /// How keys are stored.
    pub(super) keys: Stored,
    /// The collections that name subjects by this column, with their place in the scan.
    pub(super) collections: Vec<(usize, &'q CollectionScan)>,
    /// The forms of the nodes that are columns.
    terms: BTreeMap<NodeId, Form>,
    /// How the column that tells a collection's rows apart is stored, by the collection's place.
    pub(super) told_apart: BTreeMap<usize, Stored>,
    /// The times that place each collection's rows.
    times: BTreeMap<usize, Term>,
    /// The same, moved to hours that the clock showed, for collections whose first or last rows' fields are needed: in
    /// SQL, over the rows `t`.
    settled: BTreeMap<usize, String>,
    /// What is not exact if a condition holds. The condition is column `u` with the number of the place here.
    pub(super) doubtful: Vec<Unsupported>,
}

impl<'q> Source<'q> {
    /// For the collections of a scan that name subjects by a column, and for these nodes.
    pub(super) fn new(
        ir: &Ir,
        nodes: &mut Nodes<'q>,
        owner: &'q KeyColumn,
        asked: &[NodeId],
    ) -> Result<Self, Unsupported> {
        let scan: &'q TableScan = nodes.scan;
        let (key, keys) = key(nodes, owner.lookup, &owner.column)?;
        let named = scan.collections.iter().enumerate();
        let collections: Vec<_> = named.filter(|(_, c)| c.subject == *owner).collect();
        let mut new = Self {
            columns: vec![(key.clone(), "k".to_owned())],
            joins: String::new(),
            owner,
            keys,
            collections,
            terms: BTreeMap::new(),
            told_apart: BTreeMap::new(),
            times: BTreeMap::new(),
            settled: BTreeMap::new(),
            doubtful: Vec::new(),
        };
        for (place, collection) in new.collections.clone() {
            if let Some(at) = &collection.at {
                let Term { sql, form } = nodes.time(at)?;
                new.columns.push((sql, format!("at{place}")));
                let of = |alias: &str| Term {
                    sql: format!("{alias}.at{place}"),
                    form,
                };
                new.times.insert(place, of("r"));
                if has_ends(ir, scan, collection) {
                    let settled = settled(&of("t"), nodes.times.plausible, nodes.dialect);
                    new.settled.insert(place, settled);
                }
            }
            if let Some(key) = &collection.key {
                let (key, _) = self::key(nodes, None, key)?;
                new.columns.push((key, format!("tie{place}")));
            }
            if let Some(identity) = &collection.identity
                && let Ok((sql, stored)) = nodes.column(None, identity)
            {
                let sql = match stored {
                    Stored::Text => {
                        let key = nodes.dialect.by_bytes(&sql);
                        let trimmed = nodes.dialect.trimmed(&sql);
                        format!("CASE WHEN {trimmed} <> '' THEN {key} END")
                    }
                    _ => sql,
                };
                new.columns.push((sql, format!("id{place}")));
                new.told_apart.insert(place, stored);
            }
            if let Some(admitted) = collection.admitted {
                new.ask(nodes, admitted)?;
            }
        }
        for node in asked {
            new.ask(nodes, *node)?;
        }
        for lookup in scan.lookups.ids() {
            new.join(nodes, lookup)?;
        }
        if !nodes.of_subjects.is_empty() {
            new.joins += &format!(
                " LEFT JOIN {} AS s ON s.k = {key}",
                nodes.dialect.quoted(GIVEN)
            );
        }
        let own = nodes
            .unless
            .iter()
            .filter(|((lookup, _), _)| lookup.is_none());
        let own =
            own.map(|((_, column), unless)| (alternatives(unless), nodes.inexact(None, column)));
        let doubts: Vec<_> = own.chain(nodes.doubts.iter().cloned()).collect();
        for (place, (unless, unsupported)) in doubts.into_iter().enumerate() {
            new.columns.push((unless, format!("u{place}")));
            new.doubtful.push(unsupported);
        }
        if let Some(position) = nodes.dialect.position("t") {
            new.columns.push((position, "position".to_owned()));
        }
        Ok(new)
    }

    fn ask(&mut self, nodes: &mut Nodes<'_>, node: NodeId) -> Result<(), Unsupported> {
        if !self.terms.contains_key(&node) {
            let Term { sql, form } = nodes.term(node)?;
            self.columns.push((sql, Self::named(node)));
            self.terms.insert(node, form);
        }
        Ok(())
    }

    /// Joins the table of a lookup by its key, which is unique there.
    fn join(&mut self, nodes: &Nodes<'_>, id: LookupId) -> Result<(), Unsupported> {
        let Some(lookup) = nodes.scan.lookups.get(id) else {
            return Ok(());
        };
        let (there, stored_there) = key(nodes, Some(id), &lookup.key)?;
        let (here, stored_here) = key(nodes, None, &lookup.by)?;
        if stored_here != stored_there {
            return Err(nodes.refused(format!(
                "`{}` and the key of `{}` are of different types",
                lookup.by, lookup.table
            )));
        }
        let (table, alias) = (nodes.dialect.quoted(&lookup.table), Nodes::alias(Some(id)));
        self.joins += &format!(" LEFT JOIN {table} AS {alias} ON {there} = {here}");
        self.columns.push((there, format!("{alias}_key")));
        self.columns.push((here, format!("{alias}_by")));
        Ok(())
    }

    /// The name of a node's column.
    pub(super) fn named(node: NodeId) -> String {
        format!("x{}", node.index())
    }

    /// The value of a node for a row.
    pub(super) fn term(&self, node: NodeId) -> Option<Term> {
        let form = *self.terms.get(&node)?;
        let sql = format!("r.{}", Self::named(node));
        Some(Term { sql, form })
    }

    /// The time of a collection's rows, if they have one.
    pub(super) fn time(&self, collection: usize) -> Option<&Term> {
        self.times.get(&collection)
    }

    /// A condition: a row belongs to a collection.
    pub(super) fn belongs(collection: &CollectionScan) -> Option<String> {
        let admitted = collection.admitted?;
        Some(format!("r.{}", Self::named(admitted)))
    }

    /// A condition: a row belongs to a selection of a collection.
    pub(super) fn selected(
        &self,
        nodes: &Nodes<'_>,
        (place, collection): (usize, &CollectionScan),
        selection: &Selection,
    ) -> String {
        let belongs = Self::belongs(collection);
        let filter = selection.filter.and_then(|filter| self.term(filter));
        let window = self.time(place).map(|at| {
            let bounds = nodes.clock.bounds(&selection.window);
            between(at, [bounds.from, bounds.to], nodes.dialect, |bound| {
                first(at.form, bound)
            })
        });
        let all = belongs.into_iter().chain(filter.map(|filter| filter.sql));
        let all: Vec<String> = all.chain(window).collect();
        match all.is_empty() {
            true => "TRUE".to_owned(),
            false => all.join(" AND "),
        }
    }

    /// The order of rows that a subject has at the same time, with the last row or the first row in front.
    pub(super) fn order(
        &self,
        nodes: &Nodes<'_>,
        (place, collection): (usize, &CollectionScan),
        latest: bool,
    ) -> Result<String, Unsupported> {
        let way = if latest { "DESC" } else { "ASC" };
        let mut order = Vec::new();
        if collection.key.is_some() {
            let tie = format!("r.tie{place}");
            order.push(format!("CASE WHEN {tie} IS NULL THEN 0 ELSE 1 END {way}"));
            order.push(format!("{tie} {way}"));
        }
        match nodes.dialect.position("t") {
            Some(_) => order.push("r.position ASC".to_owned()),
            None if collection.key.is_none() => {
                return Err(nodes.refused(
                    "its rows have no order in the database, so that `first` and `last` need `key:` of config",
                ));
            }
            None => {}
        }
        Ok(order.join(", "))
    }

    /// The subquery, without what only first and last rows need, as not every server drops unused columns.
    pub(super) fn sql(&self, nodes: &Nodes<'_>) -> String {
        format!("({}) AS r", self.rows(nodes, |_| true))
    }

    /// The subquery with only some of its columns.
    pub(super) fn narrow(&self, nodes: &Nodes<'_>, names: &[String]) -> String {
        format!(
            "({}) AS r",
            self.rows(nodes, |name| names.iter().any(|known| known == name))
        )
    }

    /// The subquery with the times that sort rows.
    pub(super) fn in_order(&self, nodes: &Nodes<'_>) -> String {
        let settled = self.settled.iter();
        let settled = settled.map(|(place, sql)| format!("{sql} AS when{place}"));
        let settled: Vec<String> = settled.collect();
        format!(
            "(SELECT t.*, {} FROM ({}) AS t) AS r",
            settled.join(", "),
            self.rows(nodes, |_| true)
        )
    }

    fn rows(&self, nodes: &Nodes<'_>, is_asked: impl Fn(&str) -> bool) -> String {
        let columns = self.columns.iter().filter(|(_, name)| is_asked(name));
        let columns: Vec<String> = columns
            .map(|(sql, name)| format!("{sql} AS {name}"))
            .collect();
        let table = nodes.dialect.quoted(&nodes.scan.table);
        let columns = columns.join(", ");
        format!("SELECT {columns} FROM {table} AS t{}", self.joins)
    }
}

/// Whether fields of a collection's first or last rows are needed, other than their times.
fn has_ends(ir: &Ir, scan: &TableScan, collection: &CollectionScan) -> bool {
    let mut measures = collection.selections.iter().flat_map(|all| &all.measures);
    measures.any(
        |id| match ir.aggregates.get(*id).map(|aggregate| aggregate.measure) {
            Some(IrMeasure::First(node) | IrMeasure::Last(node)) => {
                !is_own_time(scan, collection, node)
            }
            _ => false,
        },
    )
}

/// Whether a node is the time that places a collection's rows.
pub(super) fn is_own_time(scan: &TableScan, collection: &CollectionScan, node: NodeId) -> bool {
    match scan.program.nodes.get(node).map(|node| &node.op) {
        Some(Op::Input(id)) => {
            collection.at.is_some() && scan.inputs.get(*id) == collection.at.as_ref()
        }
        _ => false,
    }
}

/// A key as it is compared, and how it is stored: as a whole number, or as text that is compared as keys are.
pub(super) fn key(
    nodes: &Nodes<'_>,
    lookup: Option<LookupId>,
    column: &str,
) -> Result<(String, Stored), Unsupported> {
    let (sql, stored) = nodes.column(lookup, column)?;
    match stored {
        Stored::Integer => Ok((sql, stored)),
        Stored::Text => Ok((nodes.dialect.by_bytes(&sql), stored)),
        _ => Err(nodes.refused(format!(
            "its column `{column}` holds keys that are neither whole numbers nor texts"
        ))),
    }
}

/// The first value of a form that is not before an instant.
pub(super) fn first(form: Form, at: i64) -> i64 {
    match form {
        Form::Micros(zone) | Form::Time(_, zone) => super::form::from(at, zone),
        _ => at,
    }
}

/// Joins conditions with OR.
pub(super) fn alternatives(conditions: &[String]) -> String {
    format!("({})", conditions.join(" OR "))
}
