//! Processes kept batches as if they had just been read.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::kept::{BatchGroups, Grouping, KeptColumn, Recalled, TableKey};
use super::part::Part;
use super::reading::Reading;
use super::tables::{ReadError, Tables};
use super::together::together;
use super::worker::Worker;
use crate::engine::{EngineError, Watch};

/// What all threads replay. Each takes the next batch that no other thread has taken.
struct Replay<'k> {
    recalled: Recalled<'k>,
    /// The groups of each batch, if they are kept.
    groups: &'k [BatchGroups],
    /// Whether groups are kept for the next question.
    keeps_groups: bool,
    next: AtomicUsize,
    watch: &'k dyn Watch,
}

/// What one thread has replayed.
#[derive(Default)]
struct Replayed {
    rows: u64,
    /// To be kept, by batch number.
    groups: Vec<(usize, BatchGroups)>,
}

/// Passes all batches of a table to the aggregates, on as many threads as would read it. The results of all threads end
/// up in this worker. Returns the parts in which the table was read; `None` if some of the columns are not kept.
pub(super) fn replay<T: Tables>(
    reading: &mut Reading<'_, T>,
    worker: &mut Worker<'_>,
    (key, columns): (&TableKey, &[KeptColumn]),
    whole: Part,
) -> Result<Option<Vec<Part>>, ReadError> {
    let threads = reading.threads(whole);
    let table = worker.batch.intake.select.table().to_owned();
    let Some(kept) = reading.kept.as_deref_mut() else {
        return Ok(None);
    };
    let grouping = worker.grouping();
    let keeps_groups = grouping.as_ref().is_some_and(|how| kept.group(key, how));
    let Some(recalled) = kept.recall(key, columns) else {
        return Ok(None);
    };
    let replay = Replay {
        recalled,
        groups: grouping.map_or(&[], |how| kept.groups(key, &how)),
        keeps_groups,
        next: AtomicUsize::new(0),
        watch: reading.watch,
    };
    let others = (1..threads).map(|thread| {
        let mut other = worker.clone();
        other.taking.thread = thread;
        let replay = &replay;
        move || Ok::<_, ReadError>((other.take_kept(replay)?, other.taking))
    });
    let others = others.collect();
    let (mut all, others) = together(|| worker.take_kept(&replay), others)?;
    for (more, taking) in others {
        all.rows += more.rows;
        all.groups.extend(more.groups);
        worker.taking.absorb(taking);
    }
    let parts = kept.parts(key).to_vec();
    if keeps_groups {
        all.groups.sort_unstable_by_key(|(number, _)| *number);
        let groups = all.groups.into_iter().map(|(_, groups)| groups);
        kept.put_groups(key, groups.collect());
    }
    reading.rows.insert(table, all.rows);
    Ok(Some(parts))
}

impl Worker<'_> {
    /// How the rows are grouped; `None` if the program reads which subject each row belongs to.
    fn grouping(&self) -> Option<Grouping> {
        let columns = self.batch.subjects.iter();
        let columns = columns.map(|column| column.through.is_none().then(|| column.name.clone()));
        (!self.taking.of_subject).then(|| Grouping {
            columns: columns.collect(),
            index: self.population.index.clone(),
            shards: self.taking.shards,
        })
    }

    fn take_kept(&mut self, replay: &Replay<'_>) -> Result<Replayed, ReadError> {
        let mut replayed = Replayed::default();
        loop {
            let number = replay.next.fetch_add(1, Ordering::Relaxed);
            let Some((stretch, blocks)) = replay.recalled.batch(number) else {
                return Ok(replayed);
            };
            if replay.watch.cancelled() {
                return Err(EngineError::Cancelled.into());
            }
            let groups = replay.groups.get(number).map_or(&[][..], Vec::as_slice);
            self.batch
                .recall(stretch.rows, blocks, groups, self.population);
            self.taking
                .take(&mut self.batch, self.population, stretch.first);
            if replay.keeps_groups {
                replayed.groups.push((number, self.batch.groups()));
            }
            self.batch.clear();
            replayed.rows += stretch.rows as u64;
        }
    }
}
