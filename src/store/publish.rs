//! Writing: a run whole or not at all, and only what changed.

use sqlx::{Connection, SqliteConnection};

use super::connect::migrate;
use super::erase::prune;
use super::health::{HealthChanges, write_health};
use super::lease::is_held;
use super::post::{Posting, is_current, post};
use super::previous::{Listed, ScoreChanges};
use super::timetable::mark_done;
use super::write::{
    insert_run, rename_segment, replace_metrics, write_columns, write_movements, write_scores,
    write_segments,
};
use super::{Hold, Metric, Movement, NewRun, Run, Store, StoreError, StoredSegment};
use crate::catalog::RememberedColumns;
use crate::engine::Subjects;

/// A run to publish. What it does not name stays as it is.
#[derive(Debug)]
pub struct Publication<'a> {
    /// The published run that this one was compared with.
    pub baseline: Option<i64>,
    /// The run.
    pub run: &'a NewRun,
    /// The lease that it is written under, and the due time that is done with it.
    pub hold: Option<&'a Hold>,
    /// Whose history goes on under another id; what follows knows the new ids only.
    pub renamed: &'a [Renamed],
    /// Every segment that there is now, in the order of the rule files.
    pub segments: &'a [PublishedSegment<'a>],
    /// Who left segments that are no longer defined, by their ids.
    pub removed: &'a [(&'a str, &'a [Movement])],
    /// Who was evaluated.
    pub subjects: &'a Subjects,
    /// The list by their places.
    pub list: &'a [Listed],
    /// What of it differs from what was published.
    pub scores: &'a ScoreChanges,
    /// What of everybody's health differs from what was published.
    pub health: &'a HealthChanges,
    /// The run's numbers.
    pub metrics: &'a [Metric],
    /// The columns to remember.
    pub columns: &'a RememberedColumns,
    /// Runs of earlier instants, in microseconds, are forgotten; none: none are.
    pub keep_from: Option<i64>,
    /// The mail that tells of it; none where none was asked for.
    pub posting: Option<&'a Posting>,
}

/// A segment that has another id than it was published under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The id that nobody has any more.
    pub from: String,
    /// The id that nobody had.
    pub to: String,
}

/// A segment to publish.
#[derive(Debug)]
pub struct PublishedSegment<'a> {
    /// Its row.
    pub segment: StoredSegment,
    /// The places of its members, ascending.
    pub members: &'a [u32],
    /// How they came to differ from the published ones.
    pub movements: &'a [Movement],
}

impl Store {
    /// Publishes a run: readers see the last one or this one, never half.
    ///
    /// # Errors
    /// Nothing was written. [`StoreError::Overtaken`] where another run was published since
    /// the baseline was read, or the mail is no longer true; [`StoreError::TakenOver`] where the lease is
    /// another's.
    pub async fn publish(&mut self, publication: &Publication<'_>) -> Result<Run, StoreError> {
        let path = self.path.clone();
        match write(&mut self.connection, publication).await {
            Ok(Written::Whole(run)) => Ok(run),
            Ok(Written::Overtaken) => Err(StoreError::Overtaken(path)),
            Ok(Written::TakenOver) => Err(StoreError::TakenOver(path)),
            Err(error) => Err(StoreError::new(&path, &error)),
        }
    }

    /// Records a run of an instant before the newest published one: its row and its numbers only.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn backfill(&mut self, run: &NewRun, metrics: &[Metric]) -> Result<Run, StoreError> {
        let written = record(&mut self.connection, run, metrics).await;
        written.map_err(|error| self.error(&error))
    }

    /// Records a run that published nothing: its row only.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn record_failure(&mut self, run: &NewRun) -> Result<Run, StoreError> {
        self.backfill(run, &[]).await
    }
}

async fn record(
    connection: &mut SqliteConnection,
    run: &NewRun,
    metrics: &[Metric],
) -> sqlx::Result<Run> {
    let mut transaction = connection.begin_with("begin immediate").await?;
    migrate(&mut transaction).await?;
    let run = insert_run(&mut transaction, run, None, None).await?;
    if !metrics.is_empty() {
        replace_metrics(&mut transaction, &run, metrics).await?;
    }
    transaction.commit().await?;
    Ok(run)
}

/// What came of writing; all but a whole run left nothing behind.
enum Written {
    Whole(Run),
    Overtaken,
    TakenOver,
}

async fn write(
    connection: &mut SqliteConnection,
    publication: &Publication<'_>,
) -> sqlx::Result<Written> {
    // Immediate, because a read lock that is raised later does not wait for other writers.
    let mut transaction = connection.begin_with("begin immediate").await?;
    migrate(&mut transaction).await?;
    if let Some(hold) = publication.hold
        && !is_held(&mut transaction, &hold.owner).await?
    {
        return Ok(Written::TakenOver);
    }
    let newest: Option<i64> = sqlx::query_scalar(
        "select max(id) from muster_runs where status in ('published', 'partial')",
    )
    .fetch_one(&mut *transaction)
    .await?;
    if newest != publication.baseline {
        return Ok(Written::Overtaken);
    }
    if let Some(posting) = publication.posting
        && !is_current(&mut transaction, posting).await?
    {
        return Ok(Written::Overtaken);
    }
    let run = insert_run(
        &mut transaction,
        publication.run,
        publication.posting.map(|posting| posting.run),
        Some(&publication.scores.hash),
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
    write_segments(&mut transaction, publication).await?;
    for (segment, movements) in publication.removed {
        write_movements(&mut transaction, &run, segment, movements).await?;
    }
    for published in publication.segments {
        let id = &published.segment.id;
        write_movements(&mut transaction, &run, id, published.movements).await?;
    }
    write_scores(&mut transaction, publication).await?;
    write_health(
        &mut transaction,
        &run,
        publication.subjects,
        publication.health,
    )
    .await?;
    replace_metrics(&mut transaction, &run, publication.metrics).await?;
    write_columns(&mut transaction, publication.columns).await?;
    if let Some(posting) = publication.posting {
        post(&mut transaction, posting).await?;
    }
    if let Some(instant) = publication.keep_from {
        prune(&mut transaction, instant).await?;
    }
    transaction.commit().await?;
    Ok(Written::Whole(run))
}
