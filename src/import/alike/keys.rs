//! Columns that identify the rows of exports.

use std::collections::HashMap;
use std::rc::Rc;

use super::Export;
use super::agreement::{Agreement, Piece};
use crate::engine::Watch;
use crate::import::ImportError;
use crate::import::dates::is_whole_date;
use crate::import::layout::Layout;
use crate::import::limits::go_on;
use crate::import::number::value_of;
use crate::import::part::{Part, parts};
use crate::import::rows::{Row, Rows};
use crate::value::RowMark;

/// The most keys that are kept with their rows, over all files of a table. Beyond that a sample is kept, the same one for each file.
const MOST: usize = 300_000;

/// Whether a heading can be that of a key; the second argument says whether it is the first heading.
pub(super) type IsKey<'k> = &'k dyn Fn(&str, bool) -> bool;

/// A column whose values differ in all rows of a file, except in rows that are equal in every column.
pub(super) struct Key {
    heading: String,
    /// The heading as it is written.
    pub(super) written: String,
    /// Each value, with its row.
    rows: HashMap<u64, KeyedRow>,
    /// Whether there are such equal rows.
    pub(super) has_copies: bool,
    /// How many rows have no key: totals below a table.
    empty: usize,
}

/// The row of a key.
struct KeyedRow {
    /// Its value in each column.
    cells: Rc<[Piece]>,
    /// Whether the key is a date.
    is_dated: bool,
}

/// The columns of files, in their order, that may be a key by their headings and are one by their values.
pub(super) struct Keys {
    of_files: Vec<Vec<Key>>,
    /// For each column that all files have, how many cells look like dates, and how many look like names of people.
    times: Vec<usize>,
    names: Vec<usize>,
    /// How many rows were read.
    rows: usize,
    most: usize,
    kept: usize,
    /// One value in this many is kept; given as the exponent of a power of two.
    step: u32,
}

impl Key {
    /// Keeps only the keys of the sample, and returns how many remain.
    fn thin(&mut self, step: u32) -> usize {
        self.rows.retain(|value, _| is_of_share(*value, step));
        self.rows.len()
    }
}

fn is_of_share(value: u64, step: u32) -> bool {
    value.trailing_zeros() >= step
}

impl Keys {
    pub(super) fn new() -> Self {
        Self {
            of_files: Vec::new(),
            times: Vec::new(),
            names: Vec::new(),
            rows: 0,
            most: MOST,
            kept: 0,
            step: 0,
        }
    }

    /// The keys of the file that was read last.
    pub(super) fn of_last(&self) -> &[Key] {
        self.of_files.last().map_or(&[], Vec::as_slice)
    }

    /// Reads a file, given by its parts. Rows are compared by `columns`.
    ///
    /// # Errors
    /// It cannot be read, or `watch` ended it.
    pub(super) fn read<'p>(
        &mut self,
        parts: impl Iterator<Item = &'p Part<'p>>,
        columns: &[String],
        is_key: IsKey<'_>,
        watch: &dyn Watch,
    ) -> Result<(), ImportError> {
        let mut found = Vec::new();
        for part in parts {
            let layout = part.layout()?;
            found.extend(self.of_rows(&*part.rows, &layout, (columns, is_key), watch)?);
        }
        self.of_files.push(found);
        Ok(())
    }

    fn of_rows(
        &mut self,
        rows: &dyn Rows,
        layout: &Layout,
        (columns, is_key): (&[String], IsKey<'_>),
        watch: &dyn Watch,
    ) -> Result<Vec<Key>, ImportError> {
        let headings = layout.headings();
        let mut left: Vec<(usize, Key)> = headings
            .iter()
            .enumerate()
            .filter(|(place, heading)| is_key(heading, *place == 0))
            .map(|(place, heading)| {
                let key = Key {
                    heading: heading.to_lowercase(),
                    written: heading.clone(),
                    rows: HashMap::new(),
                    has_copies: false,
                    empty: 0,
                };
                (place, key)
            })
            .collect();
        // In the order of the headings, which may differ from file to file.
        let places = headings.iter().enumerate();
        let mut places: Vec<(String, usize)> = places
            .map(|(place, heading)| (heading.to_lowercase(), place))
            .filter(|(heading, _)| columns.contains(heading))
            .collect();
        places.sort();
        self.times.resize(places.len(), 0);
        self.names.resize(places.len(), 0);
        let before = self.rows;
        rows.read(&mut |row: Row<'_>| {
            go_on(watch)?;
            if layout.admits(&row).is_err() {
                return Ok(true);
            }
            self.rows += 1;
            let cells = places.iter().map(|(_, place)| row.trimmed(*place));
            let counts = self.times.iter_mut().zip(&mut self.names);
            for (cell, (times, names)) in cells.clone().zip(counts) {
                *times += usize::from(is_whole_date(cell));
                *names += usize::from(is_like_name(cell));
            }
            let whole: Rc<[Piece]> = cells.map(piece).collect();
            left.retain_mut(|(place, key)| self.take(key, row.trimmed(*place), &whole));
            self.thin(left.iter_mut().map(|(_, key)| key));
            Ok(!left.is_empty())
        })?;
        // A total has no key, but more than a few rows without one are no accident.
        let rows = self.rows - before;
        left.retain(|(_, key)| key.empty * 20 <= rows);
        Ok(left.into_iter().map(|(_, key)| key).collect())
    }

    /// Records the value of a row in a column. Returns whether the column can still be a key.
    fn take(&mut self, key: &mut Key, cell: &[u8], whole: &Rc<[Piece]>) -> bool {
        if cell.is_empty() {
            key.empty += 1;
            return true;
        }
        let value = RowMark::of([value_of(cell)]).half();
        if !is_of_share(value, self.step) {
            return true;
        }
        let row = KeyedRow {
            cells: Rc::clone(whole),
            is_dated: is_whole_date(cell),
        };
        let Some(before) = key.rows.insert(value, row) else {
            self.kept += 1;
            return true;
        };
        key.has_copies = true;
        before.cells == *whole
    }

    /// Halves the sample if too many values are kept.
    fn thin<'k>(&mut self, read_now: impl Iterator<Item = &'k mut Key>) {
        if self.kept <= self.most {
            return;
        }
        self.step += 1;
        let step = self.step;
        let before = self.of_files.iter_mut().flatten().map(|key| key.thin(step));
        self.kept = before.sum::<usize>() + read_now.map(|key| key.thin(step)).sum::<usize>();
    }
}

/// The heading of the first column that is a key within each file and whose values occur again in rows of the same things. Shops that each number
/// their rows from 1 have rows of different things.
///
/// # Errors
/// See [`Keys::read`].
pub(super) fn key(
    exports: &[Export<'_>],
    is_key: IsKey<'_>,
    is_of_people: bool,
    watch: &dyn Watch,
) -> Result<Option<String>, ImportError> {
    let keys = Keys::of(&exports.iter().collect::<Vec<_>>(), is_key, watch)?;
    Ok(keys.shared(is_of_people).map(|key| key.written.clone()))
}

/// How one file lists the rows of another again.
pub(super) struct Repeated {
    /// The key of both, as it is written.
    pub(super) key: String,
    /// How many keys of the first file the second has.
    pub(super) again: usize,
    /// How many keys the first file has, and how many the second.
    pub(super) all: [usize; 2],
    /// Whether their rows stand for the same things.
    pub(super) is_same: bool,
}

impl Repeated {
    /// Whether most rows of the second file are rows of the first. If not, they share keys by accident.
    pub(super) fn is_most(&self) -> bool {
        let [_, own] = self.all;
        self.again * 2 > own
    }
}

/// How a file lists the rows of an earlier one again; `None` if no column is a key of both.
///
/// # Errors
/// See [`Keys::read`].
pub(super) fn repeated(
    files: [&Export<'_>; 2],
    is_key: IsKey<'_>,
    is_of_people: bool,
    watch: &dyn Watch,
) -> Result<Option<Repeated>, ImportError> {
    let keys = Keys::of(&files, is_key, watch)?;
    let [one, other] = keys.of_files.as_slice() else {
        return Ok(None);
    };
    let mut pairs = one.iter().filter_map(|key| {
        let own = other.iter().find(|own| own.heading == key.heading)?;
        Some((key, own))
    });
    Ok(pairs.next().map(|(key, own)| Repeated {
        key: key.written.clone(),
        again: own
            .rows
            .keys()
            .filter(|value| key.rows.contains_key(value))
            .count(),
        all: [key.rows.len(), own.rows.len()],
        is_same: keys.shared(is_of_people).is_some(),
    }))
}

impl Keys {
    /// The keys of all these exports, whose rows are compared by the columns that all of them have.
    fn of(
        exports: &[&Export<'_>],
        is_key: IsKey<'_>,
        watch: &dyn Watch,
    ) -> Result<Self, ImportError> {
        let first = exports.first().map(|first| first.headings.clone());
        let mut shared = first.unwrap_or_default();
        shared.retain(|name| exports.iter().all(|export| export.headings.contains(name)));
        let mut keys = Self::new();
        // Sheets of one workbook follow each other, so that it is opened once.
        let mut open: Vec<Part<'_>> = Vec::new();
        let mut file = "";
        for export in exports {
            if file != export.file.name {
                file = &export.file.name;
                open = parts(export.file)?;
            }
            let own = open.iter().filter(|part| export.is_of(part));
            keys.read(own, &shared, is_key, watch)?;
        }
        Ok(keys)
    }
}

impl Keys {
    /// The first column that is a key of each file, if its values occur again in rows of the same things.
    fn shared(&self, is_of_people: bool) -> Option<&Key> {
        let (first, rest) = self.of_files.split_first()?;
        let has = |keys: &[Key], heading: &str| keys.iter().any(|key| key.heading == heading);
        let mut in_all = first
            .iter()
            .filter(|key| rest.iter().all(|keys| has(keys, &key.heading)));
        let key = in_all.next()?;
        let of_key = self.of_files.iter().flatten();
        let of_key = of_key.filter(|other| other.heading == key.heading);
        // Equal rows inside one file, such as lines of an order or instalments, are no sign that files overlap.
        if of_key.clone().any(|key| key.has_copies) {
            return None;
        }
        let times = self.times.iter();
        let is_time: Vec<bool> = times.map(|count| count * 2 > self.rows).collect();
        let names = self.names.iter();
        let is_name: Vec<bool> = names.map(|count| count * 2 > self.rows).collect();
        let mut agreement = Agreement::default();
        // The last row of each key, and whether there was one before. The result does not depend on the order of keys.
        let mut seen: HashMap<u64, (&[Piece], bool)> = HashMap::new();
        let rows = of_key.flat_map(|key| &key.rows);
        let dated = rows.clone().filter(|(_, row)| row.is_dated).count();
        let is_of_dates = dated * 2 > rows.clone().count();
        // Among dates, a word marks a total, which each file has; it is not a row that is listed again.
        for (value, row) in rows.filter(|(_, row)| row.is_dated || !is_of_dates) {
            let row = &row.cells;
            let before = seen.get(value).copied();
            if let Some((before, is_paired)) = before {
                agreement.see(before, row, &is_time);
                if !is_paired {
                    agreement.name(row, &is_name);
                }
            }
            seen.insert(*value, (row, before.is_some()));
        }
        // Anything about a person may change from one list to the next, but hardly their name.
        let mut are_same_people = || is_of_people && agreement.agrees();
        let is_again = are_same_people() || agreement.is_again(&is_time);
        (agreement.pairs > 0 && is_again).then_some(key)
    }
}

/// Whether a cell looks like a person's name or an e-mail address: letters without digits, or an `@`.
fn is_like_name(cell: &[u8]) -> bool {
    let has_digit = cell.iter().any(u8::is_ascii_digit);
    let has_letter = cell
        .iter()
        .any(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii());
    cell.contains(&b'@') || has_letter && !has_digit
}

fn piece(cell: &[u8]) -> Piece {
    RowMark::of([value_of(cell)]).half()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds the shared keys of two files with the given ranges of numbers, keeping at most `most`.
    fn shared(most: usize, files: [std::ops::Range<u64>; 2]) -> (usize, bool) {
        let mut keys = Keys {
            most,
            ..Keys::new()
        };
        for numbers in files {
            let mut key = Key {
                heading: "id".to_owned(),
                written: "id".to_owned(),
                rows: HashMap::new(),
                has_copies: false,
                empty: 0,
            };
            for number in numbers {
                let cell = number.to_string();
                let whole = [piece(cell.as_bytes())].into();
                assert!(keys.take(&mut key, cell.as_bytes(), &whole));
                keys.thin(std::iter::once(&mut key));
            }
            keys.of_files.push(vec![key]);
        }
        (keys.kept, keys.shared(false).is_some())
    }

    #[test]
    fn of_many_rows_a_share_is_kept_in_which_what_occurs_again_still_does() {
        assert_eq!(shared(10_000, [0..1_000, 900..2_000]), (2_100, true));
        for files in [[0..20_000, 19_000..40_000], [0..20_000, 20_000..40_000]] {
            let occurs_again = files[0].end > files[1].start;
            let (kept, is_shared) = shared(1_000, files);
            assert!((200..=1_000).contains(&kept), "{kept}");
            assert_eq!(is_shared, occurs_again);
        }
    }
}
