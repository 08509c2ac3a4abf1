//! Amounts with several currencies in the cells of their own column, counted as a run would count them.

use super::mixed::Mixed;
use super::names;
use crate::catalog::{Collection, CollectionId, ColumnRef};
use crate::connector::Snapshot;
use crate::engine::{EngineError, Problem, ProblemKind};
use crate::ir::{self, Request};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::lint::columns::{DataColumn, columns};
use crate::lint::{Compiled, Look};
use crate::source::Location;
use crate::time::Window;
use crate::value::{ColumnType, Type};

/// For larger tables only a run reports this: a check has to be quick.
const MOST_ROWS: u32 = 1_000_000;

/// A column whose cells name several currencies, and where config says how it is read.
pub(super) struct Held {
    problem: Problem,
    pub(super) place: Option<Location>,
}

impl Held {
    /// Whether it is the given column of a table.
    pub(super) fn is(&self, table: &str, column: &str) -> bool {
        let Problem {
            table: own,
            column: name,
            ..
        } = &self.problem;
        own.eq_ignore_ascii_case(table) && name == column
    }

    /// The same in the form in which other columns are reported.
    pub(super) fn mixed(&self, lookup: Option<String>) -> Mixed {
        Mixed {
            table: self.problem.table.clone(),
            column: ColumnRef {
                lookup,
                column: self.problem.column.clone(),
            },
            counts: self.problem.currencies.clone(),
            is_amount: true,
        }
    }
}

/// Every such column that is read regardless of the currencies in it.
pub(super) fn held(
    compiled: &Compiled<'_>,
    snapshot: &dyn Snapshot,
    look: &Look<'_>,
) -> Result<Vec<Held>, EngineError> {
    let is_small = |table: &str| snapshot.row_count(table, MOST_ROWS + 1) <= u64::from(MOST_ROWS);
    let mut columns = columns(compiled);
    columns.retain(|column| {
        column.is_read && matches!(column.ty, ColumnType::MoneyAs(_)) && is_small(column.table)
    });
    let asked = columns
        .iter()
        .filter_map(|column| reading(compiled, column));
    let asked = asked.filter(|(table, _)| is_small(table));
    let mut request = Request::outputs().of_everyone();
    let mut is_any = false;
    for read in asked.flat_map(|(_, read)| read) {
        request.ask(&read);
        is_any = true;
    }
    if !is_any {
        return Ok(Vec::new());
    }
    let ir = ir::lower(compiled.rules, compiled.checked, compiled.catalog, &request);
    let gathered = match snapshot.gather(None, &ir, look.clock, look.watch) {
        Ok(gathered) => gathered,
        // The lints that need the subjects report that.
        Err(EngineError::Subjects(_) | EngineError::DoubledKeys { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let problems = gathered.problems.into_iter();
    let several = problems.filter(|problem| problem.kind == ProblemKind::SeveralCurrencies);
    let held = several.map(|problem| Held {
        place: columns
            .iter()
            .find(|of| of.table.eq_ignore_ascii_case(&problem.table) && of.name == problem.column)
            .map(|of| of.told.unwrap_or(of.place)),
        problem,
    });
    Ok(held.collect())
}

/// Expressions that read a column as a run does, and the table whose rows they cover.
fn reading<'c>(compiled: &Compiled<'c>, column: &DataColumn<'_>) -> Option<(&'c str, Vec<Typed>)> {
    let catalog = compiled.catalog;
    let named = |lookup: Option<&str>| ColumnRef {
        lookup: lookup.map(str::to_owned),
        column: column.name.to_owned(),
    };
    let added_up = |(id, of): (CollectionId, &'c Collection), column: ColumnRef| {
        let evaluated = evaluated(compiled, id, &column);
        if !evaluated.is_empty() {
            return (of.entity.table.as_str(), evaluated);
        }
        let rows = Aggregate {
            collection: id,
            window: Window::Past,
            filter: None,
            measure: Measure::Sum(Typed::made(Kind::Row(column), Type::Money)),
        };
        let sum = Typed::made(Kind::Aggregate(Box::new(rows)), Type::Money);
        (of.entity.table.as_str(), vec![sum])
    };
    let of_subject = |column: ColumnRef| {
        let value = Typed::made(Kind::Subject(column), Type::Money);
        (catalog.subject.table.as_str(), vec![value])
    };
    let mut collections = catalog.collections.iter_enumerated();
    match (column.of, column.is_lookup) {
        (None, _) => Some(of_subject(named(None))),
        (Some(name), false) => {
            let own = collections.find(|(_, of)| of.name == name)?;
            Some(added_up(own, named(None)))
        }
        (Some(name), true) => {
            let leads_there = |(_, of): &(CollectionId, &Collection)| {
                let lookup = of.entity.lookups.get(name);
                lookup.is_some_and(|lookup| lookup.table.eq_ignore_ascii_case(column.table))
            };
            let through = named(Some(name));
            Some(match collections.find(leads_there) {
                Some(own) => added_up(own, through),
                None => of_subject(through),
            })
        }
    }
}

/// The aggregates over a collection through which a run reads a column: their conditions may admit only one currency.
fn evaluated(compiled: &Compiled<'_>, id: CollectionId, column: &ColumnRef) -> Vec<Typed> {
    let mut found = Vec::new();
    for typed in compiled.evaluated() {
        typed.each(&mut |typed| {
            if let Kind::Aggregate(aggregate) = &typed.kind {
                let mut parts = aggregate.filter.iter().chain(aggregate.measure.field());
                if aggregate.collection == id && parts.any(|part| names(part, column)) {
                    found.push(typed.clone());
                }
            }
        });
    }
    found
}
