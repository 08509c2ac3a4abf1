//! Hashes that stand for the values of a row when rows are compared.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A 128-bit hash of several values in order: rows with the same mark are taken to be equal in every column. It is
/// fast, and no defence against values chosen to collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowMark(u64, u64);

/// Values by the marks of rows.
pub type ByMark<V> = HashMap<RowMark, V, BuildHasherDefault<AsItIs>>;

/// A set of row marks.
pub type Marks = HashSet<RowMark, BuildHasherDefault<AsItIs>>;

/// A set of first halves of marks.
pub type HalfMarks = HashSet<u64, BuildHasherDefault<AsItIs>>;

impl RowMark {
    /// The mark of some values, given as bytes. Distinct values must have distinct bytes.
    pub fn of<V: AsRef<[u8]>>(values: impl IntoIterator<Item = V>) -> Self {
        let mut mark = Self(0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344);
        for value in values {
            let value = value.as_ref();
            mark.mix(value.len() as u64);
            let (words, rest) = value.as_chunks::<8>();
            for word in words {
                mark.mix(u64::from_le_bytes(*word));
            }
            if !rest.is_empty() {
                let word = rest.iter().rev();
                mark.mix(word.fold(0, |word, byte| word << 8 | u64::from(*byte)));
            }
        }
        mark
    }

    /// The first half, for uses in which a very rare collision does no harm.
    pub fn half(self) -> u64 {
        self.0
    }

    /// Mixes a word in: each half is multiplied by its own constant and folded.
    fn mix(&mut self, word: u64) {
        self.0 = folded(self.0 ^ word, 0x9E37_79B9_7F4A_7C15);
        self.1 = folded(self.1 ^ word, 0xD6E8_FEB8_6659_FD93);
    }
}

fn folded(word: u64, by: u64) -> u64 {
    let product = u128::from(word) * u128::from(by);
    (product >> 64) as u64 ^ product as u64
}

impl Hash for RowMark {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0);
    }
}

/// A hasher for marks, which passes them through because they are hashes already.
#[derive(Debug, Default, Clone, Copy)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = RowMark::of([bytes]).half() ^ self.0.rotate_left(32);
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = word;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_of_many_rows_that_are_like_each_other_have_the_same_mark() {
        let mut rows: Vec<Vec<Vec<u8>>> = vec![vec![], vec![b"".to_vec()], vec![b"".to_vec(); 2]];
        // Values that continue across the end of a cell, and bytes that look like lengths or the end of a word.
        for text in ["abcdefgh", "a\0\0\0\0\0\0\0", "\u{8}\0\0\0\0\0\0\0abcdefgh"] {
            let text = text.as_bytes();
            let (half, rest) = text.split_at(text.len() / 2);
            rows.push(vec![text.to_vec()]);
            rows.push(vec![half.to_vec(), rest.to_vec()]);
            rows.push(vec![text.to_vec(), Vec::new()]);
            rows.push(vec![Vec::new(), text.to_vec()]);
        }
        for number in 0..200_000_u32 {
            rows.push(vec![number.to_string().into_bytes()]);
            rows.push(vec![
                (number % 7).to_string().into_bytes(),
                (number / 7).to_string().into_bytes(),
                b"2025-01-01 10:00".to_vec(),
            ]);
        }
        let marks: Marks = rows.iter().map(RowMark::of).collect();
        assert_eq!(marks.len(), rows.len());
        let halves = |half: fn(&RowMark) -> u64| marks.iter().map(half).collect::<HashSet<u64>>();
        assert_eq!(halves(|mark| mark.0).len(), rows.len());
        assert_eq!(halves(|mark| mark.1).len(), rows.len());
        // Changing one bit of a value changes about half of the mark's bits.
        let turned: u32 = (0..64)
            .map(|bit| {
                let word = |word: u64| RowMark::of([word.to_le_bytes()]);
                let (one, other) = (word(0x0123_4567), word(0x0123_4567 ^ 1 << bit));
                (one.0 ^ other.0).count_ones() + (one.1 ^ other.1).count_ones()
            })
            .sum();
        assert!((3_600..4_600).contains(&turned), "{turned}");
    }
}
