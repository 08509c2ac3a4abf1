//! For a single reader, whose work cannot be shared out: a second thread processes each batch while the next one is
//! read.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use super::batch::Batch;
use super::part::Part;
use super::reading::Progress;
use super::tables::{ReadError, Tables};
use super::worker::Worker;

/// Batches on their way to the thread that processes them, each with the position of its first row, and back.
struct Exchange {
    full: SyncSender<(Batch, i64)>,
    spare: Receiver<Batch>,
}

impl Exchange {
    /// Exchanges a full batch for an empty one; `None` if the other side is gone. That happens only if it panicked,
    /// which shows when it is joined.
    fn hand_on(&self, batch: &mut Batch, first: i64) -> Option<()> {
        let full = std::mem::replace(batch, self.spare.recv().ok()?);
        self.full.send((full, first)).ok()
    }
}

impl Worker<'_> {
    /// Reads a part on this thread, and counts on another.
    pub(super) fn pipeline<T: Tables>(
        &mut self,
        tables: &T,
        part: Part,
        progress: &Progress<'_>,
    ) -> Result<(), ReadError> {
        let Self {
            batch,
            taking,
            population,
            size,
        } = self;
        let (full, to_take) = sync_channel::<(Batch, i64)>(1);
        let (taken, spare) = channel();
        for _ in 0..2 {
            // The receiver still exists.
            taken.send(batch.clone()).ok();
        }
        thread::scope(|scope| {
            let population = *population;
            let taker = scope.spawn(move || {
                for (mut batch, first) in to_take {
                    taking.take(&mut batch, population, first);
                    batch.clear();
                    // The reader no longer wants it once all rows are read.
                    taken.send(batch).ok();
                }
            });
            let exchange = Exchange { full, spare };
            let select = batch.intake.select.clone();
            let mut position = part.first();
            let mut hand_on = |batch: &mut Batch| {
                let rows = batch.intake.rows as u64;
                let handed = exchange.hand_on(batch, position);
                position = position.saturating_add_unsigned(rows);
                progress.add(rows).map(|()| handed)
            };
            let read = tables.read(&select, part, |row| {
                batch.read(row, population);
                if batch.intake.rows < *size || hand_on(batch)?.is_some() {
                    return Ok(ControlFlow::Continue(()));
                }
                Ok(ControlFlow::Break(()))
            });
            let read = read.and_then(|()| match batch.intake.rows {
                0 => Ok(()),
                _ => hand_on(batch).map(|_| ()),
            });
            drop(exchange);
            taker.join().unwrap_or_else(|panic| resume_unwind(panic));
            read
        })
    }
}
