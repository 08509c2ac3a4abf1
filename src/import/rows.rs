//! What every kind of file gives: rows of cells, as often as they are asked for.

use csv::ByteRecord;

use super::ImportError;
use super::notes::Notes;
use crate::value::RowMark;

/// A row as it stands in a file.
pub(super) struct Row<'r> {
    /// Its number among all that are read, from 0.
    pub(super) number: u64,
    /// Its place for people: the line of a text file, the row of a sheet; counted from 1.
    pub(super) place: u64,
    pub(super) cells: &'r ByteRecord,
    /// Which of them the file holds as numbers; where there are fewer, the others are text.
    pub(super) numbers: &'r [bool],
}

/// What is done with each row; false to read no further.
pub(super) type Take<'t> = &'t mut dyn FnMut(Row<'_>) -> Result<bool, ImportError>;

/// A table in a file.
pub(super) trait Rows: Send + Sync {
    /// Reads its rows from the first one on, without lines that are empty. Gives what is odd about how they are
    /// written.
    fn read(&self, take: Take<'_>) -> Result<Notes, ImportError>;

    /// What has to be said of where they come from, in lines, once all of them have been read.
    fn told(&self) -> Vec<String> {
        Vec::new()
    }

    /// What of them may have cost rows, each line with its file, where they are of several.
    fn grave(&self) -> Vec<String> {
        Vec::new()
    }

    /// What of several files needs attention, in lines: columns that can hardly be read in one of them, and an order that is doubtful.
    fn attention(&self) -> Vec<String> {
        Vec::new()
    }

    /// For each file the number of its first row, and which columns it does not have, where they are of several and all have been read.
    fn lacking(&self) -> Vec<(u64, Vec<usize>)> {
        Vec::new()
    }

    /// How many rows each file has, where they are of several and all have been read.
    fn of_each(&self) -> Vec<u64> {
        Vec::new()
    }
}

impl Row<'_> {
    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        let mut cells = self.cells.iter();
        cells.all(|cell| cell.trim_ascii().is_empty())
    }

    /// How many of its cells hold something.
    pub(super) fn filled(&self) -> usize {
        let cells = self.cells.iter();
        cells.filter(|cell| !cell.trim_ascii().is_empty()).count()
    }

    /// A cell without blanks around it, by its place; nothing where the row ends before it.
    pub(super) fn trimmed(&self, place: usize) -> &[u8] {
        self.cells.get(place).unwrap_or_default().trim_ascii()
    }

    /// What stands for all of its cells, whatever blanks are around them.
    pub(super) fn mark(&self) -> RowMark {
        RowMark::of(self.cells.iter().map(<[u8]>::trim_ascii))
    }

    /// The same of all cells but one.
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
