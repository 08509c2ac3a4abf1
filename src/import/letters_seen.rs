//! What the letters of a file can be, by the bytes of all of its rows.

use super::ImportError;
use super::notes::{Notes, Oddity};
use super::rows::Row;
use crate::config::Encoding;

/// The first row with letters beyond ASCII that are UTF-8, and the first that has others.
#[derive(Default)]
pub(super) struct Letters {
    good: Option<u64>,
    bad: Option<u64>,
    /// Whether a row has both.
    is_mixed: bool,
    /// Rows that have words of another encoding than Windows-1252, if they are no UTF-8.
    eastern: Notes,
}

/// Letters of Windows-1250 that are signs in Windows-1252, which stand in no word: `Ł` (`£`), `Ą` (`¥`), `Ż` (`¯`), `ł` (`³`), `ą` (`¹`), `Ľ` (`¼`), `ľ` (`¾`),
/// `ż` (`¿`), and `Ť`, `Ź`, `ť`, which are nothing.
const SIGNS: [u8; 11] = [
    0xA3, 0xA5, 0xAF, 0xB3, 0xB9, 0xBC, 0xBE, 0xBF, 0x8D, 0x8F, 0x9D,
];

/// Whether a cell has such a sign between two letters.
fn is_eastern(cell: &[u8]) -> bool {
    let is_letter =
        |byte: u8| byte.is_ascii_alphabetic() || byte >= 0xC0 && !matches!(byte, 0xD7 | 0xF7);
    let mut threes = cell.array_windows();
    threes.any(|[before, sign, behind]| {
        SIGNS.contains(sign) && is_letter(*before) && is_letter(*behind)
    })
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
        match first && is_same {
            true => self.good.get_or_insert(row.place),
            false => self.bad.get_or_insert(row.place),
        };
        if row.cells.iter().any(is_eastern) {
            self.eastern.add(Oddity::Eastern, row.place);
        }
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
            (Some(said), _, bad) => {
                if let (Encoding::Utf8, Some(bad)) = (said, bad) {
                    notes.add(Oddity::NoLetter, bad);
                }
                Ok(said)
            }
            (None, _, None) => Ok(Encoding::Utf8),
            (None, None, Some(_)) => {
                notes.extend(self.eastern.clone());
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
