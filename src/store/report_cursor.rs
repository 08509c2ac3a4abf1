//! What the recipients of a report were told last, and what has moved since.

use std::collections::{BTreeMap, HashMap};

use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::error::About;
use super::history::counted;
use super::migrate::has_table;
use super::text::{Instant, JsonKey, json, parsed};
use super::{Cause, Direction, Metric, Movement, NetMovements, Run, Store, StoreError};
use crate::engine::Key;

/// The tables with the content of reports.
const TABLES: [&str; 3] = [
    "muster_report_states",
    "muster_report_values",
    "muster_report_subjects",
];

/// For each recipient of a report, the run that the last accepted report covered.
pub type Baselines = BTreeMap<String, i64>;

/// The content of one report about one run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReportState {
    /// The report's id.
    pub report: String,
    /// Its `where:` at the time; empty if the report was about everyone.
    pub about: String,
    /// Its metrics: `size` of each of its segments, and the values of config.
    pub values: Vec<Metric>,
    /// The subjects of its segments that satisfied its `where:`; empty for a report without one.
    pub subjects: Vec<Key>,
}

impl Store {
    /// For each recipient of a report, the run that the last accepted report covered.
    pub async fn baselines(&mut self, report: &str) -> Result<Baselines, StoreError> {
        baselines(&mut self.connection, report)
            .await
            .about(&self.path)
    }

    /// A report's content about a run; `None` if it is no longer kept, or never was.
    pub async fn report_state(
        &mut self,
        report: &str,
        run: i64,
    ) -> Result<Option<ReportState>, StoreError> {
        report_state(&mut self.connection, report, run)
            .await
            .about(&self.path)
    }

    /// All movements in the runs after one.
    pub async fn net_movements_since(&mut self, run: i64) -> Result<NetMovements, StoreError> {
        net_movements_since(&mut self.connection, run)
            .await
            .about(&self.path)
    }

    /// A run; `None` if it was deleted.
    pub async fn run_of(&mut self, number: i64) -> Result<Option<Run>, StoreError> {
        sqlx::query_as("select * from muster_runs where id = ?")
            .bind(number)
            .fetch_optional(&mut self.connection)
            .await
            .about(&self.path)
    }

    /// The number that the next run will have, if no other is recorded in the meantime.
    pub async fn next_run(&mut self) -> Result<i64, StoreError> {
        sqlx::query_scalar("select coalesce(max(id), 0) + 1 from muster_runs")
            .fetch_one(&mut self.connection)
            .await
            .about(&self.path)
    }

    /// The display names of some subjects, as far as the list contains them.
    pub async fn labels(&mut self, subjects: &[Key]) -> Result<HashMap<Key, String>, StoreError> {
        let subjects = json(subjects.iter().map(JsonKey)).about(&self.path)?;
        let labels: sqlx::Result<Vec<(Key, String)>> = sqlx::query_as(
            "select subject_key, label from muster_scores
             where subject_key in (select value from json_each(?))",
        )
        .bind(subjects)
        .fetch_all(&mut self.connection)
        .await;
        Ok(labels.about(&self.path)?.into_iter().collect())
    }

    /// The instants at which a segment's members entered it, in microseconds UTC.
    pub async fn entered(&mut self, segment: &str) -> Result<HashMap<Key, i64>, StoreError> {
        // One row per instant: rows cost more than the keys in them.
        let rows: sqlx::Result<Vec<(Instant, String)>> = sqlx::query_as(
            "select entered_at, json_group_array(subject_key) from muster_memberships
             where segment_id = ? group by entered_at",
        )
        .bind(segment)
        .fetch_all(&mut self.connection)
        .await;
        let mut entered = HashMap::new();
        for (Instant(at), keys) in rows.about(&self.path)? {
            let keys: Vec<JsonKey> = parsed(&keys).about(&self.path)?;
            entered.extend(keys.into_iter().map(|JsonKey(key)| (key, at)));
        }
        Ok(entered)
    }
}

/// A file that no run of this version has written to has no outbox yet.
pub(super) async fn baselines(
    connection: &mut SqliteConnection,
    report: &str,
) -> sqlx::Result<Baselines> {
    if !has_table(connection, "muster_deliveries").await? {
        return Ok(Baselines::new());
    }
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select recipient, max(run_id) from muster_deliveries
         where report = ? and kind = 'report' and status = 'accepted' and run_id is not null
         group by recipient",
    )
    .bind(report)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

async fn report_state(
    connection: &mut SqliteConnection,
    report: &str,
    run: i64,
) -> sqlx::Result<Option<ReportState>> {
    if !has_table(connection, "muster_report_states").await? {
        return Ok(None);
    }
    let about: Option<String> = sqlx::query_scalar(
        "select about from muster_report_states where report = ? and run_id = ?",
    )
    .bind(report)
    .bind(run)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(about) = about else {
        return Ok(None);
    };
    let counted = counted(connection, "muster_report_values").await?;
    let values = sqlx::query_as(AssertSqlSafe(format!(
        "select segment_id, metric, value, {counted} from muster_report_values
         where report = ? and run_id = ?"
    )))
    .bind(report)
    .bind(run)
    .fetch_all(&mut *connection)
    .await?;
    let subjects = sqlx::query_scalar(
        "select subject_key from muster_report_subjects where report = ? and run_id = ?",
    )
    .bind(report)
    .bind(run)
    .fetch_all(connection)
    .await?;
    Ok(Some(ReportState {
        report: report.to_owned(),
        about,
        values,
        subjects,
    }))
}

async fn net_movements_since(
    connection: &mut SqliteConnection,
    run: i64,
) -> sqlx::Result<NetMovements> {
    let rows = sqlx::query("select * from muster_movements where run_id > ? order by run_id")
        .bind(run)
        .fetch_all(connection)
        .await?;
    let mut net_movements = NetMovements::default();
    for row in &rows {
        let (direction, cause) = (row.try_get("direction")?, row.try_get("cause")?);
        let (Some(direction), Some(cause)) = (Direction::parse(direction), Cause::parse(cause))
        else {
            continue;
        };
        let movement = Movement {
            subject: row.try_get("subject_key")?,
            direction,
            cause,
        };
        net_movements.add(row.try_get("segment_id")?, &movement);
    }
    Ok(net_movements)
}

/// Stores the reports' content about a run. Part of the caller's transaction.
pub(super) async fn write_states(
    connection: &mut SqliteConnection,
    run: i64,
    states: &[ReportState],
) -> sqlx::Result<()> {
    for state in states {
        for table in TABLES {
            let delete = format!("delete from {table} where report = ? and run_id = ?");
            sqlx::query(AssertSqlSafe(delete))
                .bind(&state.report)
                .bind(run)
                .execute(&mut *connection)
                .await?;
        }
        sqlx::query("insert into muster_report_states values (?, ?, ?)")
            .bind(&state.report)
            .bind(run)
            .bind(&state.about)
            .execute(&mut *connection)
            .await?;
        let values = state.values.iter();
        let values = values.map(|metric| {
            (
                &metric.segment,
                &metric.metric,
                metric.value,
                metric.counted,
            )
        });
        sqlx::query(
            "insert into muster_report_values (report, run_id, segment_id, metric, value, counted)
             select ?1, ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(?3)",
        )
        .bind(&state.report)
        .bind(run)
        .bind(json(values)?)
        .execute(&mut *connection)
        .await?;
        sqlx::query("insert into muster_report_subjects select ?1, ?2, value from json_each(?3)")
            .bind(&state.report)
            .bind(run)
            .bind(json(state.subjects.iter().map(JsonKey))?)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Deletes the reports' content about runs that no later report will be compared with. Part of the caller's
/// transaction.
pub(super) async fn prune_states(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    for table in TABLES {
        let sql = format!(
            "delete from {table} where not exists (
                 select 1 from muster_deliveries d
                 where d.report = {table}.report and d.run_id = {table}.run_id and d.kind = 'report'
                   and (d.status in ('pending', 'held', 'sending', 'unknown')
                        or d.status in ('refused', 'expired') and d.message is not null
                        or d.status = 'accepted' and not exists (
                            select 1 from muster_deliveries later
                            where later.report = d.report and later.recipient = d.recipient
                              and later.kind = 'report' and later.status = 'accepted'
                              and later.run_id > d.run_id)))"
        );
        sqlx::query(AssertSqlSafe(sql))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
