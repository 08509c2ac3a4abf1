//! Writing the rows of each table; every function is part of the caller's transaction.

use sqlx::types::Json;
use sqlx::{FromRow, Row, SqliteConnection};

use super::digest;
use super::text::{JsonKey, instant, json, reason};
use super::{Direction, Metric, Movement, NewRun, Run, StoredSegment};
use crate::catalog::RememberedColumns;
use crate::engine::Subjects;

/// Items passed to one statement as one JSON text: single rows cost forty times as much.
const BATCH: usize = 20_000;

/// A segment whose id has changed since it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The old id, which no segment has any more.
    pub from: String,
    /// The new id, which no segment had before.
    pub to: String,
}

/// A segment to publish.
#[derive(Debug)]
pub struct PublishedSegment<'a> {
    /// Its row.
    pub segment: StoredSegment,
    /// The places of its members, in ascending order.
    pub members: &'a [u32],
    /// The movements that lead from the published members to these.
    pub movements: &'a [Movement],
}

/// Records a run under a given number, or the next one.
pub(super) async fn insert_run(
    connection: &mut SqliteConnection,
    run: &NewRun,
    number: Option<i64>,
    list_hash: Option<&str>,
) -> sqlx::Result<Run> {
    let id = sqlx::query(
        "insert into muster_runs
             (id, as_of, started_at, finished_at, status, \"trigger\", rules_hash, subjects, message,
              list_hash, health_rules, fingerprint_version, currency, value_rules, data_summary)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(number)
    .bind(instant(run.as_of))
    .bind(instant(run.started_at))
    .bind(instant(run.finished_at))
    .bind(run.status.name())
    .bind(&run.trigger)
    .bind(&run.fingerprint.rules)
    .bind(run.subjects)
    .bind(run.message.as_deref().map(reason))
    .bind(list_hash)
    .bind(&run.fingerprint.health)
    .bind(run.fingerprint.version)
    .bind(&run.fingerprint.currency)
    .bind(run.fingerprint.values.as_ref().map(Json))
    .bind(run.data_summary.as_ref().map(Json))
    .execute(connection)
    .await?
    .last_insert_rowid();
    Ok(run.numbered(id))
}

/// Continues a segment's history under its new id, replacing what an earlier segment with that id left of the same
/// runs. Copies of that history learn of it: see [`super::Store::rewritings`].
pub(super) async fn rename_segment(
    connection: &mut SqliteConnection,
    renamed: &Renamed,
) -> sqlx::Result<()> {
    for sql in [
        "update muster_segments set id = ?2 where id = ?1",
        "update muster_memberships set segment_id = ?2 where segment_id = ?1",
        "update or replace muster_movements set segment_id = ?2 where segment_id = ?1",
        "update or replace muster_metrics set segment_id = ?2 where segment_id = ?1",
        "update or replace muster_report_values set segment_id = ?2 where segment_id = ?1",
    ] {
        sqlx::query(sql)
            .bind(&renamed.from)
            .bind(&renamed.to)
            .execute(&mut *connection)
            .await?;
    }
    let sql = "create table muster_renamed (id); drop table muster_renamed";
    sqlx::raw_sql(sql).execute(connection).await.map(drop)
}

pub(super) async fn write_segments(
    connection: &mut SqliteConnection,
    subjects: &Subjects,
    segments: &[PublishedSegment<'_>],
) -> sqlx::Result<()> {
    let rows = sqlx::query("select * from muster_segments")
        .fetch_all(&mut *connection)
        .await?;
    let mut stored = rows
        .iter()
        .map(|row| {
            let (position, hash): (i64, String) =
                (row.try_get("position")?, row.try_get("members_hash")?);
            Ok((StoredSegment::from_row(row)?, position, hash))
        })
        .collect::<sqlx::Result<Vec<_>>>()?;
    for (position, published) in (0..).zip(segments) {
        let hash = digest::members(subjects, published.members);
        let segment = &published.segment;
        let before = stored
            .iter()
            .position(|(stored, ..)| stored.id == segment.id);
        let before = before.map(|place| stored.swap_remove(place));
        if before.is_some_and(|before| before == (segment.clone(), position, hash.clone())) {
            continue;
        }
        let fingerprint = segment.fingerprint.as_ref();
        sqlx::query(
            "insert or replace into muster_segments
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        .bind(fingerprint.map_or("", |found| &found.rule))
        .bind(position)
        .bind(i64::try_from(segment.size).unwrap_or(i64::MAX))
        .bind(hash)
        .bind(&segment.sign)
        .bind(&segment.description)
        .bind(fingerprint.map(|found| &found.ground))
        .bind(fingerprint.and_then(|found| found.version))
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
    let alike = |a: &Movement, b: &Movement| (a.direction, a.cause) == (b.direction, b.cause);
    for alike in movements.chunk_by(alike) {
        for batch in alike.chunks(BATCH) {
            write_alike(connection, run, segment, batch).await?;
        }
    }
    Ok(())
}

/// Writes movements of one direction and cause.
async fn write_alike(
    connection: &mut SqliteConnection,
    run: &Run,
    segment: &str,
    movements: &[Movement],
) -> sqlx::Result<()> {
    let Some(Movement {
        direction, cause, ..
    }) = movements.first()
    else {
        return Ok(());
    };
    let at = instant(run.as_of);
    let keys = json(movements.iter().map(|movement| JsonKey(&movement.subject)))?;
    sqlx::query("insert into muster_movements select ?1, ?2, ?3, value, ?4, ?5 from json_each(?6)")
        .bind(run.id)
        .bind(&at)
        .bind(segment)
        .bind(direction.name())
        .bind(cause.name())
        .bind(&keys)
        .execute(&mut *connection)
        .await?;
    let memberships = match direction {
        Direction::Entered => sqlx::query(
            "insert into muster_memberships select ?1, value, ?3, ?4 from json_each(?2)",
        )
        .bind(segment)
        .bind(&keys)
        .bind(&at)
        .bind(run.id),
        Direction::Left => sqlx::query(
            "delete from muster_memberships
             where segment_id = ?1 and subject_key in (select value from json_each(?2))",
        )
        .bind(segment)
        .bind(&keys),
    };
    memberships.execute(connection).await?;
    Ok(())
}

/// One point per trend and instant: earlier numbers of an equal instant are replaced.
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
        (
            &metric.segment,
            &metric.metric,
            metric.value,
            metric.counted,
        )
    });
    sqlx::query(
        "insert into muster_metrics (run_id, segment_id, metric, value, counted)
         select ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(?2)",
    )
    .bind(run.id)
    .bind(json(rows)?)
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
    sqlx::query("insert into muster_columns select value ->> 0, value ->> 1 from json_each(?)")
        .bind(json(columns)?)
        .execute(connection)
        .await?;
    Ok(())
}
