//! Reads stored values as values of the language, in SQL.

use chrono_tz::Tz;

use super::dialect::{Dialect, ReadText, Stored};
use super::form::{Form, Term, WRITABLE, whole};
use crate::time::{DAY, Plausible};
use crate::value::ColumnType;

/// Whole numbers up to this limit are exact in a double.
const EXACT: i64 = 1 << 53;
/// Amounts up to this many units are accepted as money: a little less than what fits.
const UNITS: i64 = 900_000_000_000_000;

/// A column as it is read, and the conditions under which that is not exact.
pub(super) struct Read {
    pub(super) term: Term,
    /// Conditions in SQL. None may hold for any row.
    pub(super) unless: Vec<String>,
}

/// The instant and zone for reading times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// The business zone.
    pub(super) zone: Tz,
    pub(super) plausible: Plausible,
}

/// Reads a quoted column with stored values of this kind as a column of a type; `None` if SQL cannot reproduce exactly
/// what the engine makes of it.
pub(super) fn read(
    column: &str,
    (stored, ty): (Stored, ColumnType),
    times: Times,
    dialect: &dyn Dialect,
) -> Option<Read> {
    let (form, sql, unless) = match ty {
        ColumnType::Number => number(column, stored, dialect)?,
        ColumnType::Money => money(column, stored, dialect)?,
        ColumnType::Cents if stored == Stored::Integer => {
            let (sql, much) = within(column, UNITS * 100, &multiplied(column, 100, dialect));
            (Form::Money, sql, vec![much])
        }
        ColumnType::Text if stored == Stored::Text => {
            (Form::Text, dialect.by_bytes(column), Vec::new())
        }
        ColumnType::Boolean => truth(column, stored)?,
        ColumnType::Date => date(column, stored, dialect)?,
        ColumnType::Instant => instant(column, stored, times.zone, dialect)?,
        ColumnType::InstantIn(zone) => instant(column, stored, zone, dialect)?,
        ColumnType::Unix => counted(column, stored, (1_000_000, times.plausible), dialect)?,
        ColumnType::UnixMs => counted(column, stored, (1_000, times.plausible), dialect)?,
        _ => return None,
    };
    let other = dialect.is_other(column, stored);
    Some(Read {
        term: Term { sql, form },
        unless: unless.into_iter().chain(other).collect(),
    })
}

type Parts = (Form, String, Vec<String>);

/// Guards an expression on a number: it is computed only if the number is within `most` of 0, as it could abort the
/// query otherwise. Also returns the condition that the number is beyond.
fn within(x: &str, most: i64, sql: &str) -> (String, String) {
    let beyond = beyond(x, most);
    (format!("(CASE WHEN NOT {beyond} THEN {sql} END)"), beyond)
}

/// A whole number times another one, widened first, as the product may not fit in the column's bytes.
fn multiplied(column: &str, by: i64, dialect: &dyn Dialect) -> String {
    format!("{} * {by}", dialect.whole(column))
}

/// A condition: a number is further away from 0 than `most`.
fn beyond(x: &str, most: i64) -> String {
    format!("({x} NOT BETWEEN {} AND {})", whole(-most), whole(most))
}

fn number(column: &str, stored: Stored, dialect: &dyn Dialect) -> Option<Parts> {
    let double = dialect.double(column);
    let (sql, unless) = match stored {
        Stored::Integer => (double, vec![beyond(column, EXACT)]),
        Stored::Decimal(_) => (dialect.double_of_decimal(column), Vec::new()),
        Stored::Real => {
            let finite = dialect.finite(column);
            let endless = format!("({column} IS NOT NULL AND {finite} IS NULL)");
            (finite, vec![endless])
        }
        _ => return None,
    };
    Some((Form::Number, sql, unless))
}

fn money(column: &str, stored: Stored, dialect: &dyn Dialect) -> Option<Parts> {
    let (sql, unless) = match stored {
        Stored::Integer => within(column, UNITS, &multiplied(column, 10_000, dialect)),
        Stored::Decimal(0..=4) => {
            let scaled = dialect.whole(&format!("({column} * 10000)"));
            within(column, UNITS, &scaled)
        }
        // An amount with at most four decimal places is a whole number divided by 10,000.
        Stored::Real => {
            let scaled = format!("round({column} * {})", dialect.number(10_000.0));
            let back = format!("{scaled} / {}", dialect.number(10_000.0));
            let (sql, much) = within(column, UNITS / 1_000, &dialect.whole(&scaled));
            (sql, format!("({much} OR {back} <> {column})"))
        }
        _ => return None,
    };
    Some((Form::Money, sql, vec![unless]))
}

fn truth(column: &str, stored: Stored) -> Option<Parts> {
    let (sql, unless) = match stored {
        Stored::Truth => (column.to_owned(), Vec::new()),
        Stored::Integer => (
            format!("CASE {column} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END"),
            vec![format!("{column} NOT IN (0, 1)")],
        ),
        _ => return None,
    };
    Some((Form::Truth, sql, unless))
}

/// A condition: a day cannot be written as a text of ten characters.
fn no_day(days: &str) -> String {
    let [first, last] = WRITABLE;
    format!("{days} NOT BETWEEN {} AND {last}", whole(first))
}

fn date(column: &str, stored: Stored, dialect: &dyn Dialect) -> Option<Parts> {
    let (days, unless) = match stored {
        Stored::Date => {
            let days = dialect.days(column);
            let unless = no_day(&days);
            (days, unless)
        }
        Stored::Local | Stored::Instant => {
            let days = dialect.floor_div(&dialect.micros(column, stored), DAY);
            let unless = no_day(&days);
            (days, unless)
        }
        Stored::Text => of_text(column, dialect.days_of_text(column)?),
        _ => return None,
    };
    Some((Form::Days, days, vec![unless]))
}

fn instant(column: &str, stored: Stored, zone: Tz, dialect: &dyn Dialect) -> Option<Parts> {
    let as_stored = |zone: Tz| {
        let form = Form::Time(stored, zone);
        let sql = column.to_owned();
        let time = Term { sql, form };
        let [first, last] = WRITABLE;
        let before = time.is("<", first * DAY, dialect);
        let behind = time.is(">", last * DAY + DAY - 1, dialect);
        (form, time.sql, vec![format!("({before} OR {behind})")])
    };
    let (zone, (micros, unless)) = match stored {
        Stored::Local => return Some(as_stored(zone)),
        Stored::Instant => return Some(as_stored(Tz::UTC)),
        Stored::Date => {
            let days = dialect.days(column);
            let unless = no_day(&days);
            (zone, (format!("({days} * {DAY})"), unless))
        }
        Stored::Text => (zone, of_text(column, dialect.micros_of_text(column)?)),
        _ => return None,
    };
    Some((Form::Micros(zone), micros, vec![unless]))
}

/// A value parsed from a text, and the condition that it is not exact.
fn of_text(column: &str, read: ReadText) -> (String, String) {
    let unless = format!("({column} IS NOT NULL AND ({}) IS NOT TRUE)", read.is_exact);
    (read.value, unless)
}

/// Times as counts of a unit, given in microseconds. A count that is hardly a time may stand for something else.
fn counted(
    column: &str,
    stored: Stored,
    (unit, plausible): (i64, Plausible),
    dialect: &dyn Dialect,
) -> Option<Parts> {
    if stored != Stored::Integer {
        return None;
    }
    let [from, to] = plausible.range().map(|at| at.div_euclid(unit));
    let unless = format!(
        "({column} NOT BETWEEN {} AND {})",
        whole(from + 1),
        whole(to)
    );
    let micros = multiplied(column, unit, dialect);
    let micros = format!("(CASE WHEN NOT {unless} THEN {micros} END)");
    Some((Form::Micros(Tz::UTC), micros, vec![unless]))
}
