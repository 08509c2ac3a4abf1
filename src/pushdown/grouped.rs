//! Everything that one pass over the rows can find out: one row per key.

use super::Unsupported;
use super::asking::{Asking, troubles};
use super::form::{Form, Term};
use super::nodes::Nodes;
use super::query::{Holds, Kind, Query, Selecting, kind, shown};
use super::source::{Source, alternatives, is_own_time};
use crate::engine::ProblemKind;
use crate::ir::{CollectionScan, IrMeasure, Op, Selection};
use crate::time::Plausible;

impl Asking<'_, '_> {
    /// One row per key, with everything that one pass over the rows can find out.
    pub(super) fn grouped(&self, plausible: Plausible) -> Result<Query, Unsupported> {
        let mut select = Selecting::default();
        select.column("r.k", self.key(), Holds::Key);
        select.column("count(*)", Kind::Whole, Holds::Rows);
        self.strays(&mut select);
        self.unfound(&mut select);
        for (place, unsupported) in self.source.doubtful.iter().enumerate() {
            select.unless(&format!("r.u{place}"), unsupported.clone());
        }
        for (place, collection) in &self.source.collections {
            self.times((*place, collection), plausible, &mut select);
            for selection in &collection.selections {
                self.measured((*place, collection), selection, &mut select)?;
            }
        }
        let source = self.source.sql(self.nodes);
        Ok(select.query(&format!("FROM {source} GROUP BY r.k")))
    }

    /// Counts the rows that belong to a collection, by key. Rows with a key that no subject has are strays.
    fn strays(&self, select: &mut Selecting) {
        let scan = self.nodes.scan;
        let collections = self.source.collections.iter();
        let belongs: Option<Vec<String>> = collections.map(|(_, c)| Source::belongs(c)).collect();
        let belongs = belongs.map_or_else(|| "TRUE".to_owned(), |all| alternatives(&all));
        let owner = self.source.owner;
        let lookup = owner
            .lookup
            .and_then(|id| Some((id, scan.lookups.get(id)?)));
        let Some((id, lookup)) = lookup else {
            let strays = Holds::Strays(scan.table.clone(), owner.column.clone());
            return select.count(&belongs, strays);
        };
        let alias = Nodes::alias(Some(id));
        let there = format!("r.{alias}_key");
        // A row that is led to is one, however many rows lead to it.
        let led_to = format!("count(DISTINCT CASE WHEN {belongs} THEN {there} END)");
        let strays = Holds::Strays(lookup.table.clone(), owner.column.clone());
        select.column(&led_to, Kind::Whole, strays);
        let is_nothing = self.is_nothing(id, lookup);
        let (table, by) = (scan.table.clone(), lookup.by.clone());
        let trouble = Holds::Unfound(ProblemKind::NullKey, table, by, lookup.table.clone());
        select.count(
            &format!("{there} IS NULL AND {belongs} AND {is_nothing}"),
            trouble,
        );
        let named = format!("{belongs} AND NOT {is_nothing}");
        let kind = ProblemKind::BrokenLink;
        self.count_unfound((id, lookup), kind, (&belongs, &named), select);
    }

    /// Counts the rows of a collection that have no time, or an implausible one.
    fn times(
        &self,
        (place, collection): (usize, &CollectionScan),
        plausible: Plausible,
        select: &mut Selecting,
    ) {
        let scan = self.nodes.scan;
        let (Some(at), Some(input)) = (self.source.time(place), &collection.at) else {
            return;
        };
        let belongs = Source::belongs(collection);
        if let Some((id, lookup)) = input
            .lookup
            .and_then(|id| Some((id, scan.lookups.get(id)?)))
        {
            if collection.subject.lookup != Some(id) {
                let belongs = belongs.unwrap_or_else(|| "TRUE".to_owned());
                let kind = ProblemKind::BrokenLink;
                self.count_unfound((id, lookup), kind, (&belongs, &belongs), select);
            }
            return;
        }
        // If the time itself decides whether a row belongs, a row counts unless it certainly does not belong.
        let behind = scan.program.behind(collection.admitted);
        let decides = behind.iter().any(|op| match op {
            Op::Input(id) => scan.inputs.get(*id) == Some(input),
            _ => false,
        });
        let belongs = belongs.map(|belongs| match decides {
            true => format!("{belongs} IS NOT FALSE"),
            false => belongs,
        });
        for (kind, condition) in troubles(at, plausible, self.dialect()) {
            let all = [Some(condition), belongs.clone()].into_iter().flatten();
            let all: Vec<String> = all.collect();
            let (table, column) = (scan.table.clone(), input.column.clone());
            select.count(&all.join(" AND "), Holds::Trouble(kind, table, column));
        }
    }

    fn measured(
        &self,
        collection: (usize, &CollectionScan),
        selection: &Selection,
        select: &mut Selecting,
    ) -> Result<(), Unsupported> {
        let selected = self.source.selected(self.nodes, collection, selection);
        let dialect = self.dialect();
        for (id, aggregate) in self.measures(selection) {
            let taken = |x: &str| format!("CASE WHEN {selected} THEN {x} END");
            match aggregate.measure {
                IrMeasure::Count | IrMeasure::Exists => select.count(&selected, Holds::Count(id)),
                IrMeasure::Min(node) | IrMeasure::Max(node) => {
                    let Term { sql, form } = self.field(node)?;
                    let which = match aggregate.measure {
                        IrMeasure::Min(_) => "min",
                        _ => "max",
                    };
                    let sql = shown(&format!("{which}({})", taken(&sql)), form, dialect);
                    select.column(&sql, kind(form), Holds::Value(id, form));
                }
                IrMeasure::First(node) | IrMeasure::Last(node)
                    if is_own_time(self.nodes.scan, collection.1, node) =>
                {
                    // For a time that no clock showed, the instant is found when the answer is read. That keeps the
                    // order.
                    let Term { sql, form } = self.field(node)?;
                    let which = match aggregate.measure {
                        IrMeasure::First(_) => "min",
                        _ => "max",
                    };
                    let sql = shown(&format!("{which}({})", taken(&sql)), form, dialect);
                    select.column(&sql, kind(form), Holds::Value(id, form));
                }
                IrMeasure::Sum(node) | IrMeasure::Avg(node) => {
                    let Term { sql, form } = self.field(node)?;
                    let exact = match form {
                        Form::Money => dialect.wide(&sql),
                        _ if !dialect.sums_decimals() => continue,
                        _ => dialect.nine_decimals(&sql),
                    };
                    if let IrMeasure::Avg(_) = aggregate.measure {
                        let over = format!("count({})", taken(&sql));
                        select.column(&over, Kind::Whole, Holds::Over);
                    }
                    if form == Form::Number {
                        let much = format!("abs({sql}) > {}", dialect.number(1e20));
                        let refused = self.nodes.refused("numbers beyond 10^20 are added");
                        select.unless(&much, refused);
                        if let Some(unclear) = dialect.is_unclear(&sql) {
                            let why = format!(
                                "it adds numbers that {} may round differently",
                                dialect.name()
                            );
                            select.unless(&unclear, self.nodes.refused(why));
                        }
                    }
                    let sum = dialect.digits(&format!("sum({})", taken(&exact)));
                    select.column(&sum, Kind::Text, Holds::Total(id));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
