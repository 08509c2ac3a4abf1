//! Rows that equal an earlier one in every column: most of them were exported twice.

use super::notes::{Notes, Oddity};
use super::rows::Row;
use super::source::Unit;
use crate::value::HalfMarks;

/// The most rows that are remembered; of a larger table, only the first ones are compared.
const MOST: usize = 2_000_000;

/// The rows of a table seen so far, each as 64 bits: enough to report duplicates, too little to drop rows by.
pub(super) struct Copies {
    seen: HalfMarks,
    most: usize,
    /// How many rows were compared, and whether more followed.
    compared: u64,
    is_partial: bool,
    /// How many rows equal an earlier one.
    pub(super) count: u64,
    notes: Notes,
}

impl Default for Copies {
    fn default() -> Self {
        Self::among(MOST)
    }
}

impl Copies {
    /// Remembers at most this many different rows.
    fn among(most: usize) -> Self {
        Self {
            seen: HalfMarks::default(),
            most,
            compared: 0,
            is_partial: false,
            count: 0,
            notes: Notes::default(),
        }
    }

    /// Records a row.
    pub(super) fn see(&mut self, row: &Row<'_>) {
        if self.seen.len() >= self.most {
            self.is_partial = true;
            return;
        }
        self.compared += 1;
        if !self.seen.insert(row.mark().half()) {
            self.count += 1;
            self.notes.add(Oddity::Copied, row.place);
        }
    }

    /// The messages about them. `place` is what rows are counted by: `line` or `row`.
    pub(super) fn told(&self, place: &str) -> impl Iterator<Item = String> {
        let of = match self.is_partial {
            true => format!("of the first {} rows: ", self.compared),
            false => String::new(),
        };
        let lines = self.notes.lines(place, Unit::File).into_iter();
        lines.map(move |line| format!("{of}{line}"))
    }
}

#[cfg(test)]
mod tests {
    use csv::ByteRecord;

    use super::*;

    #[test]
    fn of_a_large_table_the_first_rows_are_compared_and_that_is_told() {
        let told = |most| {
            let mut copies = Copies::among(most);
            for (number, cell) in (0..).zip(["a", "b", "a", "c", "b"]) {
                let cells = ByteRecord::from(vec![cell]);
                copies.see(&Row {
                    number,
                    place: number + 1,
                    cells: &cells,
                    numbers: &[],
                });
            }
            copies.told("line").collect::<String>()
        };
        assert!(told(9).starts_with("2 rows are the same as an earlier row"));
        assert!(told(9).ends_with("(lines 3, 5)"));
        assert!(told(3).starts_with("of the first 4 rows: 1 row is the same"));
    }
}
