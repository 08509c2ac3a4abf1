//! Determines which times a column holds and in which form, or what its values look like where no form reads them.

use crate::catalog::{TableColumn, column_type};
use crate::engine::{Looks, OwnedCell};
use crate::init::Wishes;
use crate::init::data::Guessed;
use crate::init::lexicon::names::BIRTHDAYS;
use crate::init::private::is_private;
use crate::init::tables::{Seen, share};
use crate::init::undecided::Undecided;
use crate::init::words::words;
use crate::time::{
    DAY, InstantReader, Plausible, Samples, Stored, TimeForm, TimeForms, last_year, read_date,
};
use crate::value::ColumnType;

/// The share of a column's values that must be times.
pub(super) const MOST: f64 = 0.8;
/// The earliest likely time, 1990: hardly anything in a database happened before.
const EARLIEST: i64 = 7_305 * DAY;
/// Two years: few bookings are made further ahead.
const AHEAD: i64 = 2 * 366 * DAY;

/// The contents of a column.
pub(in crate::init) enum Held {
    /// Times of this type: in microseconds, for each value that is present.
    Times(ColumnType, Vec<Option<i64>>),
    /// No values.
    Nothing,
    /// Times of one type or another.
    Either(Undecided),
    /// Something else, described in words.
    Other(String),
}

/// Judges a column by the user's wishes, else by its declaration and its values; `now` is in microseconds.
pub(in crate::init) fn held(
    seen: &Seen<'_>,
    column: &TableColumn,
    wishes: &Wishes,
    now: i64,
) -> Held {
    let filled = seen.telling(&column.name);
    if filled.is_empty() {
        return Held::Nothing;
    }
    let said = wishes.ty(seen.name, &column.name);
    let usual = match (said, column_type(&column.declared)) {
        (Some(said), _) => vec![said],
        (None, Some(ColumnType::Date)) => vec![ColumnType::Date, ColumnType::Instant],
        (None, _) => vec![ColumnType::Instant],
    };
    let plausible = Plausible::at(now);
    let of = Samples {
        column: &column.name,
        plausible: &plausible,
    };
    let times = |ty: ColumnType| {
        let held = times(&filled, ty, now)?;
        Some(match said {
            None => in_century(held, &column.name, &filled, now),
            Some(_) => held,
        })
    };
    if let Some(held) = usual.into_iter().find_map(times) {
        return held;
    }
    let looks = Looks::of(ColumnType::Instant, of, &filled, true).filter(|_| said.is_none());
    // Where no form reads all values, those that are not times show what is wrong.
    let looks = looks.and_then(|looks| match looks.types.as_slice() {
        [] => Looks::of(ColumnType::Instant, of, &no_times(&filled), true),
        _ => Some(looks),
    });
    let looks = looks.map(|looks| match seen.profile.files {
        0 => looks,
        _ => looks.of_files(),
    });
    if let Some(looks) = &looks {
        match looks.types.as_slice() {
            [(_, ty)] => {
                if let Some(held) = times(*ty) {
                    return held;
                }
            }
            _ => {
                if let Some(held) = by_others(seen, looks).and_then(|(ty, _)| times(ty)) {
                    return held;
                }
                if let Some(undecided) = Undecided::of(seen, &column.name, looks) {
                    return Held::Either(undecided);
                }
            }
        }
    }
    let shows = !is_private(&column.name);
    Held::Other(otherwise(&filled, looks.map(|looks| (looks, of)), shows))
}

/// The reading of an ambiguous column that other columns decide, and why.
fn by_others(seen: &Seen<'_>, looks: &Looks) -> Option<(ColumnType, String)> {
    seen.order.as_ref()?.decide(looks)
}

/// A message that says how an ambiguous column is read, and why.
pub(in crate::init) fn decided(seen: &Seen<'_>, column: &TableColumn, now: i64) -> Option<String> {
    let plausible = Plausible::at(now);
    let of = Samples {
        column: &column.name,
        plausible: &plausible,
    };
    let looks = Looks::of(ColumnType::Instant, of, &seen.telling(&column.name), true)?;
    let (_, why) = by_others(seen, &looks)?;
    let words = looks.told(is_private(&column.name));
    Some(format!(
        "{}.{} looks like {words}: {why}",
        seen.name, column.name
    ))
}

/// Whether a row is likely to have this time.
pub(super) fn is_likely(time: Option<i64>, now: i64) -> bool {
    time.is_some_and(|time| (EARLIEST..now + AHEAD).contains(&time))
}

/// The values as times of a type; none where most are not. Numbers outside the likely years are usually not times;
/// texts show themselves what they are.
fn times(filled: &[&OwnedCell], ty: ColumnType, now: i64) -> Option<Held> {
    let mut reader = InstantReader::new(chrono_tz::UTC);
    let times = filled.iter().map(|cell| read(cell, ty, &mut reader));
    let times: Vec<Option<i64>> = times.collect();
    let both: Vec<(&&OwnedCell, &Option<i64>)> = filled.iter().zip(&times).collect();
    let fits = |(cell, time): &(&&OwnedCell, &Option<i64>)| match cell.number() {
        Some(_) => is_likely(**time, now),
        None => time.is_some(),
    };
    (share(&both, fits) >= MOST).then_some(Held::Times(ty, times))
}

/// The same, with two-digit years in the intended century: nobody was born after today, and nothing is booked decades
/// ahead.
fn in_century(held: Held, column: &str, filled: &[&OwnedCell], now: i64) -> Held {
    let Held::Times(ty, read) = &held else {
        return held;
    };
    if !ty.forms().is_some_and(TimeForms::has_short_year) {
        return held;
    }
    let day = |time: i64| i32::try_from(time.div_euclid(DAY)).unwrap_or(i32::MAX);
    let days: Vec<i32> = read.iter().flatten().map(|time| day(*time)).collect();
    let is_of_births = BIRTHDAYS.are_part_of(&words(column));
    match last_year(&days, day(now), is_of_births) {
        None => held,
        last => times(filled, ty.up_to(last), now).unwrap_or(held),
    }
}

/// A time as the engine will read it.
fn read(cell: &OwnedCell, ty: ColumnType, reader: &mut InstantReader) -> Option<i64> {
    let stored = match cell {
        OwnedCell::Integer(whole) => Stored::Integer(*whole),
        OwnedCell::Real(real) => Stored::Real(*real),
        OwnedCell::Text(text) => Stored::Text(text),
        OwnedCell::Null | OwnedCell::Blob(_) => return None,
    };
    let midnight = |day: i32| i64::from(day) * DAY;
    match (ty, stored) {
        (ColumnType::Date, Stored::Text(text)) => read_date(text.trim_ascii_start()).map(midnight),
        (ColumnType::Instant, Stored::Text(text)) => reader.read(text),
        (ColumnType::Instant, _) => InstantReader::read_number(cell.number()?),
        (ColumnType::DateAs(forms), stored) => forms.date(stored).map(midnight),
        (ColumnType::InstantAs(forms, zone), stored) => forms.instant(stored, reader, zone),
        (ColumnType::Unix, stored) => TimeForms::one(TimeForm::Unix).instant(stored, reader, None),
        (ColumnType::UnixMs, stored) => {
            TimeForms::one(TimeForm::UnixMs).instant(stored, reader, None)
        }
        _ => None,
    }
}

/// The values that are not times unless a form is given.
fn no_times<'c>(filled: &[&'c OwnedCell]) -> Vec<&'c OwnedCell> {
    let mut reader = InstantReader::new(chrono_tz::UTC);
    let mut cells = filled.to_vec();
    cells.retain(|cell| read(cell, ColumnType::Instant, &mut reader).is_none());
    cells
}

/// A description of values that are not times, and of what reads them.
fn otherwise(filled: &[&OwnedCell], looks: Option<(Looks, Samples<'_>)>, shows: bool) -> String {
    if !shows {
        return "holds values that are not times".to_owned();
    }
    let mut written = filled.iter().filter(|cell| !shown(cell).is_empty());
    let Some(first) = written.clone().next() else {
        return "holds bytes".to_owned();
    };
    // Some values may be times, which do not show what is wrong.
    let mut reader = InstantReader::new(chrono_tz::UTC);
    let example = written.find(|cell| match &looks {
        Some((looks, of)) => {
            let own = Looks::of(ColumnType::Instant, *of, &[**cell], true);
            own.is_some_and(|own| own.words == looks.words)
        }
        None => read(cell, ColumnType::Instant, &mut reader).is_none(),
    });
    let example = example.unwrap_or(first);
    let shown = shown(example);
    match looks {
        Some((looks, _)) => {
            let (words, remedy) = (looks.told(false), &looks.remedy);
            format!("looks like {words}, such as `{shown}`: {remedy}")
        }
        None if example.text().is_none() => {
            format!("holds numbers that are neither seconds nor milliseconds, such as `{shown}`")
        }
        None => format!("holds text that is not a time, such as `{shown}`"),
    }
}

/// The same for times that are unlikely for most businesses.
pub(super) fn unlikely<'c>(
    mut at_fault: impl Iterator<Item = &'c OwnedCell>,
    is_private: bool,
) -> String {
    let example = at_fault.next().filter(|_| !is_private);
    let example = example.map_or_else(String::new, |cell| format!(", such as `{}`", shown(cell)));
    format!(
        "has times before 1990 or more than two years ahead{example}; if that is right, name the column in `at:`"
    )
}

fn shown(cell: &OwnedCell) -> String {
    match cell.as_str() {
        Some(text) => text.chars().filter(|c| !c.is_control()).take(30).collect(),
        None => cell
            .number()
            .map(|number| number.to_string())
            .unwrap_or_default(),
    }
}

/// Whether values are counts, even if stored as text: any long number could be a time.
pub(in crate::init) fn are_counts(filled: &[&OwnedCell]) -> bool {
    share(filled, |cell| cell.number().is_some()) > 0.5
}
