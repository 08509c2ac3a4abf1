//! Columns whose values mostly do not fit the type they are read as, and columns that cannot be read at all: a run would only report that nothing
//! can be built on them.

use std::collections::HashSet;

use super::columns::{Counted, DataColumn, columns};
use super::{Compiled, Look};
use crate::catalog::column_type;
use crate::connector::Snapshot;
use crate::diagnostic::{Code, Finding};
use crate::engine::{Admission, Doubted, EngineError, OwnedCell, misread};
use crate::time::{Clock, Guess, TimeForms};
use crate::value::{ColumnType, Share, Type};

/// How many rows are tried.
const ROWS: u32 = 1_000;
/// The same for columns in which day and month may be swapped in a later export, which is mostly at the end.
const ROWS_OF_DAYS: u32 = 200_000;
/// A column with hardly any value is reported, however much config tolerates.
const MOST_TOLERATED: Share = Share::percent(99);

/// Warns of each column that is declared in a `types:` or read, judging by the first rows that count: rows that `where:` leaves out may hold
/// anything. If only a lookup tells which rows count, nothing is reported.
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
    let is_imported = compiled.config.import.is_some();
    if columns.is_empty() && !is_imported {
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
        let doubted = doubted.map(|doubted| match is_imported {
            true => doubted.of_files(),
            false => doubted,
        });
        if let Some(doubted) = doubted {
            findings.push(finding(&doubted, &column).at(column.told.unwrap_or(column.place)));
        }
    }
    if is_imported {
        let is_told = |table: &str, name: &str| {
            let mut all = tried.iter();
            all.any(|(of, column, ty, _)| {
                of.eq_ignore_ascii_case(table) && *column == name && ty.value_type() != Type::Text
            })
        };
        findings.extend(of_two_orders(compiled, &*snapshot, is_told)?);
    }
    Ok(findings)
}

/// Columns of imported files that hold both dates with the day first and dates with the month first. `init` gave them no type, so anything to be
/// built on them is missing.
fn of_two_orders(
    compiled: &Compiled<'_>,
    snapshot: &dyn Snapshot,
    is_told: impl Fn(&str, &str) -> bool,
) -> Result<Vec<Finding>, EngineError> {
    let mut findings = Vec::new();
    for (table, of) in &snapshot.schema()?.tables {
        let texts = of
            .columns
            .iter()
            .map(|column| (column.name.as_str(), column_type(&column.declared)));
        let texts =
            texts.filter(|(name, ty)| *ty == Some(ColumnType::Text) && !is_told(table, name));
        let names: Vec<&str> = texts.map(|(name, _)| name).collect();
        if names.is_empty() || table.starts_with("_muster") {
            continue;
        }
        let step = snapshot
            .row_count(table, ROWS_OF_DAYS)
            .div_ceil(ROWS.into())
            .max(1);
        let Some(rows) = snapshot.sample(table, &names, ROWS_OF_DAYS, step) else {
            continue;
        };
        for (at, name) in names.iter().enumerate() {
            let cells = rows.iter().filter_map(|row| row.get(at)?.as_str());
            let cells: Vec<&str> = cells.filter(|text| !text.trim().is_empty()).collect();
            let guess = Guess::of_written(&cells).filter(Guess::has_two_orders);
            let finding = |guess: Guess| {
                let message = format!(
                    "`{table}.{name}` looks like {}, and is read as text",
                    guess.words
                );
                let help = "no form reads both, as most days could be either; write all of them in one order where they come from";
                Finding::new(Code::MisreadColumn, message).help(help)
            };
            let place = compiled.config.import.as_ref().map(|import| import.place);
            findings.extend(guess.map(finding).map(|finding| Finding {
                location: place,
                ..finding
            }));
        }
    }
    Ok(findings)
}

/// The cells of a column in the first of the rows that count.
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
