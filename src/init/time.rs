//! Finds the column that holds the time of a row.

pub(super) mod held;
pub(super) mod order;
pub(super) mod proven;
mod said;

use self::held::{Held, MOST, are_counts, held, is_likely, unlikely};
use self::said::{Said, said};
use super::Wishes;
use super::key::ends_as_key;
use super::private::is_private;
use super::tables::{Seen, share};
use crate::catalog::{TableColumn, column_type};
use crate::value::ColumnType;

/// The time column of a table, and the alternatives.
#[derive(Debug, Default)]
pub(super) struct Times {
    pub(super) at: Option<String>,
    /// Whether its name suggests the time of the event, rather than that of a change, or nothing.
    pub(super) is_sure: bool,
    /// Whether its name suggests when the event happened, rather than when the row was written.
    pub(super) is_of_happening: bool,
    /// Other columns that hold times.
    pub(super) also: Vec<String>,
    /// Why a column that is named like a time does not hold one.
    pub(super) unread: Option<String>,
}

impl Times {
    /// Selects another of the columns, on request.
    pub(super) fn with(mut self, at: &str) -> Self {
        self.also.retain(|also| also != at);
        let before = self.at.replace(at.to_owned());
        self.also.extend(before.filter(|before| before != at));
        self.unread = None;
        self.is_sure = true;
        self.is_of_happening = true;
        self
    }
}

/// Chooses by names, declared types and values; `now` is in microseconds.
pub(super) fn times(seen: &Seen<'_>, wishes: &Wishes, now: i64) -> Times {
    let mut found: Vec<(i32, &TableColumn)> = Vec::new();
    let mut times = Times::default();
    // Why columns that are named like times do not hold any, with the likelihood that each was meant.
    let mut unread: Vec<((bool, bool, Said), String)> = Vec::new();
    for column in &seen.table.columns {
        let said = said(&column.name, seen.name);
        let rank = 20 * said as i32 + i32::from(is_declared(column));
        let (all, filled) = (seen.cells(&column.name), seen.telling(&column.name));
        let reason = match held(seen, column, wishes, now) {
            Held::Times(..)
                if are_counts(&filled) && said == Said::Nothing && !is_declared(column) =>
            {
                continue;
            }
            Held::Times(_, read) if share(&read, |time| is_likely(*time, now)) >= MOST => {
                let is_future = share(&read, |time| time.is_some_and(|time| time > now)) > 0.5;
                let is_rare = filled.len() * 2 < all.len();
                found.push((
                    rank - 35 * i32::from(is_future) - 35 * i32::from(is_rare),
                    column,
                ));
                continue;
            }
            Held::Times(_, read) => {
                let at_fault = filled.iter().zip(&read);
                let at_fault = at_fault.filter(|(_, time)| !is_likely(**time, now));
                unlikely(at_fault.map(|(cell, _)| *cell), is_private(&column.name))
            }
            Held::Nothing => {
                let is_called = said >= Said::Some && !ends_as_key(&column.name);
                if seen.profile.rows == 0 && (is_called || is_declared(column)) {
                    found.push((rank, column));
                }
                continue;
            }
            Held::Either(undecided) => format!(
                "looks like {}; once `types:` says which, it can be named in `at:`",
                undecided.words
            ),
            Held::Other(reason) => reason,
        };
        let is_called = said > Said::Nothing && !ends_as_key(&column.name);
        if is_called {
            // Where another column holds dates, `pedido` in a table of `pedidos` is a number, and so is `Bestellnr`.
            let is_called_so = said::ends_as_time(&column.name);
            let likely = (is_called_so, !are_counts(&filled), said);
            unread.push((likely, format!("`{}.{}` {reason}", seen.name, column.name)));
        }
    }
    // Of equals, take the first.
    let unread = unread.into_iter().rev();
    times.unread = unread
        .max_by_key(|(likely, _)| *likely)
        .map(|(_, words)| words);
    let said_of = |column: &TableColumn| said(&column.name, seen.name);
    let fits = found
        .iter()
        .filter(|(_, column)| said_of(column) > Said::Never);
    // Of equals, take the first.
    let best = fits.rev().max_by_key(|(rank, _)| *rank);
    if let Some((_, column)) = best {
        times.at = Some(column.name.clone());
        times.is_sure = said_of(column) > Said::Nothing;
        times.is_of_happening = said_of(column) >= Said::Plain;
    }
    let others = found.iter().map(|(_, column)| &column.name);
    times.also = others
        .filter(|name| Some(*name) != times.at.as_ref())
        .cloned()
        .collect();
    times
}

/// Whether a column is named like any kind of time, or declared as one.
pub(super) fn is_called_time(column: &TableColumn, table: &str) -> bool {
    is_declared(column)
        || match said(&column.name, table) {
            Said::Never => said::ends_as_time(&column.name),
            Said::Nothing => false,
            _ => true,
        }
}

fn is_declared(column: &TableColumn) -> bool {
    matches!(
        column_type(&column.declared),
        Some(ColumnType::Instant | ColumnType::Date)
    )
}
