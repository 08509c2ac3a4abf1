//! Rows that are the same as an earlier one in every column: mostly they were exported twice.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::notes::{Notes, Oddity};
use super::rows::Row;

/// So many rows are remembered: of a larger table only the first ones are compared.
const MOST: usize = 2_000_000;

/// The rows of a table that were seen, each as 64 bits: enough to tell of them, too little to leave any out.
#[derive(Default)]
pub(super) struct Copies {
    seen: HashSet<u64>,
    /// How many rows are the same as an earlier one.
    pub(super) count: u64,
}

impl Copies {
    /// Takes in a row.
    pub(super) fn see(&mut self, row: &Row<'_>, notes: &mut Notes) {
        if self.seen.len() >= MOST {
            return;
        }
        let mut hasher = DefaultHasher::new();
        for cell in row.cells {
            cell.trim_ascii().hash(&mut hasher);
        }
        if !self.seen.insert(hasher.finish()) {
            self.count += 1;
            notes.add(Oddity::Copied, row.place);
        }
    }
}
