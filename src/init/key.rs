//! Finds the columns that can be the key of a table of people, and the columns of other tables that refer to it.

mod called;
mod pointing;

pub(super) use self::called::{ends_as_key, is_called_key, is_same_key, stem};

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;

use super::data::{Data, Guessed, key_of};
use super::lexicon::keys::{ACCIDENTS, KEYS, OWN};
use super::private::is_private;
use super::tables::Seen;
use super::totals::{Total, are_few, totals};
use super::words::words;
use crate::catalog::column_type;
use crate::config::{Locale, marks};
use crate::engine::{Cell, OwnedCell};
use crate::value::ColumnType;

/// A column that is unique and never empty.
pub(super) struct Key {
    pub(super) column: String,
    /// How strong the evidence is: declared, unique by an index, named like a key, or only unique.
    pub(super) rank: u8,
    values: HashSet<String>,
    /// The rows without such a value that are not people: totals.
    pub(super) totals: Vec<Total>,
}

/// The share of a column's values that must be keys for it to refer to them.
const MOST: f64 = 0.5;
/// The same for a column whose name does not suggest it.
const NEARLY_ALL: f64 = 0.9;
/// How many distinct values show which keys a column holds.
const FEW: usize = 3;

/// The possible keys of a table, and a message that says why it has no others.
pub(super) fn keys(data: &Data, seen: &Seen<'_>) -> (Vec<Key>, String) {
    let declared = match seen.table.primary_key.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let mut reason = match seen.table.primary_key.len() {
        0 | 1 => "no column is unique and never empty".to_owned(),
        _ => format!(
            "its primary key has several columns ({})",
            seen.table.primary_key.join(", ")
        ),
    };
    let mut keys = Vec::new();
    for column in &seen.table.columns {
        let name = &column.name;
        let is_called_so = is_called_key(name, seen.name);
        let rank = if Some(name) == declared {
            4
        } else if seen.profile.unique.contains(name) {
            3
        } else if is_called_so {
            2
        } else {
            let is_text_or_number = matches!(
                column_type(&column.declared),
                None | Some(ColumnType::Text | ColumnType::Number)
            );
            if !is_text_or_number || seen.profile.rows == 0 {
                continue;
            }
            1
        };
        // The sample already rules out most columns.
        let sample = seen.cells(name);
        let (filled, empty): (Vec<&OwnedCell>, Vec<&OwnedCell>) =
            sample.iter().partition(|cell| cell.key().is_some());
        let is_likely = distinct(filled.into_iter()).is_some();
        if is_likely && (empty.is_empty() || are_few(empty.len(), sample.len(), seen.profile.files))
        {
            let cells = data.values(seen.name, name);
            let totals = totals(data, seen, name, &cells);
            let people = cells.iter().enumerate();
            let people = people.filter(|(place, _)| totals.iter().all(|of| of.place != *place));
            if let Some(values) = distinct(people.map(|(_, cell)| cell)) {
                keys.push(Key {
                    column: name.clone(),
                    rank,
                    values,
                    totals,
                });
                continue;
            }
        }
        let is_nearly = is_likely
            && !empty.is_empty()
            && are_few(empty.len(), sample.len(), seen.profile.files);
        if rank >= 2 || is_nearly && keys.is_empty() {
            reason = why_no_key(name, &data.values(seen.name, name)).unwrap_or(reason);
        }
    }
    // Of equal keys, take the first.
    keys.sort_by_key(|key| std::cmp::Reverse(key.rank));
    (keys, reason)
}

/// Why a column's values rule it out as a key, with the first values that several rows share; none where they do not.
pub(super) fn why_no_key(name: &str, cells: &[OwnedCell]) -> Option<String> {
    /// How many values are named.
    const NAMED: usize = 3;
    let (mut seen, mut twice) = (HashSet::new(), Vec::new());
    for (place, cell) in cells.iter().enumerate() {
        let Some(key) = cell.key() else {
            return Some(match cell {
                OwnedCell::Blob(_) => format!(
                    "`{name}` holds bytes that are not text, but a key must be a text or a number: a view can write them as `hex({name})`"
                ),
                _ => {
                    let empty = cells.iter().filter(|cell| cell.key().is_none()).count();
                    let marks = marks(Locale::EnUs);
                    format!(
                        "`{name}` is empty in {} of {}, first in row {} of the table; a key must never be empty",
                        marks.whole(empty),
                        marks.counted(cells.len(), "row"),
                        marks.whole(place + 1)
                    )
                }
            });
        };
        if !seen.insert(key.clone()) && !twice.contains(&key) {
            twice.push(key);
        }
    }
    let more = if twice.len() > NAMED { ", …" } else { "" };
    twice.truncate(NAMED);
    (!twice.is_empty()).then(|| {
        format!(
            "`{name}` has the same value in several rows ({}{more}): keep one of them",
            twice.join(", ")
        )
    })
}

/// A column that is named like the table's key and would be it but for a few values that several rows share, with the
/// first of these values. These are mostly rows that were exported twice.
pub(super) fn nearly(data: &Data, seen: &Seen<'_>) -> Option<(String, String)> {
    /// Fewer rows are not enough evidence.
    const LEAST: usize = 10;
    let is_declared = !seen.table.primary_key.is_empty() || !seen.profile.unique.is_empty();
    if is_declared || seen.profile.view.is_some() || seen.key.is_some() {
        return None;
    }
    let names = seen.table.columns.iter().map(|column| &column.name);
    let mut called = names.filter(|name| is_called_key(name, seen.name));
    called.find_map(|name| {
        let cells = data.values(seen.name, name);
        let keys: Vec<String> = cells.iter().map(OwnedCell::key).collect::<Option<_>>()?;
        let mut different: HashSet<&String> = HashSet::new();
        let repeated: Vec<&String> = keys.iter().filter(|key| !different.insert(key)).collect();
        let is_nearly = keys.len() >= LEAST && different.len() * 10 >= keys.len() * 9;
        let first = repeated.first().filter(|_| is_nearly)?;
        Some((name.clone(), (*first).clone()))
    })
}

/// The column by which the rows of a table can be looked up: a declared key, else a unique column named like a key.
pub(super) fn of_rows(data: &Data, seen: &Seen<'_>) -> Option<String> {
    match (
        seen.table.primary_key.as_slice(),
        seen.profile.unique.first(),
    ) {
        ([only], _) | ([], Some(only)) => return Some(only.clone()),
        ([], None) if seen.profile.view.is_none() && seen.profile.rows > 0 => {}
        _ => return beside_parts(data, seen),
    }
    let names = seen.table.columns.iter().map(|column| &column.name);
    let mut keys = names.filter(|name| {
        is_called_key(name, seen.name)
            && distinct(keyed(seen.cells(name), seen).into_iter()).is_some()
            && tells_apart(data, seen, name)
    });
    keys.next().cloned()
}

/// The one column that is left of a primary key without the columns by which the table is partitioned, if it is
/// unique.
fn beside_parts(data: &Data, seen: &Seen<'_>) -> Option<String> {
    let parted_by = &seen.profile.parted_by;
    let mut rest = seen.table.primary_key.iter();
    let only = rest.find(|column| !parted_by.contains(column))?;
    let is_alone = rest.all(|column| parted_by.contains(column));
    (!parted_by.is_empty() && is_alone && tells_apart(data, seen, only)).then(|| only.clone())
}

/// Whether a column holds the same kind of key as the column of that name in another table, judging by their values:
/// it is unique and never empty in the other table, which has all of the column's values. [`is_same_key`] decides by
/// the name alone.
pub(super) fn is_shared(data: &Data, seen: &Seen<'_>, column: &str, other: &Seen<'_>) -> bool {
    let name = words(column);
    let is_own = |word: &String| ACCIDENTS.has(word) || OWN.has(word);
    let says_nothing = name.iter().all(|word| KEYS.has(word));
    let Some(key) = other.column(column).map(|key| &key.name) else {
        return false;
    };
    // A column of a composite key repeats, even if not in the rows so far.
    let is_part = other.table.primary_key.len() > 1 && other.table.primary_key.contains(key);
    if says_nothing
        || is_part
        || name.iter().any(is_own)
        || is_private(column)
        || distinct(keyed(other.cells(key), other).into_iter()).is_none()
    {
        return false;
    }
    let filled = seen.filled(column);
    let different: BTreeSet<Option<String>> = filled.iter().map(|cell| cell.key()).collect();
    different.len() >= FEW
        && all_distinct(data, other, key).is_some_and(|keys| {
            let is_found =
                |cell: &Option<String>| cell.as_ref().is_some_and(|key| keys.contains(key));
            keys.iter().all(|key| is_telling(key)) && different.iter().all(is_found)
        })
}

/// Whether a key is unlikely to appear among other numbers. Small numbers appear anywhere, and so do prices.
fn is_telling(key: &str) -> bool {
    let is_whole = key.parse::<i64>().is_ok();
    let is_decimal = || key.chars().all(|c| c.is_ascii_digit() || ".,".contains(c));
    is_whole && key.chars().count() >= 4 || !is_whole && !is_decimal()
}

/// The cells of a key without a few missing ones: totals have no key, and a row without one cannot be looked up.
fn keyed<C: Borrow<OwnedCell>>(mut cells: Vec<C>, seen: &Seen<'_>) -> Vec<C> {
    let is_missing = |cell: &C| matches!(cell.borrow(), OwnedCell::Null);
    let missing = cells.iter().filter(|cell| is_missing(cell)).count();
    if are_few(missing, cells.len(), seen.profile.files) {
        cells.retain(|cell| !is_missing(cell));
    }
    cells
}

/// Whether each row of a table has a distinct value in a column, except for a few without any.
fn tells_apart(data: &Data, seen: &Seen<'_>, column: &str) -> bool {
    // Mostly, these are a million whole numbers.
    let rows = usize::try_from(seen.profile.rows).unwrap_or(0);
    let (mut whole, mut missing, mut is_whole) = (Vec::with_capacity(rows), 0, true);
    let all = data.each_value(seen.name, column, |cell| {
        match cell {
            Cell::Integer(number) => whole.push(number),
            Cell::Null => missing += 1,
            _ => is_whole = false,
        }
        match is_whole {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    });
    if !is_whole {
        return all_distinct(data, seen, column).is_some();
    }
    whole.sort_unstable();
    all.is_some()
        && are_few(missing, whole.len() + missing, seen.profile.files)
        && whole.is_sorted_by(|one, next| one < next)
}

/// The values of a table's column as keys, without a few missing ones; none where a value is empty or repeated.
fn all_distinct(data: &Data, seen: &Seen<'_>, column: &str) -> Option<HashSet<String>> {
    let (mut values, mut missing, mut is_distinct) = (HashSet::new(), 0, true);
    data.each_value(seen.name, column, |cell| {
        match cell {
            Cell::Null => missing += 1,
            cell => is_distinct = key_of(cell).is_some_and(|key| values.insert(key)),
        }
        match is_distinct {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    })?;
    let are_few = missing == 0 || are_few(missing, values.len() + missing, seen.profile.files);
    (is_distinct && are_few).then_some(values)
}

/// The values as keys; none where one is empty or repeated.
fn distinct<'c>(mut cells: impl Iterator<Item = &'c OwnedCell>) -> Option<HashSet<String>> {
    let most = cells.size_hint().1.unwrap_or(0);
    let mut values = HashSet::with_capacity(most);
    cells
        .all(|cell| cell.key().is_some_and(|key| values.insert(key)))
        .then_some(values)
}
