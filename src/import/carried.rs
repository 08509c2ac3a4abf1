//! What a row keeps of earlier rows with its key: the columns that its file does not have say nothing about it.

use super::rows::{Row, Rows};
use crate::value::{ByMark, RowMark};

/// Cells of earlier rows, by the key of the row that counts.
pub(super) struct Carried {
    /// For each file the number of its first row, and the columns that it does not have.
    files: Vec<(u64, Vec<usize>)>,
    cells: ByMark<Kept>,
}

/// Cells, each with the place of its column.
type Kept = Vec<(usize, Vec<u8>)>;

impl Carried {
    pub(super) fn among(rows: &dyn Rows) -> Self {
        Self {
            files: rows.lacking(),
            cells: ByMark::default(),
        }
    }

    /// The columns that the file of a row does not have.
    fn lacking(&self, number: u64) -> &[usize] {
        let behind = self.files.partition_point(|(first, _)| *first <= number);
        let file = behind.checked_sub(1).and_then(|at| self.files.get(at));
        file.map_or(&[], |(_, columns)| columns)
    }

    /// Takes in a row in whose place a later one counts, by the key and the number of that.
    pub(super) fn keep(&mut self, row: &Row<'_>, (key, later): (RowMark, u64)) {
        let own = self.lacking(row.number);
        let wanted = self.lacking(later).iter();
        let wanted: Vec<usize> = wanted
            .filter(|place| !own.contains(place))
            .copied()
            .collect();
        if wanted.is_empty() {
            return;
        }
        let kept = self.cells.entry(key).or_default();
        for place in wanted {
            kept.retain(|(known, _)| *known != place);
            let cell = row.cells.get(place).unwrap_or_default();
            kept.push((place, cell.to_vec()));
        }
    }

    /// What a row that counts keeps.
    pub(super) fn of(&mut self, key: RowMark) -> Kept {
        self.cells.remove(&key).unwrap_or_default()
    }
}
