//! Batches from the store, to be taken as if they had been read.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::kept::{Recalled, Source, Which};
use super::part::Part;
use super::reading::Reading;
use super::tables::{ReadError, Tables};
use super::together::together;
use super::worker::Worker;
use crate::engine::{EngineError, Watch};

/// Gives all batches of a table to the aggregates, by as many threads as would read it: one of them with what all of
/// them made of it, and the parts in which the table was read.
pub(super) fn replay<'p, T: Tables>(
    reading: &mut Reading<'_, T>,
    mut worker: Worker<'p>,
    (which, sources): (&Which, &[Source]),
    whole: Part,
) -> Result<(Worker<'p>, Vec<Part>), ReadError> {
    let threads = reading.threads(whole);
    let table = worker.batch.intake.select.table().to_owned();
    let kept = reading.kept.as_deref();
    let Some((kept, recalled)) = kept.and_then(|kept| Some((kept, kept.recall(which, sources)?)))
    else {
        return Ok((worker, Vec::new()));
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
    let parts = kept.parts(which).to_vec();
    reading.rows.insert(table, rows);
    Ok((worker, parts))
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
