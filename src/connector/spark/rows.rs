//! The rows of an answer.

use std::ops::ControlFlow;

use super::cells::Cells;
use super::failure::Failure;
use super::session::{Batches, Session};
use crate::engine::{self, Cell, OwnedCell, ReadError};

/// A row of the current batch.
pub(super) struct SparkRow<'r> {
    cells: &'r Cells,
    row: usize,
}

impl engine::Row for SparkRow<'_> {
    #[inline]
    fn cell(&self, place: usize) -> Cell<'_> {
        self.cells.cell(self.row, place)
    }

    fn name(&self) -> Option<Cell<'_>> {
        None
    }

    fn id(&self) -> Option<i64> {
        None
    }
}

impl Batches<'_> {
    /// The cells of the next batch; none after the last.
    fn next_cells(&mut self) -> Result<Option<Cells>, Failure> {
        self.next()?.as_ref().map(Cells::of).transpose()
    }
}

impl Session {
    /// Passes each row of a query to `each`, until there are no more or `each` has enough.
    pub(super) fn each_row(
        &self,
        sql: &str,
        failed: &mut dyn FnMut(Failure) -> ReadError,
        mut each: impl FnMut(&SparkRow<'_>) -> Result<ControlFlow<()>, ReadError>,
    ) -> Result<(), ReadError> {
        let mut batches = self.query(sql).map_err(&mut *failed)?;
        while let Some(cells) = batches.next_cells().map_err(&mut *failed)? {
            for row in 0..cells.rows() {
                let cells = &cells;
                if each(&SparkRow { cells, row })?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// All rows of a short query.
    pub(super) fn rows(&self, sql: impl Into<String>) -> Result<Vec<Vec<OwnedCell>>, Failure> {
        let mut rows = Vec::new();
        let mut batches = self.query(sql)?;
        while let Some(cells) = batches.next_cells()? {
            rows.extend((0..cells.rows()).map(|row| cells.owned(row)));
        }
        Ok(rows)
    }
}
