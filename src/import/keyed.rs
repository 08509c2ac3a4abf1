//! Tells rows of a file apart by their key column, or by everything that is stored of them.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::ops::Range;

use super::ImportError;
use super::column::Column;
use super::dates::is_whole_date;
use super::encoding::letters;
use super::last_rows::{LastRow, LastRows};
use super::layout::Layout;
use super::notes::{Notes, Oddity};
use super::number::may_be_written_otherwise;
use super::rows::Row;
use crate::config::{Copies, Encoding, FileForm};
use crate::value::{ByMark, Marks, RowMark, loose_key};

/// The most keys whose differing rows are examined further.
const MOST_CONTESTED: usize = 1_000;

/// The last row of each key.
pub(super) struct Keyed {
    /// The index of the key column in a row; `None` if all that is stored is the key.
    column: Option<usize>,
    /// Whether only the last row of each key is imported.
    pub(super) is_last_alone: bool,
    last: LastRows,
    /// Keys as written that a column of numbers stores differently, such as `1.0` and `1,001`.
    spelled: ByMark<Box<[u8]>>,
    /// Maps such a key as written to the key as stored.
    stored: ByMark<RowMark>,
    /// Keys with capitals or leading zeros, in the form without these, with the place of the first row of each.
    loose: ByMark<u64>,
    /// How many rows have the same key as a later one.
    pub(super) earlier: u64,
    /// Keys with several rows that differ, and whether there are more of them.
    contested: Marks,
    pub(super) has_more_contested: bool,
    /// The numbers of the first rows of the files, if the rows come from several.
    files: Vec<u64>,
    /// How many keys have rows that differ between two files, by the indices of the files.
    differing: BTreeMap<(usize, usize), u64>,
}

impl Keyed {
    /// Uses the column that config names for telling rows apart, or all columns if each row is to count once, else a key that config names for the
    /// table. `None` if it names none that the file has.
    ///
    /// # Errors
    /// The file has no such column.
    pub(super) fn of(
        layout: &Layout,
        name: &str,
        (form, named): (&FileForm, Option<&str>),
    ) -> Result<Option<Self>, ImportError> {
        let said = form.key.as_deref();
        if form.copies == Some(Copies::Once) && said.is_none() {
            return Ok(Some(Self::by(None, true)));
        }
        let column = match said.or(named) {
            None => return Ok(None),
            Some(heading) => layout.place_of(heading),
        };
        match (column, said) {
            (None, Some(said)) => Err(ImportError::of(
                name,
                format_args!("it has no column `{said}`, which config names as its `key:`"),
            )),
            (None, None) => Ok(None),
            (Some(column), _) => Ok(Some(Self::by(Some(column), said.is_some()))),
        }
    }

    fn by(column: Option<usize>, is_last_alone: bool) -> Self {
        Self {
            column,
            is_last_alone,
            last: LastRows::default(),
            spelled: ByMark::default(),
            stored: ByMark::default(),
            loose: ByMark::default(),
            earlier: 0,
            contested: Marks::default(),
            has_more_contested: false,
            files: Vec::new(),
            differing: BTreeMap::new(),
        }
    }

    /// Whether rows are told apart by everything that is stored of them, which is known only once the columns are.
    pub(super) fn is_of_whole_rows(&self) -> bool {
        self.column.is_none()
    }

    /// Rows from this number on belong to the next file.
    pub(super) fn begin_file(&mut self, first: u64) {
        self.files.push(first);
    }

    /// Whether two rows are in the same one of several files. It is usual that a later file has a newer state of something, but not that one file
    /// has two states.
    fn are_of_one_file(&self, before: LastRow, after: LastRow) -> bool {
        !self.files.is_empty() && self.file_of(before) == self.file_of(after)
    }

    /// The index of a row's file among several; `None` if it is the only one.
    fn file_of(&self, row: LastRow) -> Option<usize> {
        let begun = self.files.partition_point(|first| *first <= row.number);
        begun.checked_sub(1)
    }

    /// For each two of several files, by their indices, how many keys have a row in the one that differs from their next row in the other.
    pub(super) fn differing(&self) -> &BTreeMap<(usize, usize), u64> {
        &self.differing
    }

    /// Records a row that is told apart by everything that is stored of it.
    pub(super) fn see_whole(&mut self, row: &Row<'_>, stored: Stored<'_>, notes: &mut Notes) {
        let mark = whole(row, stored);
        let last = LastRow {
            number: row.number,
            place: row.place,
            rest: mark.half(),
            date: None,
            is_full: false,
        };
        if let Some(before) = self.last.by_mark().insert(mark, last) {
            self.earlier += 1;
            notes.add(Oddity::CopyLeftOut, before.place);
        }
    }

    /// Records a row.
    pub(super) fn see(&mut self, row: &Row<'_>, notes: &mut Notes) {
        let Some((column, key)) = self.key(row) else {
            return;
        };
        let mut cells = row.cells.iter().map(<[u8]>::trim_ascii);
        let first = cells.find(|cell| is_whole_date(cell));
        // Of a date with a time, only the day.
        let day = first.and_then(|cell| cell.split(|byte| b" T".contains(byte)).next());
        if may_be_written_otherwise(key) {
            let spelled = self.spelled.entry(RowMark::of([key]));
            spelled.or_insert_with(|| key.into());
        }
        if let Some(loose) = loose(key) {
            self.loose.entry(loose).or_insert(row.place);
        }
        let last = LastRow {
            number: row.number,
            place: row.place,
            rest: row.mark_but(column).half(),
            date: day.and_then(|day| NonZeroU64::new(RowMark::of([day]).half())),
            is_full: row.filled() * 2 > row.cells.len(),
        };
        if let Some(before) = self.last.insert(key, last) {
            self.earlier += 1;
            self.contest(RowMark::of([key]), before, last);
            let (oddity, place) = self.oddity(before, last);
            notes.add(oddity, place);
        }
    }

    /// Merges keys that are written differently and stored alike, once it is known how the columns are stored.
    pub(super) fn settle(&mut self, columns: &[Column], encoding: Encoding, notes: &mut Notes) {
        let mut respelled: Vec<u64> = Vec::new();
        for (mark, place) in std::mem::take(&mut self.loose) {
            respelled.extend(self.last.by_mark().contains_key(&mark).then_some(place));
        }
        respelled.sort_unstable();
        for place in respelled {
            notes.add(Oddity::Respelled, place);
        }
        let mut columns = columns.iter();
        let Some(column) = columns.find(|column| Some(column.place) == self.column) else {
            return;
        };
        let mut together: BTreeMap<RowMark, Vec<LastRow>> = BTreeMap::new();
        for (written, text) in std::mem::take(&mut self.spelled) {
            let stored = column.stored(letters(&text, encoding));
            let stored = RowMark::of([stored.as_bytes()]);
            if stored == written {
                continue;
            }
            self.stored.insert(written, stored);
            let rows = together.entry(stored).or_default();
            let last = self.last.by_mark();
            rows.extend(last.remove(&stored));
            rows.extend(last.remove(&written));
        }
        let mut odd = Vec::new();
        for (stored, mut rows) in together {
            rows.sort_unstable_by_key(|row| row.number);
            for pair in rows.windows(2) {
                if let [before, after] = pair {
                    self.earlier += 1;
                    self.contest(stored, *before, *after);
                    odd.push(self.oddity(*before, *after));
                }
            }
            if let Some(last) = rows.last() {
                self.last.by_mark().insert(stored, *last);
            }
        }
        let stored = |mark: RowMark| *self.stored.get(&mark).unwrap_or(&mark);
        self.contested = self.contested.drain().map(stored).collect();
        odd.sort_unstable_by_key(|(_, place)| *place);
        odd.into_iter()
            .for_each(|(oddity, place)| notes.add(oddity, place));
    }

    /// Records that a key has two rows, if they differ.
    fn contest(&mut self, key: RowMark, before: LastRow, after: LastRow) {
        if before.rest == after.rest {
            return;
        }
        let files = self.file_of(before).zip(self.file_of(after));
        if let Some(files) = files.filter(|(before, after)| before != after) {
            *self.differing.entry(files).or_default() += 1;
        }
        match self.contested.len() < MOST_CONTESTED {
            true => drop(self.contested.insert(key)),
            false => self.has_more_contested |= !self.contested.contains(&key),
        }
    }

    /// How many keys have no row from the number `first` on; `None` if that is most keys or none, or if every row of a key counts.
    pub(super) fn missing_from(&self, first: u64) -> Option<usize> {
        let rows = self.last.all().filter(|row| row.is_full);
        let missing = rows.clone().filter(|row| row.number < first).count();
        let is_told = self.is_last_alone && self.column.is_some() && missing > 0;
        (is_told && missing * 2 <= rows.count()).then_some(missing)
    }

    /// How many keys have their last row among those with these numbers; `None` if every row of a key counts.
    pub(super) fn left_among(&self, numbers: &Range<u64>) -> Option<usize> {
        let left = self.last.all().filter(|row| numbers.contains(&row.number));
        (self.is_last_alone && self.column.is_some()).then(|| left.count())
    }

    /// Whether any key has rows that differ.
    pub(super) fn is_contested(&self) -> bool {
        !self.contested.is_empty()
    }

    /// The key of a row, if rows with that key differ. Call this once all rows have been seen.
    pub(super) fn contested(&self, row: &Row<'_>) -> Option<RowMark> {
        let key = self.stored_mark(row)?;
        self.contested.contains(&key).then_some(key)
    }

    /// Whether this column is the key column.
    pub(super) fn is_by(&self, column: Option<&Column>) -> bool {
        column.is_some_and(|column| self.is_at(column.place))
    }

    /// Whether the column at this index in a row is the key column.
    pub(super) fn is_at(&self, place: usize) -> bool {
        Some(place) == self.column
    }

    /// What is odd about two rows of one key, and the place of the row that is reported.
    fn oddity(&self, before: LastRow, after: LastRow) -> (Oddity, u64) {
        if !self.is_last_alone {
            return (Oddity::Repeated, after.place);
        }
        let is_of_one_file = self.are_of_one_file(before, after);
        let oddity = match (before.date == after.date, is_of_one_file) {
            _ if before.rest == after.rest => Oddity::Superseded,
            (true, false) => Oddity::Replaced,
            (true, true) => Oddity::ReplacedInFile,
            (false, false) => Oddity::ReplacedByOther,
            (false, true) => Oddity::ReplacedInFileByOther,
        };
        (oddity, before.place)
    }

    /// The key of a row, and the number of the row that is imported in its place: its own if it is the last with that key. `None` if every row is
    /// imported. Call this once all rows have been seen.
    pub(super) fn last(&self, row: &Row<'_>, stored: Stored<'_>) -> Option<(RowMark, u64)> {
        if !self.is_last_alone {
            return None;
        }
        let mark = match self.column {
            Some(_) => self.stored_mark(row)?,
            None => whole(row, stored),
        };
        Some((mark, self.last.number(mark, row.number)?))
    }

    /// The key of a row as it is stored.
    fn stored_mark(&self, row: &Row<'_>) -> Option<RowMark> {
        let mark = self.mark(row)?;
        Some(*self.stored.get(&mark).unwrap_or(&mark))
    }

    fn mark(&self, row: &Row<'_>) -> Option<RowMark> {
        self.key(row).map(|(_, key)| RowMark::of([key]))
    }

    /// The index of the key column, and the key of a row; `None` if it is empty, as rows without a key have nothing in common.
    fn key<'r>(&self, row: &'r Row<'_>) -> Option<(usize, &'r [u8])> {
        let column = self.column?;
        match row.trimmed(column) {
            [] => None,
            key => Some((column, key)),
        }
    }
}

/// A key in lower case and without leading zeros; `None` if it has neither capitals nor such zeros.
fn loose(key: &[u8]) -> Option<RowMark> {
    let loose = loose_key(std::str::from_utf8(key).ok()?);
    (loose.as_bytes() != key).then(|| RowMark::of([loose.as_bytes()]))
}

/// How rows are stored: their columns, and their encoding.
pub(super) type Stored<'s> = (&'s [Column], Encoding);

/// The hash of everything that is stored of a row.
fn whole(row: &Row<'_>, (columns, encoding): Stored<'_>) -> RowMark {
    RowMark::of(columns.iter().map(|column| {
        let cell = row.cells.get(column.place).unwrap_or_default();
        column.stored(letters(cell, encoding))
    }))
}
