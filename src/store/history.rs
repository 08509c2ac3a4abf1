//! Metrics of runs and movements: what the segments page shows beside the segments.

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::About;
use super::text::{Instant, json};
use super::{Metric, Moving, Point, Step, Store, StoreError};
use crate::engine::Key;

impl Store {
    /// All metrics of a run.
    pub async fn metrics(&mut self, run: i64) -> Result<Vec<Metric>, StoreError> {
        metrics(&mut self.connection, run).await.about(&self.path)
    }

    /// The metrics of a segment over the runs, sorted by instant: all that are kept, or a number of the latest
    /// instants. Backfilled runs are included.
    pub async fn history(
        &mut self,
        segment: &str,
        runs: Option<u32>,
    ) -> Result<Vec<Point>, StoreError> {
        points(&mut self.connection, segment, runs)
            .await
            .about(&self.path)
    }

    /// When and why a subject entered and left segments, newest first: as far back as history is kept.
    pub async fn movements_of(&mut self, subject: &Key) -> Result<Vec<Moving>, StoreError> {
        // Run by run and segment by segment, as the table is ordered: it may contain millions of rows of other
        // subjects.
        let movements = "select m.run_id, m.at, m.segment_id, m.direction, m.cause
             from muster_runs r
             cross join (select id from muster_segments union select segment_id from muster_metrics) s
             cross join muster_movements m
                 on m.run_id = r.id and m.segment_id = s.id and m.subject_key = ?
             order by m.run_id desc, m.segment_id";
        of_subject(movements, subject)
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }

    /// The segments that a subject is in, each with the instant of the run in which it entered, in microseconds UTC.
    pub async fn memberships_of(
        &mut self,
        subject: &Key,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let memberships = "select m.segment_id, m.entered_at from muster_segments s
             cross join muster_memberships m on m.segment_id = s.id and m.subject_key = ?";
        let rows: sqlx::Result<Vec<Membership>> = of_subject(memberships, subject)
            .fetch_all(&mut self.connection)
            .await;
        let pair = |row: Membership| (row.segment_id, row.entered_at);
        Ok(rows.about(&self.path)?.into_iter().map(pair).collect())
    }

    /// How many subjects moved in a run from one of these segments to another, entered one, or left all of them. The
    /// segments are the rungs of one ladder, so every subject is in one of them at most.
    pub async fn moves(&mut self, run: i64, rungs: &[&str]) -> Result<Vec<Step>, StoreError> {
        steps(&mut self.connection, run, rungs)
            .await
            .about(&self.path)
    }
}

/// The column with the number of members behind an average, in SQL. Files that no run of this version has written to do
/// not have it.
pub(super) async fn counted(
    connection: &mut SqliteConnection,
    table: &str,
) -> sqlx::Result<&'static str> {
    let there = "select count(*) from pragma_table_info(?) where name = 'counted'";
    let there = sqlx::query_scalar(there).bind(table).fetch_one(connection);
    Ok(match there.await? {
        true => "counted",
        false => "null as counted",
    })
}

/// One row of `muster_memberships`.
#[derive(sqlx::FromRow)]
struct Membership {
    segment_id: String,
    #[sqlx(try_from = "Instant")]
    entered_at: i64,
}

fn of_subject<'q, R>(
    sql: &'q str,
    subject: &Key,
) -> sqlx::query::QueryAs<'q, sqlx::Sqlite, R, sqlx::sqlite::SqliteArguments>
where
    R: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>,
{
    let query = sqlx::query_as(AssertSqlSafe(sql));
    match subject {
        Key::Integer(key) => query.bind(*key),
        Key::Text(key) => query.bind(key.to_string()),
    }
}

async fn metrics(connection: &mut SqliteConnection, run: i64) -> sqlx::Result<Vec<Metric>> {
    let counted = counted(connection, "muster_metrics").await?;
    sqlx::query_as(AssertSqlSafe(format!(
        "select segment_id, metric, value, {counted} from muster_metrics where run_id = ?
         order by segment_id, metric"
    )))
    .bind(run)
    .fetch_all(connection)
    .await
}

/// One metric of a [`Point`].
#[derive(sqlx::FromRow)]
struct PointRow {
    id: i64,
    #[sqlx(try_from = "Instant")]
    as_of: i64,
    #[sqlx(flatten)]
    metric: Metric,
}

async fn points(
    connection: &mut SqliteConnection,
    segment: &str,
    runs: Option<u32>,
) -> sqlx::Result<Vec<Point>> {
    let counted = counted(connection, "muster_metrics").await?;
    let rows: Vec<PointRow> = sqlx::query_as(AssertSqlSafe(format!(
        "with latest as (
             select id, as_of from muster_runs r where exists (
                 select 1 from muster_metrics m where m.run_id = r.id and m.segment_id = ?1
             ) order by as_of desc, id desc limit ?2
         )
         select r.id, r.as_of, m.segment_id, m.metric, m.value, {counted}
         from latest r
         cross join muster_metrics m on m.run_id = r.id and m.segment_id = ?1
         order by r.as_of, r.id, m.metric"
    )))
    .bind(segment)
    .bind(runs.map_or(-1, i64::from))
    .fetch_all(connection)
    .await?;
    let mut points: Vec<Point> = Vec::new();
    for PointRow { id, as_of, metric } in rows {
        let value = metric.segment_value();
        let metric = (metric.metric, value);
        match points.last_mut() {
            Some(point) if point.run == id => point.metrics.push(metric),
            _ => points.push(Point {
                run: id,
                as_of,
                metrics: vec![metric],
            }),
        }
    }
    Ok(points)
}

async fn steps(
    connection: &mut SqliteConnection,
    run: i64,
    rungs: &[&str],
) -> sqlx::Result<Vec<Step>> {
    sqlx::query_as(
        "select origin, target, count(*) as count from (
             select max(segment_id) filter (where direction = 'left') as origin,
                    max(segment_id) filter (where direction = 'entered') as target
             from muster_movements
             where run_id = ?1 and segment_id in (select value from json_each(?2))
             group by subject_key
         ) group by origin, target order by origin, target",
    )
    .bind(run)
    .bind(json(rungs)?)
    .fetch_all(connection)
    .await
}
