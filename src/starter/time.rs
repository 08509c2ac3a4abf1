//! Which column tells when a row happened.

use super::tables::{Seen, share};
use super::words::{flat, words};
use crate::catalog::{TableColumn, column_type};
use crate::starter::data::Cell;
use crate::time::{InstantReader, read_date};
use crate::value::ColumnType;

/// The time column of a table, and what else there is.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// The column.
    pub(super) at: Option<String>,
    /// Whether config has to say that it is an instant: it is declared a date and holds numbers.
    pub(super) is_instant: bool,
    /// Other columns that hold times.
    pub(super) also: Vec<String>,
    /// Why a column that is called a time is none.
    pub(super) unread: Option<String>,
}

/// So many of a column's values must be times, and so many rows must have one.
const MOST: f64 = 0.8;
/// Hardly anything that is in a database happened before 1990.
const EARLIEST: i64 = 7_305 * DAY;
/// Two years: what is booked further ahead is booked rarely.
const AHEAD: i64 = 2 * 366 * DAY;
const DAY: i64 = 86_400_000_000;

/// What a name says of a column's time, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    /// Not when it happened: when it ends or is due, a birthday, a length of time.
    Never,
    /// What became of the row later.
    Later,
    /// Nothing.
    Nothing,
    /// That it is a time.
    Some,
    /// When the row was written.
    Written,
    /// A time and nothing else, or that of what the table is called.
    Plain,
    /// When it happened.
    Happened,
}

/// Words, and beginnings of words of at least five letters, that make a time one that is not meant.
const NEVER: [&str; 43] = [
    "expir",
    "until",
    "till",
    "due",
    "deadline",
    "end",
    "ends",
    "valid",
    "birth",
    "dob",
    "born",
    "geburt",
    "next",
    "renew",
    "remind",
    "delet",
    "remov",
    "archiv",
    "cancel",
    "duration",
    "length",
    "prep",
    "opening",
    "opens",
    "closes",
    "closing",
    "hours",
    "minutes",
    "seconds",
    "estimat",
    "expected",
    "promised",
    "required",
    "planned",
    "target",
    "death",
    "deceased",
    "died",
    "anniversary",
    "warranty",
    "cooking",
    "waiting",
    "zone",
];

const LATER: [&str; 28] = [
    "updat",
    "modif",
    "chang",
    "edited",
    "touched",
    "synced",
    "import",
    "export",
    "shipped",
    "shipping",
    "deliver",
    "closed",
    "complet",
    "finish",
    "ended",
    "process",
    "approv",
    "review",
    "refund",
    "return",
    "last",
    "settled",
    "cleared",
    "printed",
    "confirm",
    "geändert",
    "checkout",
    "left",
];

const HAPPENED: [&str; 26] = [
    "order",
    "placed",
    "paid",
    "purchas",
    "bought",
    "sold",
    "start",
    "starts",
    "begin",
    "began",
    "visit",
    "attend",
    "checkin",
    "checked",
    "occurr",
    "happen",
    "receiv",
    "donat",
    "given",
    "played",
    "performed",
    "transact",
    "booked",
    "joined",
    "bezahlt",
    "gekauft",
];

const WRITTEN: [&str; 12] = [
    "creat",
    "insert",
    "added",
    "register",
    "registr",
    "logged",
    "recorded",
    "entered",
    "submitted",
    "signed",
    "erstellt",
    "angelegt",
];

const PLAIN: [&str; 13] = [
    "at",
    "on",
    "date",
    "time",
    "datetime",
    "timestamp",
    "when",
    "day",
    "ts",
    "datum",
    "fecha",
    "zeit",
    "data",
];

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
                if seen.about.rows == 0 && (said >= Said::Some || is_declared(column)) =>
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
    }
    Held::Other(otherwise(&filled))
}

/// A time as the engine will read it.
fn read(cell: &Cell, is_date: bool, reader: &mut InstantReader) -> Option<i64> {
    match cell {
        Cell::Text(text) if is_date => {
            read_date(text.trim_ascii_start().as_bytes()).map(|day| i64::from(day) * DAY)
        }
        Cell::Text(text) => reader.read(text.as_bytes()),
        Cell::Integer(_) | Cell::Real(_) if !is_date => InstantReader::read_number(cell.number()?),
        _ => None,
    }
}

/// What values that are no times look like.
fn otherwise(filled: &[&Cell]) -> String {
    let shown = |cell: &Cell| match cell {
        Cell::Text(text) => text.chars().filter(|c| !c.is_control()).take(30).collect(),
        other => other
            .number()
            .map(|number| number.to_string())
            .unwrap_or_default(),
    };
    let Some(example) = filled.iter().find(|cell| !shown(cell).is_empty()) else {
        return "holds bytes".to_owned();
    };
    let numbers: Vec<Vec<u32>> = filled
        .iter()
        .filter_map(|cell| parts(cell.text()?))
        .collect();
    let form = match numbers.len() * 5 >= filled.len() * 4 {
        true => numbers.iter().fold((false, false), |(day, month), parts| {
            let over = |place: usize| parts.get(place).is_some_and(|number| *number > 12);
            (day || over(0), month || over(1))
        }),
        false => (false, false),
    };
    let is = match (numbers.len() * 5 >= filled.len() * 4, form) {
        (true, (true, false)) => "looks like day/month/year",
        (true, (false, true)) => "looks like month/day/year",
        (true, _) => "looks like days and months, in which order nothing tells",
        (false, _) if example.text().is_none() => {
            "holds numbers that are neither seconds nor milliseconds"
        }
        (false, _) => "holds texts that are no times",
    };
    format!("{is}, such as `{}`", shown(example))
}

/// The three numbers of `17/10/1967`, with other separators as well.
fn parts(text: &str) -> Option<Vec<u32>> {
    let date = text.split([' ', 'T', ',']).next()?;
    let parts: Vec<u32> = date
        .split(['/', '.', '-'])
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let is_date = |parts: &[u32]| matches!(parts, [a, b, c] if (1..=31).contains(a) && (1..=31).contains(b) && *c < 2_200);
    is_date(&parts).then_some(parts)
}

fn is_declared(column: &TableColumn) -> bool {
    matches!(
        column_type(&column.declared),
        Some(ColumnType::Instant | ColumnType::Date)
    )
}

/// What a column's name says of its time.
fn said(column: &str, table: &str) -> Said {
    let name = words(column);
    let all = name.concat();
    let has = |wanted: &[&str]| {
        let mut wanted = wanted.iter();
        wanted.any(|word| {
            name.iter().any(|n| n == word) || (word.chars().count() >= 5 && all.contains(word))
        })
    };
    let is_time = |word: &str| PLAIN.contains(&word);
    let ends_so = ["date", "time", "timestamp", "datum"]
        .iter()
        .any(|end| all.ends_with(end));
    let table = super::words::singular(&flat(table));
    let rest: String = name
        .iter()
        .filter(|word| !is_time(word))
        .map(String::as_str)
        .collect();
    let rest = rest.trim_end_matches("date").trim_end_matches("time");
    if has(&NEVER) {
        Said::Never
    } else if has(&LATER) {
        Said::Later
    } else if has(&HAPPENED) && (name.len() < 3 || ends_so) {
        Said::Happened
    } else if !rest.is_empty() && (rest == table || table.ends_with(rest)) && ends_so {
        Said::Happened
    } else if name.iter().all(|word| is_time(word)) {
        Said::Plain
    } else if has(&WRITTEN) {
        Said::Written
    } else if ends_so || name.last().is_some_and(|word| is_time(word)) {
        Said::Some
    } else {
        Said::Nothing
    }
}
