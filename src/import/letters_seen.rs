//! What the letters of a file can be, by the bytes of all of its rows.

use super::ImportError;
use super::notes::{Notes, Oddity};
use super::rows::Row;
use super::signs::Signs;
use crate::config::Encoding;

/// The first row with letters beyond ASCII that are UTF-8, and the first that has others.
#[derive(Default)]
pub(super) struct Letters {
    good: Option<u64>,
    bad: Option<u64>,
    /// Whether a row has both.
    is_mixed: bool,
    /// Rows that have others.
    others: Notes,
    /// What they have inside of words, if they are no UTF-8.
    signs: Signs,
}

impl Letters {
    pub(super) fn see(&mut self, row: &Row<'_>) {
        if row.cells.as_slice().is_ascii() {
            return;
        }
        let beyond = row.cells.iter().filter(|cell| !cell.is_ascii());
        let mut is_good = beyond.map(|cell| std::str::from_utf8(cell).is_ok());
        let first = is_good.next().unwrap_or(true);
        let is_same = is_good.all(|good| good == first);
        self.is_mixed |= !is_same;
        if first && is_same {
            self.good.get_or_insert(row.place);
            return;
        }
        self.bad.get_or_insert(row.place);
        self.others.add(Oddity::NoLetter, row.place);
        self.signs.see(row);
    }

    /// Whether every cell alone tells what its letters are: they are UTF-8 if they can be.
    pub(super) fn are_told_by_cells(&self, encoding: Encoding) -> bool {
        self.bad.is_none()
            || encoding == Encoding::Windows1252 && self.good.is_none() && !self.is_mixed
    }

    /// What they are, where `said` is what the file or config says.
    ///
    /// # Errors
    /// Some can be UTF-8 and others cannot, and nobody says what is meant.
    pub(super) fn encoding(
        &self,
        name: &str,
        said: Option<Encoding>,
        notes: &mut Notes,
    ) -> Result<Encoding, ImportError> {
        match (said, self.good, self.bad) {
            // The export is another one than it was: in Windows-1252 such pairs of letters are no words.
            (Some(Encoding::Windows1252), Some(_), None) => Ok(Encoding::Utf8),
            (Some(Encoding::Utf8), _, _) => {
                notes.extend(self.others.clone());
                Ok(Encoding::Utf8)
            }
            (Some(Encoding::Utf16), _, _) => Ok(Encoding::Utf16),
            (None, _, None) => Ok(Encoding::Utf8),
            // Config says no more than what an import found, which `init` wrote there.
            (Some(Encoding::Windows1252), _, _) | (None, None, Some(_)) => {
                notes.extend(self.signs.told(self.others.count(Oddity::NoLetter)));
                Ok(Encoding::Windows1252)
            }
            (None, Some(good), Some(bad)) => Err(ImportError::of(
                name,
                format_args!(
                    "line {good} is UTF-8, and line {bad} is not: write which one is meant, `encoding: utf-8` or `encoding: windows-1252`"
                ),
            )),
        }
    }
}
