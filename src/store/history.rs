//! Numbers of runs, and who went where with one: what the segments page shows beside the segments.

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::text::{json, micros};
use super::{Metric, Point, Step, Store, StoreError};

impl Store {
    /// All numbers of a run.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn metrics(&mut self, run: i64) -> Result<Vec<Metric>, StoreError> {
        let rows = async {
            let counted = counted(&mut self.connection, "muster_metrics").await?;
            let rows = sqlx::query(AssertSqlSafe(format!(
                "select segment_id, metric, value, {counted} from muster_metrics where run_id = ?
                 order by segment_id, metric"
            )))
            .bind(run)
            .fetch_all(&mut self.connection)
            .await?;
            rows.iter().map(metric).collect()
        };
        let rows: sqlx::Result<_> = rows.await;
        rows.map_err(|error| self.error(&error))
    }

    /// What all runs that are kept knew of a segment, in the order of their instants; backfilled ones are
    /// among them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn history(&mut self, segment: &str) -> Result<Vec<Point>, StoreError> {
        let points = async {
            let counted = counted(&mut self.connection, "muster_metrics").await?;
            let rows = sqlx::query(AssertSqlSafe(format!(
                "select r.id, r.as_of, m.segment_id, m.metric, m.value, {counted}
                 from muster_runs r
                 join muster_metrics m on m.run_id = r.id and m.segment_id = ?
                 order by r.as_of, r.id, m.metric"
            )))
            .bind(segment)
            .fetch_all(&mut self.connection)
            .await?;
            points(&rows)
        };
        let points: sqlx::Result<_> = points.await;
        points.map_err(|error| self.error(&error))
    }

    /// How many went with a run from one of these segments to another, came to one or fell off all:
    /// the rungs of one ladder, so that everybody is in one of them at most.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn moves(&mut self, run: i64, rungs: &[&str]) -> Result<Vec<Step>, StoreError> {
        const STEPS: &str = "
            select origin, target, count(*) as count from (
                select max(segment_id) filter (where direction = 'left') as origin,
                       max(segment_id) filter (where direction = 'entered') as target
                from muster_movements
                where run_id = ?1 and segment_id in (select value from json_each(?2))
                group by subject_key
            ) group by origin, target order by origin, target";
        let steps = async {
            let rows = sqlx::query(STEPS)
                .bind(run)
                .bind(json(rungs)?)
                .fetch_all(&mut self.connection)
                .await?;
            rows.iter().map(step).collect()
        };
        let steps: sqlx::Result<_> = steps.await;
        steps.map_err(|error| self.error(&error))
    }
}

/// The column that tells of how many an average is, in SQL; files that no run of this version has written to yet
/// do not have it.
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

/// A number of a run or a report.
pub(super) fn metric(row: &SqliteRow) -> sqlx::Result<Metric> {
    Ok(Metric {
        segment: row.try_get("segment_id")?,
        metric: row.try_get("metric")?,
        value: row.try_get("value")?,
        counted: row.try_get("counted")?,
    })
}

/// Rows of one run follow each other.
fn points(rows: &[SqliteRow]) -> sqlx::Result<Vec<Point>> {
    let mut points: Vec<Point> = Vec::new();
    for row in rows {
        let run = row.try_get("id")?;
        let found = metric(row)?;
        let value = found.segment_value();
        let metric = (found.metric, value);
        match points.last_mut() {
            Some(point) if point.run == run => point.metrics.push(metric),
            _ => points.push(Point {
                run,
                as_of: micros(row.try_get("as_of")?)?,
                metrics: vec![metric],
            }),
        }
    }
    Ok(points)
}

fn step(row: &SqliteRow) -> sqlx::Result<Step> {
    Ok(Step {
        from: row.try_get("origin")?,
        to: row.try_get("target")?,
        count: row.try_get("count")?,
    })
}
