//! Rows of a file by the column that tells them apart, or by all of them.

use std::collections::HashMap;

use super::ImportError;
use super::layout::Layout;
use super::notes::{Notes, Oddity};
use super::rows::Row;
use crate::config::{Copies, FileForm};

/// What stands for a key.
pub(super) type Mark = [u8; 16];

/// The last row of each key.
pub(super) struct Keyed {
    /// The column's place in a row; none for all columns.
    column: Option<usize>,
    /// Whether the last row of each key is imported alone.
    pub(super) is_last_alone: bool,
    /// By number, by place, and what it holds.
    last: HashMap<Mark, (u64, u64, Mark)>,
    /// How many rows have the key of a later one.
    pub(super) earlier: u64,
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
            earlier: 0,
        }
    }

    /// Takes in a row.
    pub(super) fn see(&mut self, row: &Row<'_>, notes: &mut Notes) {
        let Some(mark) = self.mark(row) else {
            return;
        };
        let whole = match self.column {
            Some(_) => mark_of_all(row.cells.iter()),
            None => mark,
        };
        let Some((_, place, before)) = self.last.insert(mark, (row.number, row.place, whole))
        else {
            return;
        };
        self.earlier += 1;
        match (self.is_last_alone, self.column) {
            (true, None) => notes.add(Oddity::CopyLeftOut, place),
            (true, Some(_)) if before == whole => notes.add(Oddity::Superseded, place),
            (true, Some(_)) => notes.add(Oddity::Replaced, place),
            (false, _) => notes.add(Oddity::Repeated, row.place),
        }
    }

    /// Whether a row is imported, once all of them have been seen.
    pub(super) fn keeps(&self, row: &Row<'_>) -> bool {
        let mark = self.mark(row).filter(|_| self.is_last_alone);
        mark.is_none_or(|mark| {
            let last = self.last.get(&mark);
            last.is_none_or(|(number, ..)| *number == row.number)
        })
    }

    /// What a row has there; nothing is the key of no other.
    fn mark(&self, row: &Row<'_>) -> Option<Mark> {
        let Some(column) = self.column else {
            return Some(mark_of_all(row.cells.iter()));
        };
        let cell = row.cells.get(column)?.trim_ascii();
        if cell.is_empty() {
            return None;
        }
        Some(mark_of(cell))
    }
}

/// What stands for the text of a cell.
pub(super) fn mark_of(cell: &[u8]) -> Mark {
    let mut mark = Mark::default();
    blake3::Hasher::new()
        .update(cell)
        .finalize_xof()
        .fill(&mut mark);
    mark
}

/// What stands for the texts of several cells.
pub(super) fn mark_of_all<'c>(cells: impl Iterator<Item = &'c [u8]>) -> Mark {
    let mut hasher = blake3::Hasher::new();
    for cell in cells {
        let cell = cell.trim_ascii();
        hasher.update(&cell.len().to_le_bytes());
        hasher.update(cell);
    }
    let mut mark = Mark::default();
    hasher.finalize_xof().fill(&mut mark);
    mark
}
