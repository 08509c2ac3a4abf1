//! A set of a table's rows, by number from 0: one bit each.

/// A set of rows.
#[derive(Debug, Clone, Default)]
pub(super) struct RowSet(Vec<u64>);

impl RowSet {
    pub(super) fn insert(&mut self, row: u32) {
        let (word, bit) = place(row);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    pub(super) fn contains(&self, row: u32) -> bool {
        let (word, bit) = place(row);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Adds the rows of another one.
    pub(super) fn absorb(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// Adds the rows of another set, with their numbers increased by `before`.
    pub(super) fn append(&mut self, next: &Self, before: u32) {
        let rows = next.iter().filter_map(|row| row.checked_add(before));
        rows.for_each(|row| self.insert(row));
    }

    /// The rows, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        let firsts = (0u32..).step_by(64).zip(&self.0);
        firsts.flat_map(|(first, word)| {
            let bits = (0..64).filter(move |bit| word >> bit & 1 == 1);
            bits.map(move |bit| first + bit)
        })
    }
}

/// The word that holds a row, and the row's bit in it.
fn place(row: u32) -> (usize, u64) {
    ((row / 64) as usize, 1 << (row % 64))
}
