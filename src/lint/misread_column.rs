//! Columns whose values are mostly not what they are read as: a run would only tell that nothing can be built on them.

use std::collections::HashSet;

use super::columns::{Counted, DataColumn, columns};
use super::{Compiled, Look};
use crate::connector::Snapshot;
use crate::diagnostic::{Code, Finding};
use crate::engine::{Admission, Doubted, EngineError, OwnedCell, misread};
use crate::time::{Clock, TimeForms};

/// So many rows are tried.
const ROWS: u32 = 1_000;
/// The same of columns in which day and month may change places in a later export: mostly that stands at the end.
const ROWS_OF_DAYS: u32 = 1_000_000;
/// However much config tolerates, what has hardly a value is told.
const MOST_TOLERATED: f64 = 0.99;

/// A warning for each column that is declared in a `types:` or read, by those of the first rows that count:
/// what `where:` leaves out may hold anything. Where it takes a lookup to tell, nothing is said.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    if look.beside_a_run {
        return Ok(Vec::new());
    }
    let mut columns = columns(compiled);
    let mut tried = HashSet::new();
    columns.retain(|column| {
        let of = match column.counted {
            Counted::All => None,
            Counted::Admitted(_) => Some(column.of),
            Counted::Unknown => return false,
        };
        tried.insert((column.table, column.name, column.ty, of))
    });
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let tolerated = compiled.config.unreadable.min(MOST_TOLERATED);
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for column in columns {
        let (table, name) = (column.table, column.name);
        let cells = cells(&*snapshot, &column, look.clock)?;
        let ty = (column.ty, column.is_time);
        let is_private = compiled.catalog.is_private(table, name);
        let doubted = misread(&cells, (table, name), ty, tolerated, look.clock, is_private);
        if let Some(doubted) = doubted {
            findings.push(finding(&doubted, &column).at(column.told.unwrap_or(column.place)));
        }
    }
    Ok(findings)
}

/// The cells of a column in those of the first rows that count.
fn cells(
    snapshot: &dyn Snapshot,
    column: &DataColumn<'_>,
    clock: &Clock,
) -> Result<Vec<OwnedCell>, EngineError> {
    let (table, mut columns) = (column.table, vec![column.name]);
    let admission = match column.counted {
        Counted::Admitted(admission) => Some(admission),
        Counted::All | Counted::Unknown => None,
    };
    columns.extend(admission.iter().flat_map(Admission::columns));
    let most = match column.ty.forms().is_some_and(TimeForms::has_order) {
        true => ROWS_OF_DAYS,
        false => ROWS,
    };
    let rows = snapshot.first_rows(table, &columns, most)?;
    let asked: Vec<&[OwnedCell]> = rows.iter().map(|row| row.get(1..).unwrap_or(&[])).collect();
    let counts = admission.map(|admission| admission.admits(&asked, clock));
    let counts = |row: usize| {
        counts
            .as_ref()
            .is_none_or(|all| all.get(row) == Some(&true))
    };
    let counted = rows.iter().enumerate().filter(|(row, _)| counts(*row));
    Ok(counted
        .filter_map(|(_, row)| row.first().cloned())
        .collect())
}

fn finding(doubted: &Doubted, column: &DataColumn<'_>) -> Finding {
    let Doubted {
        what,
        remedy,
        names_types,
    } = doubted;
    let lookup = column.of.filter(|_| column.is_lookup && *names_types);
    let help = match lookup {
        Some(lookup) => format!("{remedy}; `types:` belongs to the lookup `{lookup}`"),
        None => remedy.clone(),
    };
    Finding::new(Code::MisreadColumn, what).help(help)
}
