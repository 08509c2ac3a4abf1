//! What a row keeps from earlier rows with the same key: the columns that its own file lacks.

use super::rows::{Row, Rows};
use crate::value::{ByMark, RowMark};

/// Cells of earlier rows, by the key of the row that counts.
pub(super) struct Carried {
    /// For each file, the number of its first row and the columns that it lacks.
    files: Vec<(u64, Vec<usize>)>,
    cells: ByMark<Kept>,
}

/// Cells, each with the index of its column.
type Kept = Vec<(usize, Vec<u8>)>;

impl Carried {
    pub(super) fn among(rows: &dyn Rows) -> Self {
        Self {
            files: rows.lacking(),
            cells: ByMark::default(),
        }
    }

    /// The columns that the file of a row lacks.
    fn lacking(&self, number: u64) -> &[usize] {
        let behind = self.files.partition_point(|(first, _)| *first <= number);
        let file = behind.checked_sub(1).and_then(|at| self.files.get(at));
        file.map_or(&[], |(_, columns)| columns)
    }

    /// Records a row that a later one replaces, given the key and the number of the later row.
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

    /// Takes the cells that the row that counts keeps.
    pub(super) fn of(&mut self, key: RowMark) -> Kept {
        self.cells.remove(&key).unwrap_or_default()
    }
}
