//! Writing: a run whole or not at all, and only what changed.

use serde_json::Value;
use sqlx::{Connection, Row, SqliteConnection};

use super::connect::migrate;
use super::digest;
use super::previous::{Listed, ScoreChanges};
use super::read::segment;
use super::text::{instant, json};
use super::{Direction, Metric, Movement, NewRun, Run, Store, StoreError, StoredSegment};
use crate::catalog::RememberedColumns;
use crate::engine::Subjects;

/// Items that one statement takes as one JSON text.
const BATCH: usize = 20_000;

/// A run to publish. What it does not name stays as it is.
#[derive(Debug)]
pub struct Publication<'a> {
    /// The published run that this one was compared with.
    pub baseline: Option<i64>,
    /// The run.
    pub run: &'a NewRun,
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
    /// The run's numbers.
    pub metrics: &'a [Metric],
    /// The columns to remember.
    pub columns: &'a RememberedColumns,
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
    /// the baseline was read.
    pub async fn publish(&mut self, publication: &Publication<'_>) -> Result<Run, StoreError> {
        let path = self.path.clone();
        match write(&mut self.connection, publication).await {
            Ok(Some(run)) => Ok(run),
            Ok(None) => Err(StoreError::Overtaken(path)),
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
    let run = insert_run(&mut transaction, run, None).await?;
    if !metrics.is_empty() {
        replace_metrics(&mut transaction, &run, metrics).await?;
    }
    transaction.commit().await?;
    Ok(run)
}

async fn write(
    connection: &mut SqliteConnection,
    publication: &Publication<'_>,
) -> sqlx::Result<Option<Run>> {
    // Immediate, because a read lock that is raised later does not wait for other writers.
    let mut transaction = connection.begin_with("begin immediate").await?;
    migrate(&mut transaction).await?;
    let newest: Option<i64> = sqlx::query_scalar(
        "select max(id) from muster_runs where status in ('published', 'partial')",
    )
    .fetch_one(&mut *transaction)
    .await?;
    if newest != publication.baseline {
        return Ok(None);
    }
    let list_hash = digest::list(publication.subjects, publication.list);
    let run = insert_run(&mut transaction, publication.run, Some(&list_hash)).await?;
    write_segments(&mut transaction, publication).await?;
    for (segment, movements) in publication.removed {
        write_movements(&mut transaction, &run, segment, movements).await?;
    }
    for published in publication.segments {
        let id = &published.segment.id;
        write_movements(&mut transaction, &run, id, published.movements).await?;
    }
    write_scores(&mut transaction, publication).await?;
    replace_metrics(&mut transaction, &run, publication.metrics).await?;
    write_columns(&mut transaction, publication.columns).await?;
    transaction.commit().await?;
    Ok(Some(run))
}

async fn insert_run(
    connection: &mut SqliteConnection,
    run: &NewRun,
    list_hash: Option<&str>,
) -> sqlx::Result<Run> {
    let id = sqlx::query(
        "insert into muster_runs
             (as_of, started_at, finished_at, status, \"trigger\", rules_hash, subjects, message,
              list_hash)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(instant(run.as_of))
    .bind(instant(run.started_at))
    .bind(instant(run.finished_at))
    .bind(run.status.name())
    .bind(&run.trigger)
    .bind(&run.rules_hash)
    .bind(run.subjects)
    .bind(&run.message)
    .bind(list_hash)
    .execute(connection)
    .await?
    .last_insert_rowid();
    Ok(run.numbered(id))
}

async fn write_segments(
    connection: &mut SqliteConnection,
    publication: &Publication<'_>,
) -> sqlx::Result<()> {
    let rows = sqlx::query("select * from muster_segments")
        .fetch_all(&mut *connection)
        .await?;
    let mut stored = rows
        .iter()
        .map(|row| {
            let (position, hash): (i64, String) =
                (row.try_get("position")?, row.try_get("members_hash")?);
            Ok((segment(row)?, position, hash))
        })
        .collect::<sqlx::Result<Vec<_>>>()?;
    for (position, published) in (0..).zip(publication.segments) {
        let hash = digest::members(publication.subjects, published.members);
        let segment = &published.segment;
        let before = stored
            .iter()
            .position(|(stored, ..)| stored.id == segment.id);
        let before = before.map(|place| stored.swap_remove(place));
        if before.is_some_and(|before| before == (segment.clone(), position, hash.clone())) {
            continue;
        }
        sqlx::query(
            "insert or replace into muster_segments values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&segment.id)
        .bind(&segment.name)
        .bind(&segment.bucket)
        .bind(segment.importance)
        .bind(segment.weight)
        .bind(if segment.stale.is_some() {
            "stale"
        } else {
            "ok"
        })
        .bind(&segment.stale)
        .bind(&segment.definition)
        .bind(position)
        .bind(i64::try_from(segment.size).unwrap_or(i64::MAX))
        .bind(hash)
        .execute(&mut *connection)
        .await?;
    }
    for (gone, ..) in stored {
        sqlx::query("delete from muster_segments where id = ?")
            .bind(gone.id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Writes movements, and the memberships that follow from them.
async fn write_movements(
    connection: &mut SqliteConnection,
    run: &Run,
    segment: &str,
    movements: &[Movement],
) -> sqlx::Result<()> {
    let at = instant(run.as_of);
    for batch in movements.chunks(BATCH) {
        let rows = batch.iter().map(|movement| {
            Value::from(vec![
                json(&movement.subject),
                movement.direction.name().into(),
                movement.cause.name().into(),
            ])
        });
        sqlx::query(
            "insert into muster_movements
             select ?1, ?2, ?3, value ->> 0, value ->> 1, value ->> 2 from json_each(?4)",
        )
        .bind(run.id)
        .bind(&at)
        .bind(segment)
        .bind(Value::from_iter(rows).to_string())
        .execute(&mut *connection)
        .await?;
        let keys = |direction| {
            let moved = batch
                .iter()
                .filter(|movement| movement.direction == direction);
            Value::from_iter(moved.map(|movement| json(&movement.subject))).to_string()
        };
        sqlx::query(
            "delete from muster_memberships
             where segment_id = ?1 and subject_key in (select value from json_each(?2))",
        )
        .bind(segment)
        .bind(keys(Direction::Left))
        .execute(&mut *connection)
        .await?;
        sqlx::query("insert into muster_memberships select ?1, value, ?2, ?3 from json_each(?4)")
            .bind(segment)
            .bind(&at)
            .bind(run.id)
            .bind(keys(Direction::Entered))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn write_scores(
    connection: &mut SqliteConnection,
    publication: &Publication<'_>,
) -> sqlx::Result<()> {
    let Publication {
        subjects,
        list,
        scores,
        ..
    } = publication;
    for batch in scores.removed.chunks(BATCH) {
        sqlx::query(
            "delete from muster_scores where subject_key in (select value from json_each(?))",
        )
        .bind(Value::from_iter(batch.iter().map(json)).to_string())
        .execute(&mut *connection)
        .await?;
    }
    for batch in scores.set.chunks(BATCH) {
        let rows = batch.iter().filter_map(|place| {
            let place = usize::try_from(*place).ok()?;
            let listed = list.get(place)?;
            Some(Value::from(vec![
                json(&subjects.key(place)?),
                subjects.labels.get(place).unwrap_or_default().into(),
                listed.score.into(),
                listed.rank.into(),
            ]))
        });
        sqlx::query(
            "insert or replace into muster_scores
             select value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(?)",
        )
        .bind(Value::from_iter(rows).to_string())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// One point a trend and instant: an equal instant's earlier numbers make way.
async fn replace_metrics(
    connection: &mut SqliteConnection,
    run: &Run,
    metrics: &[Metric],
) -> sqlx::Result<()> {
    sqlx::query(
        "delete from muster_metrics
         where run_id in (select id from muster_runs where as_of = ? and id <> ?)",
    )
    .bind(instant(run.as_of))
    .bind(run.id)
    .execute(&mut *connection)
    .await?;
    let rows = metrics.iter().map(|metric| {
        Value::from(vec![
            metric.segment.as_str().into(),
            metric.metric.into(),
            Value::from(metric.value),
        ])
    });
    sqlx::query(
        "insert into muster_metrics
         select ?1, value ->> 0, value ->> 1, value ->> 2 from json_each(?2)",
    )
    .bind(run.id)
    .bind(Value::from_iter(rows).to_string())
    .execute(connection)
    .await?;
    Ok(())
}

async fn write_columns(
    connection: &mut SqliteConnection,
    columns: &RememberedColumns,
) -> sqlx::Result<()> {
    let stored: Vec<(String, String)> =
        sqlx::query_as("select table_name, column_name from muster_columns")
            .fetch_all(&mut *connection)
            .await?;
    if stored.into_iter().collect::<RememberedColumns>() == *columns {
        return Ok(());
    }
    sqlx::query("delete from muster_columns")
        .execute(&mut *connection)
        .await?;
    let rows = columns
        .iter()
        .map(|(table, column)| Value::from(vec![table.as_str(), column]));
    sqlx::query("insert into muster_columns select value ->> 0, value ->> 1 from json_each(?)")
        .bind(Value::from_iter(rows).to_string())
        .execute(connection)
        .await?;
    Ok(())
}
