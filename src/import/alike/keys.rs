//! Columns that tell the rows of exports apart.

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

/// So many keys are kept with their rows, of all files of a table: of more a share, and of each file the same one.
const MOST: usize = 300_000;

/// Whether a heading is what rows are told apart by; and whether it is the first.
pub(super) type IsKey<'k> = &'k dyn Fn(&str, bool) -> bool;

/// A column whose values are different in all rows of a file, but for rows that are the same in every column.
pub(super) struct Key {
    heading: String,
    /// The same as it is written.
    pub(super) written: String,
    /// Each value, with its row.
    rows: HashMap<u64, KeyedRow>,
    /// Whether there are such rows.
    pub(super) has_copies: bool,
    /// How many rows have none: totals below a table.
    empty: usize,
}

/// A row of a key.
struct KeyedRow {
    /// What it has in each column.
    cells: Rc<[Piece]>,
    /// Whether the key is a date.
    is_dated: bool,
}

/// The columns of files, in their order, that may be a key and are one.
pub(super) struct Keys {
    of_files: Vec<Vec<Key>>,
    /// For each column that all files have, how many cells look like dates, and how many like what people are called.
    times: Vec<usize>,
    names: Vec<usize>,
    /// How many rows were read.
    rows: usize,
    most: usize,
    kept: usize,
    /// Of so many values one is kept, as a power of two.
    step: u32,
}

impl Key {
    /// Leaves what is of the share alone, and gives how much that is.
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

    /// Those of the file that was read last.
    pub(super) fn of_last(&self) -> &[Key] {
        self.of_files.last().map_or(&[], Vec::as_slice)
    }

    /// Reads a file, of its parts; rows are compared by `columns`.
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
        // In the order of the headings, which may be another one in each file.
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
        // A total has none; more than a few without one are no accident.
        let rows = self.rows - before;
        left.retain(|(_, key)| key.empty * 20 <= rows);
        Ok(left.into_iter().map(|(_, key)| key).collect())
    }

    /// Takes in what a row has in a column; whether the column can still be a key.
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

    /// Keeps half as many values where there are too many.
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

/// The heading of the first column that is a key within each file, where values of it occur again in rows of the same things: shops that each
/// number from 1 have other ones.
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
    /// How many keys of the one the other has.
    pub(super) again: usize,
    /// How many the one has, and how many the other.
    pub(super) all: [usize; 2],
    /// Whether their rows are of the same things.
    pub(super) is_same: bool,
}

impl Repeated {
    /// Whether most rows of the other are rows of the one: else they have keys in common by accident.
    pub(super) fn is_most(&self) -> bool {
        let [_, own] = self.all;
        self.again * 2 > own
    }
}

/// How a file lists the rows of an earlier one again; none where no column is a key of both.
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
    /// Those of all these, whose rows are compared by the columns that all have.
    fn of(
        exports: &[&Export<'_>],
        is_key: IsKey<'_>,
        watch: &dyn Watch,
    ) -> Result<Self, ImportError> {
        let first = exports.first().map(|first| first.headings.clone());
        let mut shared = first.unwrap_or_default();
        shared.retain(|name| exports.iter().all(|export| export.headings.contains(name)));
        let mut keys = Self::new();
        // Sheets of one workbook follow each other: it is opened once.
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
    /// The first column that is a key of each file, where its values occur again in rows of the same things.
    fn shared(&self, is_of_people: bool) -> Option<&Key> {
        let (first, rest) = self.of_files.split_first()?;
        let has = |keys: &[Key], heading: &str| keys.iter().any(|key| key.heading == heading);
        let mut in_all = first
            .iter()
            .filter(|key| rest.iter().all(|keys| has(keys, &key.heading)));
        let key = in_all.next()?;
        let of_key = self.of_files.iter().flatten();
        let of_key = of_key.filter(|other| other.heading == key.heading);
        // Rows that are alike inside one file are no overlap: lines of one order, instalments.
        if of_key.clone().any(|key| key.has_copies) {
            return None;
        }
        let times = self.times.iter();
        let is_time: Vec<bool> = times.map(|count| count * 2 > self.rows).collect();
        let names = self.names.iter();
        let is_name: Vec<bool> = names.map(|count| count * 2 > self.rows).collect();
        let mut agreement = Agreement::default();
        // The last row of each key, and whether there was one before. Nothing that is decided depends on the order of keys.
        let mut seen: HashMap<u64, (&[Piece], bool)> = HashMap::new();
        let rows = of_key.flat_map(|key| &key.rows);
        let dated = rows.clone().filter(|(_, row)| row.is_dated).count();
        let is_of_dates = dated * 2 > rows.clone().count();
        // Among dates a word is that of a total, which each file has, and no row that is listed again.
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
        // Of somebody anything may change from one list to the next, but hardly what they are called.
        let mut are_same_people = || is_of_people && agreement.agrees();
        let is_again = are_same_people() || agreement.is_again(&is_time);
        (agreement.pairs > 0 && is_again).then_some(key)
    }
}

/// Whether a cell looks like the name of somebody, or an address: letters without digits, or an `@`.
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

    /// Keys of two files, `most` of which are kept, with numbers from and to.
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
