//! Rows that a stray quote has made part of a cell: the next quote, rows later, closes it.

use csv::ByteRecord;

use super::ImportError;
use super::notes::{Notes, Oddity};

/// A file is not read if at least this many lines, and one in this many, are inside cells.
const LINES: u64 = 3;
const ONE_IN: u64 = 10;
/// Rows with more cells than this are told from text by their number of cells alone.
const FEW: usize = 3;

/// Lines inside cells that look like the rows of their file.
pub(super) struct Swallowed {
    separator: u8,
    /// How many cells a row has.
    width: usize,
    lines: u64,
    /// The row with the first such line.
    first: Option<u64>,
    pub(super) notes: Notes,
}

/// What a cell looks like.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Look {
    Empty,
    Number,
    Address,
    Words,
}

impl Look {
    fn of(cell: &[u8]) -> Self {
        let cell = cell.trim_ascii();
        let cell = cell.strip_prefix(b"-").unwrap_or(cell);
        match cell.first() {
            None => Self::Empty,
            Some(byte) if byte.is_ascii_digit() => Self::Number,
            Some(_) if cell.contains(&b'@') => Self::Address,
            Some(_) => Self::Words,
        }
    }
}

impl Swallowed {
    pub(super) fn new(separator: u8, width: usize) -> Self {
        Self {
            separator,
            width,
            lines: 0,
            first: None,
            notes: Notes::default(),
        }
    }

    /// Records a row in which some cell has several lines.
    pub(super) fn see(&mut self, cells: &ByteRecord, place: u64) {
        let before = self.lines;
        for (at, cell) in cells.iter().enumerate() {
            // The first line is the rest of the row itself.
            let lines = cell.split(|byte| *byte == b'\n').skip(1);
            let rows = lines.filter(|line| self.is_row(line, cells, at));
            self.lines += rows.count() as u64;
        }
        if self.lines > before {
            self.first.get_or_insert(place);
            self.notes.add(Oddity::Swallowed, place);
        }
    }

    /// Whether a line inside the cell at index `at` of a row looks like a row. It has to have as many cells as a row, and its cells before that
    /// index have to look like those of the row that it is in, and if that row is whole, those after it as well: a line of an address may have as
    /// many commas.
    fn is_row(&self, line: &[u8], row: &ByteRecord, at: usize) -> bool {
        let separators = line.iter().filter(|byte| **byte == self.separator).count();
        if self.width < 2 || separators + 1 != self.width {
            return false;
        }
        let cells = line.split(|byte| *byte == self.separator).map(Look::of);
        let is_whole = row.len() == self.width;
        let pairs = cells.zip(row.iter().map(Look::of)).enumerate();
        let mut pairs = pairs.filter(|(place, _)| *place < at || is_whole && *place > at);
        let (mut is_like, mut has_number) = (true, false);
        pairs.all(|(_, (cell, own))| {
            let is_open = cell == Look::Empty || own == Look::Empty;
            has_number |= cell == Look::Number && own == cell;
            is_like = is_open || cell == own;
            is_like
        });
        is_like && (has_number || self.width > FEW)
    }

    /// Refuses a file if a good part of it would be lost.
    ///
    /// # Errors
    /// A good part of the file, which has `rows` rows, would be lost.
    pub(super) fn check(&self, name: &str, rows: u64) -> Result<(), ImportError> {
        match self.first {
            Some(first) if self.lines >= LINES && self.lines * ONE_IN >= rows + self.lines => {
                Err(ImportError::of(
                    name,
                    format_args!(
                        "{} lines look like rows but are inside quoted cells, the first in the cell that begins in line {first}: close its quote \
                         there, or double it if it is part of the text; if the cell is meant to hold these lines, write `quotes: trusted` for the \
                         file in `import:` of config; if quotes are ordinary characters in it, write `quotes: none`",
                        self.lines
                    ),
                ))
            }
            _ => Ok(()),
        }
    }
}
