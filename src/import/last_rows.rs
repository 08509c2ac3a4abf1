//! The last row of each key of a table.

use std::num::NonZeroU64;

use crate::value::{ByMark, RowMark};

/// Whole numbers with more digits are told apart by their hashes.
const DIGITS: usize = 18;

/// The last row of a key: its number, its place, the hash of its other cells, and its first date.
#[derive(Clone, Copy)]
pub(super) struct LastRow {
    pub(super) number: u64,
    pub(super) place: u64,
    pub(super) rest: u64,
    pub(super) date: Option<NonZeroU64>,
    /// Whether most of its cells hold something, which is not so for a total.
    pub(super) is_full: bool,
}

/// The last row of each key. Whole numbers that rise from row to row, as most keys do, are unique by that alone and need no hash map.
#[derive(Default)]
pub(super) struct LastRows {
    rising: Vec<(u64, LastRow)>,
    /// All rows, once a key did not rise.
    by_mark: ByMark<LastRow>,
}

impl LastRows {
    /// Records the row of a key, and returns the row that was its last so far.
    pub(super) fn insert(&mut self, key: &[u8], row: LastRow) -> Option<LastRow> {
        let is_higher = |number: &u64| self.rising.last().is_none_or(|(last, _)| last < number);
        match whole(key).filter(is_higher) {
            Some(number) if self.by_mark.is_empty() => {
                self.rising.push((number, row));
                None
            }
            _ => self.by_mark().insert(RowMark::of([key]), row),
        }
    }

    /// The rows by the hashes of their keys.
    pub(super) fn by_mark(&mut self) -> &mut ByMark<LastRow> {
        let rising = std::mem::take(&mut self.rising).into_iter();
        let marked = rising.map(|(key, row)| (RowMark::of([key.to_string()]), row));
        self.by_mark.extend(marked);
        &mut self.by_mark
    }

    /// The number of the last row of a key, once all rows have been recorded; `own` is the number of a row with the key.
    pub(super) fn number(&self, key: RowMark, own: u64) -> Option<u64> {
        match self.by_mark.is_empty() {
            true => Some(own),
            false => Some(self.by_mark.get(&key)?.number),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &LastRow> + Clone {
        let rising = self.rising.iter().map(|(_, row)| row);
        rising.chain(self.by_mark.values())
    }
}

/// A whole number, if it is written in its canonical form.
fn whole(key: &[u8]) -> Option<u64> {
    let is_one = match key {
        b"0" => true,
        [first, ..] => *first != b'0' && key.len() <= DIGITS,
        [] => false,
    };
    let digit = |number: u64, byte: &u8| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        Some(number * 10 + digit)
    };
    is_one.then(|| key.iter().try_fold(0, digit)).flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn the_last_row_of_each_key_is_found_whether_keys_rise_or_not() {
        for keys in [
            &["1", "2", "10", "11"] as &[&str],
            &["1", "2", "10", "2", "11", "1"],
            &["5", "4", "5", "6", "5"],
            &["1", "02", "2", "x", "3", "x", "1"],
            &["0", "1", "0", "00", "-1", "-1", "1.0", "1"],
            &["99999999999999999999", "1", "99999999999999999999", "2"],
        ] {
            let (mut last, mut known) = (LastRows::default(), HashMap::new());
            for (number, key) in (1..).zip(keys) {
                let row = LastRow {
                    number,
                    place: number + 1,
                    rest: 0,
                    date: None,
                    is_full: true,
                };
                let before = last.insert(key.as_bytes(), row).map(|row| row.number);
                assert_eq!(before, known.insert(*key, number), "{keys:?}: {key}");
            }
            for (own, key) in (1..).zip(keys) {
                let found = last.number(RowMark::of([key]), own);
                assert_eq!(found, known.get(key).copied(), "{keys:?}: {key}");
            }
            assert_eq!(last.all().count(), known.len());
            assert_eq!(last.by_mark().len(), known.len());
        }
    }
}
