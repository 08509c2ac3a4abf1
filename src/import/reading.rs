//! What the first reading counts.

use std::iter::repeat;

use super::ahead::read_ahead;
use super::layout::{Layout, too_wide};
use super::letters_seen::Letters;
use super::limits::Limits;
use super::notes::{Notes, Oddity};
use super::rows::{Row, Rows};
use super::tally::Tally;
use super::{ImportError, MOST_COLUMNS};

/// What was seen of all rows of a table.
#[derive(Default)]
pub(super) struct Reading {
    /// By the indices of cells.
    pub(super) tallies: Vec<Tally>,
    pub(super) letters: Letters,
    /// How many rows there are, not counting headings, what stands above them, and rows without any value.
    pub(super) count: u64,
    pub(super) notes: Notes,
}

/// What else is done with each row. The result says whether the row belongs to the table, and if not, why.
pub(super) type Each<'e> = &'e mut dyn FnMut(&Row<'_>, Result<(), Option<Oddity>>);

impl Reading {
    /// Reads a table once.
    ///
    /// # Errors
    /// It cannot be read or holds too much.
    pub(super) fn of(
        rows: &dyn Rows,
        name: &str,
        layout: &Layout,
        limits: &Limits<'_>,
        each: Each<'_>,
    ) -> Result<Self, ImportError> {
        let mut reading = Self {
            tallies: layout.written.iter().map(|_| Tally::default()).collect(),
            ..Self::default()
        };
        let written = read_ahead(rows, &mut |row: Row<'_>| {
            limits.count(&row)?;
            reading.letters.see(&row);
            let admitted = layout.admits(&row);
            each(&row, admitted);
            match admitted {
                Ok(()) => reading.see(&row, name, layout)?,
                Err(oddity) => oddity
                    .into_iter()
                    .for_each(|oddity| reading.notes.add(oddity, row.place)),
            }
            Ok(true)
        })?;
        reading.notes.extend(written);
        Ok(reading)
    }

    fn see(&mut self, row: &Row<'_>, name: &str, layout: &Layout) -> Result<(), ImportError> {
        self.count += 1;
        let headed = layout.written.len();
        let width = row.cells.len();
        if width > MOST_COLUMNS {
            return Err(too_wide(name, row));
        }
        let mut further = row.cells.iter().skip(headed);
        if headed > 0 && width < headed {
            self.notes.add(Oddity::Short, row.place);
        } else if headed > 0 && further.any(|cell| !cell.trim_ascii().is_empty()) {
            self.notes.add(Oddity::Long, row.place);
        }
        while self.tallies.len() < width {
            self.tallies.push(Tally::default());
        }
        let numbers = row.numbers.iter().copied().chain(repeat(false));
        for ((tally, cell), is_number) in self.tallies.iter_mut().zip(row.cells).zip(numbers) {
            tally.see(cell, row.place, is_number);
        }
        if row.cells.as_slice().contains(&0) {
            self.notes.add(Oddity::Nul, row.place);
        }
        Ok(())
    }
}
