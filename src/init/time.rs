//! Which column tells when a row happened.

mod forms;
mod said;

use self::forms::{otherwise, unlikely};
use self::said::{Said, said};
use super::tables::{Seen, share};
use crate::catalog::{TableColumn, column_type};
use crate::engine::OwnedCell;
use crate::init::data::Guessed;
use crate::time::{InstantReader, read_date};
use crate::value::ColumnType;

/// The time column of a table, and what else there is.
#[derive(Debug, Default)]
pub(super) struct Times {
    pub(super) at: Option<String>,
    /// Whether config has to say that it is an instant: it is declared a date and holds numbers.
    pub(super) is_instant: bool,
    /// Other columns that hold times.
    pub(super) also: Vec<String>,
    /// Why a column that is called a time is none.
    pub(super) unread: Option<String>,
}

impl Times {
    /// Another one of them, because somebody says so.
    pub(super) fn with(mut self, at: &str) -> Self {
        self.also.retain(|also| also != at);
        let before = self.at.replace(at.to_owned());
        self.also.extend(before.filter(|before| before != at));
        self.unread = None;
        self
    }
}

/// So many of a column's values must be times, and so many rows must have one.
const MOST: f64 = 0.8;
/// Hardly anything that is in a database happened before 1990.
const EARLIEST: i64 = 7_305 * DAY;
/// Two years: what is booked further ahead is booked rarely.
const AHEAD: i64 = 2 * 366 * DAY;
const DAY: i64 = 86_400_000_000;

/// Chooses by names, declared types and values; `now` in microseconds.
pub(super) fn times(seen: &Seen<'_>, now: i64) -> Times {
    let mut found: Vec<(i32, &TableColumn, bool)> = Vec::new();
    let mut times = Times::default();
    for column in &seen.table.columns {
        let said = said(&column.name, seen.name);
        match held(seen, column, now) {
            // Any long number could be one.
            Held::Times {
                is_number: true, ..
            } if said == Said::Nothing && !is_declared(column) => {}
            Held::Times {
                is_instant,
                future,
                filled,
                ..
            } => {
                let rank =
                    20 * said as i32 - 35 * i32::from(future > 0.5) - 35 * i32::from(filled < 0.5)
                        + i32::from(is_declared(column));
                found.push((rank, column, is_instant));
            }
            Held::Nothing
                if seen.profile.rows == 0 && (said >= Said::Some || is_declared(column)) =>
            {
                found.push((
                    20 * said as i32 + i32::from(is_declared(column)),
                    column,
                    false,
                ));
            }
            Held::Nothing => {}
            Held::Other(reason) if said > Said::Nothing && times.unread.is_none() => {
                times.unread = Some(format!("`{}.{}` {reason}", seen.name, column.name));
            }
            Held::Other(_) => {}
        }
    }
    let said_of = |column: &TableColumn| said(&column.name, seen.name);
    let fits = found
        .iter()
        .filter(|(_, column, _)| said_of(column) > Said::Never);
    // Of equals, the one that stands first.
    let best = fits.rev().max_by_key(|(rank, ..)| *rank);
    if let Some((_, column, is_instant)) = best {
        times.at = Some(column.name.clone());
        times.is_instant = *is_instant;
    }
    let others = found.iter().map(|(_, column, _)| &column.name);
    times.also = others
        .filter(|name| Some(*name) != times.at.as_ref())
        .cloned()
        .collect();
    times
}

/// What a column holds.
enum Held {
    Times {
        is_instant: bool,
        is_number: bool,
        future: f64,
        filled: f64,
    },
    Nothing,
    /// Something else, in words.
    Other(String),
}

#[allow(clippy::cast_precision_loss)]
fn held(seen: &Seen<'_>, column: &TableColumn, now: i64) -> Held {
    let (all, filled) = (seen.cells(&column.name), seen.filled(&column.name));
    if filled.is_empty() {
        return Held::Nothing;
    }
    let is_date = column_type(&column.declared) == Some(ColumnType::Date);
    let mut reader = InstantReader::new(chrono_tz::UTC);
    let mut is_unlikely = false;
    for is_date in [is_date, false] {
        let read: Vec<Option<i64>> = filled
            .iter()
            .map(|cell| read(cell, is_date, &mut reader))
            .collect();
        let likely =
            |time: &Option<i64>| time.is_some_and(|time| (EARLIEST..now + AHEAD).contains(&time));
        if share(&read, likely) >= MOST {
            return Held::Times {
                is_instant: column_type(&column.declared) == Some(ColumnType::Date) && !is_date,
                is_number: share(&filled, |cell| cell.text().is_none()) > 0.5,
                future: share(&read, |time| time.is_some_and(|time| time > now)),
                filled: filled.len() as f64 / all.len().max(1) as f64,
            };
        }
        // Numbers of other years are mostly no times; texts say themselves what they are.
        let texts = filled
            .iter()
            .zip(&read)
            .filter(|(cell, _)| cell.text().is_some());
        let told: Vec<&Option<i64>> = texts.map(|(_, time)| time).collect();
        is_unlikely |= told.len() == filled.len() && share(&told, |time| time.is_some()) >= MOST;
    }
    Held::Other(match is_unlikely {
        true => unlikely(&filled),
        false => otherwise(&column.name, &filled, now),
    })
}

/// A time as the engine will read it.
fn read(cell: &OwnedCell, is_date: bool, reader: &mut InstantReader) -> Option<i64> {
    match cell.as_str() {
        Some(text) if is_date => {
            read_date(text.trim_ascii_start().as_bytes()).map(|day| i64::from(day) * DAY)
        }
        Some(text) => reader.read(text.as_bytes()),
        None if is_date => None,
        None => InstantReader::read_number(cell.number()?),
    }
}

fn is_declared(column: &TableColumn) -> bool {
    matches!(
        column_type(&column.declared),
        Some(ColumnType::Instant | ColumnType::Date)
    )
}
