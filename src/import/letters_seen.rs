//! Which encodings a file can have, judging by the bytes of all its rows.

use super::ImportError;
use super::notes::{Notes, Oddity};
use super::rows::Row;
use super::signs::Signs;
use crate::config::Encoding;

/// The first row with characters beyond ASCII that are UTF-8, and the first with other ones.
#[derive(Default)]
pub(super) struct Letters {
    good: Option<u64>,
    bad: Option<u64>,
    /// Whether a row has both.
    is_mixed: bool,
    /// Rows that have other ones.
    others: Notes,
    /// What those rows have inside words, if the file is not UTF-8.
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

    /// Whether each cell tells its own encoding: it is UTF-8 if it can be.
    pub(super) fn are_told_by_cells(&self, encoding: Encoding) -> bool {
        self.bad.is_none()
            || encoding == Encoding::Windows1252 && self.good.is_none() && !self.is_mixed
    }

    /// The encoding; `said` is what the file or config says.
    ///
    /// # Errors
    /// Some rows can be UTF-8 and others cannot, and nothing says which is meant.
    pub(super) fn encoding(
        &self,
        name: &str,
        said: Option<Encoding>,
        notes: &mut Notes,
    ) -> Result<Encoding, ImportError> {
        match (said, self.good, self.bad) {
            // The export has changed: in Windows-1252 such pairs of characters form no words.
            (Some(Encoding::Windows1252), Some(_), None) => Ok(Encoding::Utf8),
            (Some(Encoding::Utf8), _, _) => {
                notes.extend(self.others.clone());
                Ok(Encoding::Utf8)
            }
            (Some(Encoding::Utf16), _, _) => Ok(Encoding::Utf16),
            (None, _, None) => Ok(Encoding::Utf8),
            // Config says only what an import found and `init` wrote there.
            (Some(Encoding::Windows1252), _, _) | (None, None, Some(_)) => {
                notes.extend(self.signs.told(self.others.count(Oddity::NoLetter)));
                Ok(Encoding::Windows1252)
            }
            (None, Some(good), Some(bad)) => Err(ImportError::of(
                name,
                format_args!(
                    "line {good} is UTF-8, but line {bad} is not: say which it is, `encoding: utf-8` or `encoding: windows-1252`"
                ),
            )),
        }
    }
}
