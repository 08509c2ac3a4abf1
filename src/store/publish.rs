//! Writing: each run atomically, and only what changed.

use sqlx::SqliteConnection;

use super::erase::prune;
use super::error::About;
use super::health::{HealthFound, write_health};
use super::lease::is_held;
use super::migrate::begin_migrated;
use super::outbox::{OutboxBatch, enqueue_batch, is_current, newest_published};
use super::sources::{SourceText, write_sources};
use super::subject_rows::{RowChanges, Today};
use super::timetable::mark_done;
use super::write::{
    PublishedSegment, Renamed, insert_run, rename_segment, replace_metrics, write_columns,
    write_movements, write_segments,
};
use super::{Hold, Listed, Metric, Movement, NewRun, Run, Store, StoreError};
use crate::catalog::RememberedColumns;
use crate::engine::Subjects;

/// A run to publish. Whatever it does not name stays as it is.
#[derive(Debug)]
pub struct Publication<'a> {
    /// The published run that this one was compared with.
    pub baseline: Option<i64>,
    pub run: &'a NewRun,
    /// The lease that it is written under, and the due time that it completes.
    pub hold: Option<&'a Hold>,
    /// Segments whose history continues under another id; all other fields use the new ids only.
    pub renamed: &'a [Renamed],
    /// All current segments, in the order of the rule files.
    pub segments: &'a [PublishedSegment<'a>],
    /// The members who left segments that are no longer defined, by segment id.
    pub removed: &'a [(&'a str, &'a [Movement])],
    /// The evaluated subjects.
    pub subjects: &'a Subjects,
    /// The list, by the subjects' places.
    pub list: &'a [Listed],
    /// The differences of the list from the published one.
    pub list_changes: &'a RowChanges,
    /// The health scores of the run.
    pub health: &'a HealthFound,
    /// The differences of the scores from the published ones.
    pub health_changes: &'a RowChanges,
    /// The run's metrics.
    pub metrics: &'a [Metric],
    /// The texts that it was made from.
    pub sources: &'a [SourceText],
    /// The columns to remember.
    pub columns: &'a RememberedColumns,
    /// Runs with earlier instants, in microseconds, are deleted; `None` keeps all.
    pub keep_from: Option<i64>,
    /// The mail about it; `None` if none was requested.
    pub batch: Option<&'a OutboxBatch>,
}

impl Store {
    /// Publishes a run: readers see the last run or this one, never a mixture.
    ///
    /// # Errors
    /// Nothing was written. [`StoreError::Overtaken`] if another run was published since the baseline was read, or the
    /// mail is no longer valid; [`StoreError::TakenOver`] if another process holds the lease.
    pub async fn publish(&mut self, publication: &Publication<'_>) -> Result<Run, StoreError> {
        let written = write(&mut self.connection, publication).await;
        self.whole(written.about(&self.path)?)
    }

    /// Records a held run, which was compared with the published run `baseline`: its row only.
    ///
    /// # Errors
    /// Nothing was written. [`StoreError::Overtaken`] if another run was published since; [`StoreError::TakenOver`] if
    /// another process holds the lease.
    pub async fn record_held(
        &mut self,
        run: &NewRun,
        baseline: Option<i64>,
        hold: Option<&Hold>,
    ) -> Result<Run, StoreError> {
        let written = hold_back(&mut self.connection, run, baseline, hold).await;
        self.whole(written.about(&self.path)?)
    }

    fn whole(&self, written: Written) -> Result<Run, StoreError> {
        match written {
            Written::Whole(run) => Ok(*run),
            Written::Overtaken => Err(StoreError::Overtaken(self.path.clone())),
            Written::TakenOver => Err(StoreError::TakenOver(self.path.clone())),
        }
    }

    /// Records a run with an instant before the newest published one: its row and its metrics only.
    pub async fn backfill(&mut self, run: &NewRun, metrics: &[Metric]) -> Result<Run, StoreError> {
        record(&mut self.connection, run, metrics)
            .await
            .about(&self.path)
    }

    /// Records a run that published nothing: its row only.
    pub async fn record_failure(&mut self, run: &NewRun) -> Result<Run, StoreError> {
        self.backfill(run, &[]).await
    }
}

async fn record(
    connection: &mut SqliteConnection,
    run: &NewRun,
    metrics: &[Metric],
) -> sqlx::Result<Run> {
    let mut transaction = begin_migrated(connection).await?;
    let run = insert_run(&mut transaction, run, None, None).await?;
    if !metrics.is_empty() {
        replace_metrics(&mut transaction, &run, metrics).await?;
    }
    transaction.commit().await?;
    Ok(run)
}

/// The result of a write; anything but a complete run left nothing behind.
enum Written {
    Whole(Box<Run>),
    Overtaken,
    TakenOver,
}

/// Why a run that was compared with `baseline` may not be written, if that is so.
async fn barred(
    connection: &mut SqliteConnection,
    baseline: Option<i64>,
    hold: Option<&Hold>,
) -> sqlx::Result<Option<Written>> {
    if let Some(hold) = hold
        && !is_held(&mut *connection, &hold.owner).await?
    {
        return Ok(Some(Written::TakenOver));
    }
    let overtaken = newest_published(connection).await? != baseline;
    Ok(overtaken.then_some(Written::Overtaken))
}

async fn hold_back(
    connection: &mut SqliteConnection,
    run: &NewRun,
    baseline: Option<i64>,
    hold: Option<&Hold>,
) -> sqlx::Result<Written> {
    let mut transaction = begin_migrated(connection).await?;
    if let Some(barred) = barred(&mut transaction, baseline, hold).await? {
        return Ok(barred);
    }
    let run = insert_run(&mut transaction, run, None, None).await?;
    transaction.commit().await?;
    Ok(Written::Whole(Box::new(run)))
}

async fn write(
    connection: &mut SqliteConnection,
    publication: &Publication<'_>,
) -> sqlx::Result<Written> {
    let mut transaction = begin_migrated(connection).await?;
    if let Some(barred) = barred(&mut transaction, publication.baseline, publication.hold).await? {
        return Ok(barred);
    }
    if let Some(batch) = publication.batch
        && !is_current(&mut transaction, batch).await?
    {
        return Ok(Written::Overtaken);
    }
    let run = insert_run(
        &mut transaction,
        publication.run,
        publication.batch.map(|batch| batch.run),
        publication.list_changes.hash.as_deref(),
    )
    .await?;
    if let Some(hold) = publication.hold
        && !mark_done(&mut transaction, hold, &run).await?
    {
        return Ok(Written::TakenOver);
    }
    for renamed in publication.renamed {
        rename_segment(&mut transaction, renamed).await?;
    }
    write_segments(&mut transaction, publication.subjects, publication.segments).await?;
    let segments = publication.segments.iter();
    let segments = segments.map(|published| (&*published.segment.id, published.movements));
    let mut moved: Vec<_> = segments
        .chain(publication.removed.iter().copied())
        .collect();
    // In the order of the tables' keys: appending to a table costs half as much as inserting anywhere else.
    moved.sort_unstable_by_key(|(segment, _)| *segment);
    for (segment, movements) in moved {
        write_movements(&mut transaction, &run, segment, movements).await?;
    }
    let (subjects, list) = (publication.subjects, Today::Rows(publication.list));
    let changes = publication.list_changes;
    changes.write(&mut transaction, subjects, &list).await?;
    let (health, changes) = (publication.health, publication.health_changes);
    write_health(&mut transaction, &run, subjects, health, changes).await?;
    replace_metrics(&mut transaction, &run, publication.metrics).await?;
    write_sources(&mut transaction, run.id, publication.sources).await?;
    write_columns(&mut transaction, publication.columns).await?;
    if let Some(batch) = publication.batch {
        enqueue_batch(&mut transaction, batch).await?;
    }
    if let Some(instant) = publication.keep_from {
        prune(&mut transaction, instant).await?;
    }
    transaction.commit().await?;
    Ok(Written::Whole(Box::new(run)))
}
