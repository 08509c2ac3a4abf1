//! The rows of each table; every function is part of the caller's transaction.

use serde_json::Value;
use sqlx::{Row, SqliteConnection};

use super::digest;
use super::publish::Publication;
use super::read::segment;
use super::text::{instant, json};
use super::{Direction, Metric, Movement, NewRun, Run};
use crate::catalog::RememberedColumns;

/// Items that one statement takes as one JSON text: single rows cost forty times as much.
const BATCH: usize = 20_000;

pub(super) async fn insert_run(
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

pub(super) async fn write_segments(
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
pub(super) async fn write_movements(
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

pub(super) async fn write_scores(
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
pub(super) async fn replace_metrics(
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

pub(super) async fn write_columns(
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
