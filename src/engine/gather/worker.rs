//! One thread's work: reading parts of a table, batch by batch, and passing each batch to the aggregates.

use std::ops::ControlFlow;

use super::batch::Batch;
use super::part::Part;
use super::reading::Progress;
use super::shares::Shares;
use super::subjects::Population;
use super::tables::{ReadError, Row, Tables};
use super::taking::Taking;

/// One of the threads that read a table.
#[derive(Clone)]
pub(super) struct Worker<'p> {
    pub(super) batch: Batch,
    pub(super) taking: Taking<'p>,
    pub(super) population: &'p Population,
    /// The number of rows that are processed together.
    pub(super) size: usize,
}

impl Worker<'_> {
    /// Reads parts until none is left.
    pub(super) fn work<T: Tables>(
        &mut self,
        tables: &T,
        shares: &Shares,
        progress: &Progress<'_>,
    ) -> Result<(), ReadError> {
        let _hold = shares.hold();
        while let Some(part) = shares.next() {
            self.read(tables, part, shares, progress)?;
        }
        Ok(())
    }

    fn read<T: Tables>(
        &mut self,
        tables: &T,
        part: Part,
        shares: &Shares,
        progress: &Progress<'_>,
    ) -> Result<(), ReadError> {
        let mut position = part.first();
        let select = self.batch.intake.select.clone();
        tables.read(&select, part, |row| {
            self.batch.read(row, self.population);
            if self.batch.intake.rows < self.size {
                return Ok(ControlFlow::Continue(()));
            }
            self.take(&mut position, progress)?;
            Ok(match shares.leave(part, || row.id()) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            })
        })?;
        self.take(&mut position, progress)
    }

    /// Passes the rows read to the aggregates.
    fn take(&mut self, position: &mut i64, progress: &Progress<'_>) -> Result<(), ReadError> {
        let rows = self.batch.intake.rows;
        if rows == 0 {
            return Ok(());
        }
        self.taking
            .take(&mut self.batch, self.population, *position);
        self.batch.clear();
        *position = position.saturating_add_unsigned(rows as u64);
        progress.add(rows as u64)
    }
}
