//! Batches that are kept, to be taken as if they had been read.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::kept::{KeptColumn, Recalled, TableKey};
use super::part::Part;
use super::reading::Reading;
use super::tables::{ReadError, Tables};
use super::together::together;
use super::worker::Worker;
use crate::engine::{EngineError, Watch};

/// Gives all batches of a table to the aggregates, by as many threads as would read it; what all of them make of it ends in
/// this worker. The parts in which the table was read; none where not all of the columns are kept.
pub(super) fn replay<T: Tables>(
    reading: &mut Reading<'_, T>,
    worker: &mut Worker<'_>,
    (key, columns): (&TableKey, &[KeptColumn]),
    whole: Part,
) -> Result<Option<Vec<Part>>, ReadError> {
    let threads = reading.threads(whole);
    let table = worker.batch.intake.select.table().to_owned();
    let kept = reading.kept.as_deref();
    let Some((kept, recalled)) = kept.and_then(|kept| Some((kept, kept.recall(key, columns)?)))
    else {
        return Ok(None);
    };
    let next = AtomicUsize::new(0);
    let (watch, next, recalled) = (reading.watch, &next, &recalled);
    let others = (1..threads).map(|thread| {
        let mut other = worker.clone();
        other.taking.thread = thread;
        move || {
            let rows = other.take_kept(recalled, next, watch)?;
            Ok::<_, ReadError>((rows, other.taking))
        }
    });
    let others = others.collect();
    let (mut rows, others) = together(|| worker.take_kept(recalled, next, watch), others)?;
    for (more, taking) in others {
        rows += more;
        worker.taking.absorb(taking);
    }
    let parts = kept.parts(key).to_vec();
    reading.rows.insert(table, rows);
    Ok(Some(parts))
}

impl Worker<'_> {
    /// Takes one batch after the other, each the next that nobody has taken: how many rows.
    fn take_kept(
        &mut self,
        recalled: &Recalled<'_>,
        next: &AtomicUsize,
        watch: &dyn Watch,
    ) -> Result<u64, ReadError> {
        let mut rows = 0;
        while let Some((stretch, blocks)) = recalled.batch(next.fetch_add(1, Ordering::Relaxed)) {
            if watch.cancelled() {
                return Err(EngineError::Cancelled.into());
            }
            self.batch.recall(stretch.rows, blocks, self.population);
            self.taking
                .take(&mut self.batch, self.population, stretch.first);
            self.batch.clear();
            rows += stretch.rows as u64;
        }
        Ok(rows)
    }
}
