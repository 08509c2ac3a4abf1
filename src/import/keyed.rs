//! Rows of a file by the column that tells them apart, or by all of them.

use std::collections::{BTreeMap, HashMap};

use super::ImportError;
use super::column::Column;
use super::encoding::letters;
use super::layout::Layout;
use super::notes::{Notes, Oddity};
use super::number::may_be_written_otherwise;
use super::rows::Row;
use crate::config::{Copies, Encoding, FileForm};
use crate::value::RowMark;

/// The last row of each key.
pub(super) struct Keyed {
    /// The column's place in a row; none for all columns.
    column: Option<usize>,
    /// Whether the last row of each key is imported alone.
    pub(super) is_last_alone: bool,
    last: HashMap<RowMark, Last>,
    /// Keys as they are written that a column of numbers stores otherwise, such as `1.0` and `1,001`.
    spelled: HashMap<RowMark, Box<[u8]>>,
    /// For what is written so, what is stored.
    stored: HashMap<RowMark, RowMark>,
    /// How many rows have the key of a later one.
    pub(super) earlier: u64,
}

/// The last row of a key: its number, its place, and what else it holds.
#[derive(Clone, Copy)]
struct Last {
    number: u64,
    place: u64,
    rest: RowMark,
}

impl Keyed {
    /// By the column that config says to tell rows apart, or by all where each row is to count once, else by a key that it names of the
    /// table; none where it names none that the file has.
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
            last: HashMap::new(),
            spelled: HashMap::new(),
            stored: HashMap::new(),
            earlier: 0,
        }
    }

    /// Takes in a row.
    pub(super) fn see(&mut self, row: &Row<'_>, notes: &mut Notes) {
        let Some(mark) = self.mark(row) else {
            return;
        };
        let mut rest = mark;
        if let Some(column) = self.column {
            rest = row.mark_but(column);
            let key = row.trimmed(column);
            if may_be_written_otherwise(key) {
                self.spelled.entry(mark).or_insert_with(|| key.into());
            }
        }
        let last = Last {
            number: row.number,
            place: row.place,
            rest,
        };
        if let Some(before) = self.last.insert(mark, last) {
            self.earlier += 1;
            let (oddity, place) = self.oddity(before, last);
            notes.add(oddity, place);
        }
    }

    /// Takes together what is written in several ways and stored in one, once it is known how the columns are stored.
    pub(super) fn settle(&mut self, columns: &[Column], encoding: Encoding, notes: &mut Notes) {
        let mut columns = columns.iter();
        let Some(column) = columns.find(|column| Some(column.place) == self.column) else {
            return;
        };
        let mut together: BTreeMap<RowMark, Vec<Last>> = BTreeMap::new();
        for (written, text) in std::mem::take(&mut self.spelled) {
            let stored = column.stored(letters(&text, encoding));
            let stored = RowMark::of([stored.as_bytes()]);
            if stored == written {
                continue;
            }
            self.stored.insert(written, stored);
            let rows = together.entry(stored).or_default();
            rows.extend(self.last.remove(&stored));
            rows.extend(self.last.remove(&written));
        }
        let mut odd = Vec::new();
        for (stored, mut rows) in together {
            rows.sort_unstable_by_key(|row| row.number);
            for pair in rows.windows(2) {
                if let [before, after] = pair {
                    self.earlier += 1;
                    odd.push(self.oddity(*before, *after));
                }
            }
            if let Some(last) = rows.last() {
                self.last.insert(stored, *last);
            }
        }
        odd.sort_unstable_by_key(|(_, place)| *place);
        odd.into_iter()
            .for_each(|(oddity, place)| notes.add(oddity, place));
    }

    /// What is odd about two rows of one key, and which of them it is told of.
    fn oddity(&self, before: Last, after: Last) -> (Oddity, u64) {
        match (self.is_last_alone, self.column) {
            (true, None) => (Oddity::CopyLeftOut, before.place),
            (true, Some(_)) if before.rest == after.rest => (Oddity::Superseded, before.place),
            (true, Some(_)) => (Oddity::Replaced, before.place),
            (false, _) => (Oddity::Repeated, after.place),
        }
    }

    /// Whether a row is imported, once all of them have been seen.
    pub(super) fn keeps(&self, row: &Row<'_>) -> bool {
        let mark = self.mark(row).filter(|_| self.is_last_alone);
        mark.is_none_or(|mark| {
            let stored = self.stored.get(&mark).unwrap_or(&mark);
            let last = self.last.get(stored);
            last.is_none_or(|last| last.number == row.number)
        })
    }

    /// What a row has there; nothing is the key of no other.
    fn mark(&self, row: &Row<'_>) -> Option<RowMark> {
        match self.column.map(|column| row.trimmed(column)) {
            None => Some(row.mark()),
            Some([]) => None,
            Some(key) => Some(RowMark::of([key])),
        }
    }
}
