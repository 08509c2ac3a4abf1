//! Amounts whose unit changes partway: some rows are in euros, with decimals, and from one row on they are in whole cents.

use std::collections::BTreeSet;

use super::columns::{DataColumn, columns};
use super::compared::MAX_ROWS;
use super::{Compiled, Look};
use crate::config::{Locale, marks};
use crate::diagnostic::{Code, Finding};
use crate::engine::{EngineError, OwnedCell};
use crate::init::is_called_amount;
use crate::value::Type;

/// This many rows in sequence are no accident if half of the others have decimals.
const FEW: usize = 20;
/// How many times larger amounts in cents are, roughly: what is sold changes, too.
const CENTS: std::ops::RangeInclusive<f64> = 40.0..=250.0;

/// Warns of each column of amounts that is read and in which one part has decimals, while the rows before or after it have none and are about a
/// hundred times as large.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    if look.beside_a_run {
        return Ok(Vec::new());
    }
    let mut columns = columns(compiled);
    let mut told = BTreeSet::new();
    columns.retain(|column| {
        let is_amount = match column.ty.value_type() {
            Type::Money => true,
            Type::Number => is_called_amount(column.name),
            _ => false,
        };
        column.is_read && is_amount && told.insert((column.table, column.name))
    });
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for column in columns {
        let cells = snapshot.values(column.table, column.name, MAX_ROWS);
        let rows: Vec<(usize, f64)> = (1..)
            .zip(cells.unwrap_or_default())
            .filter_map(|(row, cell)| Some((row, number(&cell)?)))
            .collect();
        if let Some(change) = change(&rows) {
            let is_private = compiled.catalog.is_private(column.table, column.name);
            findings.push(finding(&column, &change, is_private));
        }
    }
    Ok(findings)
}

/// The amount of a cell, if it is a number or written like one.
fn number(cell: &OwnedCell) -> Option<f64> {
    let number = match cell {
        OwnedCell::Null | OwnedCell::Blob(_) => return None,
        #[allow(clippy::cast_precision_loss)]
        OwnedCell::Integer(whole) => *whole as f64,
        OwnedCell::Real(real) => *real,
        OwnedCell::Text(_) => cell.as_str()?.trim().parse().ok()?,
    };
    (number.is_finite() && number != 0.0).then_some(number.abs())
}

/// Rows in another unit than the others.
struct Change {
    /// How many rows are in cents, and how many rows there are.
    cents: (usize, usize),
    /// Whether they are the first rows, rather than the last.
    is_first: bool,
    /// The row, from 1, at which they end or begin, and its amount.
    at: (usize, f64),
    /// Their median, and that of the others.
    medians: (f64, f64),
}

/// The rows before the first amount with decimals, or after the last one, if these are in cents.
fn change(rows: &[(usize, f64)]) -> Option<Change> {
    let has_decimals = |(_, amount): &(usize, f64)| amount.fract() != 0.0;
    let first = rows.iter().position(has_decimals)?;
    let end = rows.iter().rposition(has_decimals)? + 1;
    let (before, others) = rows.split_at(first);
    let of = |cents: &[(usize, f64)], others: &[(usize, f64)], is_first| {
        let decimals = others.iter().filter(|row| has_decimals(row)).count();
        let are_many = cents.len() >= FEW && others.len() >= FEW && decimals * 2 >= others.len();
        let (median, usual) = (median(cents)?, median(others)?);
        let at = if is_first {
            cents.last()?
        } else {
            cents.first()?
        };
        (are_many && CENTS.contains(&(median / usual))).then_some(Change {
            cents: (cents.len(), rows.len()),
            is_first,
            at: *at,
            medians: (median, usual),
        })
    };
    let (head, behind) = rows.split_at(end);
    of(behind, head, false).or_else(|| of(before, others, true))
}

fn median(rows: &[(usize, f64)]) -> Option<f64> {
    let mut amounts: Vec<f64> = rows.iter().map(|(_, amount)| *amount).collect();
    amounts.sort_by(f64::total_cmp);
    amounts.get(amounts.len() / 2).copied()
}

fn finding(column: &DataColumn<'_>, change: &Change, is_private: bool) -> Finding {
    let marks = marks(Locale::EnUs);
    let (cents, all) = change.cents;
    let (median, usual) = change.medians;
    let (which, way) = match change.is_first {
        true => ("first", "up to"),
        false => ("last", "from"),
    };
    let (row, amount) = change.at;
    let example = match is_private {
        true => String::new(),
        false => format!(
            " (half of them are above {}, half of the others above {}; row {} has `{amount}`)",
            marks.number(median, 2),
            marks.number(usual, 2),
            marks.whole(row as u64)
        ),
    };
    let message = format!(
        "`{}.{}` seems to change its unit: the {which} {} of {} amounts, {way} row {}, have no decimals and are about {} times as \
         large as the others{example}",
        column.table,
        column.name,
        marks.whole(cents as u64),
        marks.whole(all as u64),
        marks.whole(row as u64),
        marks.number((median / usual).round(), 0),
    );
    let help = "where they are cents, divide them by 100 in a view or in the file; until then sums mix both";
    Finding::new(Code::MisreadColumn, message)
        .at(column.told.unwrap_or(column.place))
        .help(help)
}
