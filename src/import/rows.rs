//! The interface of every kind of file: rows of cells, which can be read any number of times.

use csv::ByteRecord;

use super::ImportError;
use super::notes::Notes;
use crate::value::RowMark;

/// A row as it stands in a file.
pub(super) struct Row<'r> {
    /// Its number among all rows that are read, from 0.
    pub(super) number: u64,
    /// Its place as people count it: the line of a text file, or the row of a sheet, counted from 1.
    pub(super) place: u64,
    pub(super) cells: &'r ByteRecord,
    /// Which of the cells the file holds as numbers. If there are fewer flags than cells, the remaining cells are text.
    pub(super) numbers: &'r [bool],
}

/// What is done with each row; returns false to stop reading.
pub(super) type Take<'t> = &'t mut dyn FnMut(Row<'_>) -> Result<bool, ImportError>;

/// A table in a file.
pub(super) trait Rows: Send + Sync {
    /// Reads its rows from the first one on, except empty lines. Returns what is odd about how they are written.
    fn read(&self, take: Take<'_>) -> Result<Notes, ImportError>;

    /// Lines about where the rows come from, once all of them have been read.
    fn told(&self) -> Vec<String> {
        Vec::new()
    }

    /// What may have cost rows, one line each with its file, if the rows come from several files.
    fn grave(&self) -> Vec<String> {
        Vec::new()
    }

    /// Lines about several files that need attention: columns that can hardly be right in one of them, and an uncertain order.
    fn attention(&self) -> Vec<String> {
        Vec::new()
    }

    /// For each file, the number of its first row and the columns that it lacks, if the rows come from several files and all have been read.
    fn lacking(&self) -> Vec<(u64, Vec<usize>)> {
        Vec::new()
    }

    /// How many rows each file has, if the rows come from several files and all have been read.
    fn of_each(&self) -> Vec<u64> {
        Vec::new()
    }
}

impl Row<'_> {
    /// Whether all its cells are empty.
    pub(super) fn is_blank(&self) -> bool {
        let mut cells = self.cells.iter();
        cells.all(|cell| cell.trim_ascii().is_empty())
    }

    /// How many of its cells hold something.
    pub(super) fn filled(&self) -> usize {
        let cells = self.cells.iter();
        cells.filter(|cell| !cell.trim_ascii().is_empty()).count()
    }

    /// The cell at an index without surrounding blanks; empty if the row ends before it.
    pub(super) fn trimmed(&self, place: usize) -> &[u8] {
        self.cells.get(place).unwrap_or_default().trim_ascii()
    }

    /// A hash of all its cells, ignoring surrounding blanks.
    pub(super) fn mark(&self) -> RowMark {
        RowMark::of(self.cells.iter().map(<[u8]>::trim_ascii))
    }

    /// A hash of all cells except one.
    pub(super) fn mark_but(&self, place: usize) -> RowMark {
        let cells = self.cells.iter().enumerate();
        let others = cells.filter(|(at, _)| *at != place);
        RowMark::of(others.map(|(_, cell)| cell.trim_ascii()))
    }
}

/// Whether a file holds no row at all, not even headings.
pub(super) fn is_empty(rows: &dyn Rows) -> Result<bool, ImportError> {
    let mut is_empty = true;
    rows.read(&mut |_| {
        is_empty = false;
        Ok(false)
    })?;
    Ok(is_empty)
}
