//! What every kind of file gives: rows of cells, as often as they are asked for.

use csv::ByteRecord;

use super::ImportError;
use super::notes::Notes;

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
pub(super) trait Rows: Sync {
    /// Reads its rows from the first one on, without lines that are empty. Gives what is odd about how they are
    /// written.
    fn read(&self, take: Take<'_>) -> Result<Notes, ImportError>;

    /// What has to be said of where they come from, in lines, once all of them have been read.
    fn told(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Row<'_> {
    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        let mut cells = self.cells.iter();
        cells.all(|cell| cell.trim_ascii().is_empty())
    }
}
