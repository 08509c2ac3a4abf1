//! What the recipients of a report heard last, and what has moved since.

use std::collections::{BTreeMap, HashMap};

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::history::{counted, metric};
use super::read::run;
use super::text::{JsonKey, json, key, micros};
use super::{Cause, Direction, Metric, Movement, Run, Store, StoreError};
use crate::engine::Key;

/// The tables that hold what reports told.
const TABLES: [&str; 3] = [
    "muster_report_states",
    "muster_report_values",
    "muster_report_subjects",
];

/// For each recipient of a report, the run that the last accepted one told of.
pub type Baselines = BTreeMap<String, i64>;

/// What one report told of one run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReportState {
    /// The report's id.
    pub report: String,
    /// Its `where:` as it was then; empty where it was about everyone.
    pub about: String,
    /// Its numbers: of every segment in it `size`, and the values of config.
    pub values: Vec<Metric>,
    /// Who of its segments satisfied its `where:`; empty for a report without one.
    pub subjects: Vec<Key>,
}

/// The movements of one subject in one segment over several runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetMovement {
    first: Direction,
    last: Direction,
    /// True where any of them was news about the customer, not about the rules.
    pub news: bool,
    /// True where any of them came with an upgrade of Muster.
    pub upgrade: bool,
}

impl NetMovement {
    /// The course of one movement.
    pub fn begin(direction: Direction, cause: Cause) -> Self {
        Self {
            first: direction,
            last: direction,
            news: cause.is_of_customers(),
            upgrade: cause == Cause::Upgrade,
        }
    }

    /// Goes on with a later movement.
    pub fn go_on(&mut self, direction: Direction, cause: Cause) {
        self.last = direction;
        self.news |= cause.is_of_customers();
        self.upgrade |= cause == Cause::Upgrade;
    }

    /// Whether the subject was a member before all of them.
    pub fn was_in(self) -> bool {
        self.first == Direction::Left
    }

    /// Whether it is a member after them.
    pub fn is_in(self) -> bool {
        self.last == Direction::Entered
    }
}

/// Courses by segment and subject.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NetMovements(HashMap<String, HashMap<Key, NetMovement>>);

impl NetMovements {
    /// Adds a later movement.
    pub fn add(&mut self, segment: &str, movement: &Movement) {
        let Movement {
            subject,
            direction,
            cause,
        } = movement;
        if !self.0.contains_key(segment) {
            self.0.insert(segment.to_owned(), HashMap::new());
        }
        if let Some(net_movements) = self.0.get_mut(segment) {
            net_movements
                .entry(subject.clone())
                .and_modify(|net_movement| net_movement.go_on(*direction, *cause))
                .or_insert_with(|| NetMovement::begin(*direction, *cause));
        }
    }

    /// The course of a subject in a segment; none where it did not move.
    pub fn of(&self, segment: &str, subject: &Key) -> Option<NetMovement> {
        self.0.get(segment)?.get(subject).copied()
    }

    /// Who moved in a segment.
    pub fn in_segment(&self, segment: &str) -> impl Iterator<Item = (&Key, NetMovement)> {
        let net_movements = self.0.get(segment).into_iter().flatten();
        net_movements.map(|(key, net_movement)| (key, *net_movement))
    }

    /// Everyone who moved; more than once who did so in several segments.
    pub fn subjects(&self) -> impl Iterator<Item = &Key> {
        self.0.values().flat_map(HashMap::keys)
    }

    /// Gives a segment's movements its new id.
    pub fn rename(&mut self, from: &str, to: &str) {
        if let Some(net_movements) = self.0.remove(from) {
            self.0.insert(to.to_owned(), net_movements);
        }
    }
}

impl Store {
    /// For each recipient of a report, the run that the last accepted one told of.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn baselines(&mut self, report: &str) -> Result<Baselines, StoreError> {
        let baselines = baselines(&mut self.connection, report).await;
        baselines.map_err(|error| self.error(&error))
    }

    /// What a report told of a run; none where that is no longer, or was never, kept.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn report_state(
        &mut self,
        report: &str,
        run: i64,
    ) -> Result<Option<ReportState>, StoreError> {
        let state = report_state(&mut self.connection, report, run).await;
        state.map_err(|error| self.error(&error))
    }

    /// Everything that moved with the runs after one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn courses_since(&mut self, run: i64) -> Result<NetMovements, StoreError> {
        let net_movements = courses_since(&mut self.connection, run).await;
        net_movements.map_err(|error| self.error(&error))
    }

    /// A run; none where it was forgotten.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn run_of(&mut self, number: i64) -> Result<Option<Run>, StoreError> {
        let found = sqlx::query("select * from muster_runs where id = ?")
            .bind(number)
            .fetch_optional(&mut self.connection)
            .await;
        found
            .and_then(|found| found.as_ref().map(run).transpose())
            .map_err(|error| self.error(&error))
    }

    /// The number that the next run will have, if none is recorded meanwhile.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn next_run(&mut self) -> Result<i64, StoreError> {
        let next = sqlx::query_scalar("select coalesce(max(id), 0) + 1 from muster_runs")
            .fetch_one(&mut self.connection)
            .await;
        next.map_err(|error| self.error(&error))
    }

    /// The names shown of some subjects, as far as the list has them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn labels(&mut self, subjects: &[Key]) -> Result<HashMap<Key, String>, StoreError> {
        let labels = async {
            let rows = sqlx::query(
                "select subject_key, label from muster_scores
                 where subject_key in (select value from json_each(?))",
            )
            .bind(json(subjects.iter().map(JsonKey))?)
            .fetch_all(&mut self.connection)
            .await?;
            let label = |row: &SqliteRow| Ok((key(row, "subject_key")?, row.try_get("label")?));
            rows.iter().map(label).collect()
        };
        let labels: sqlx::Result<_> = labels.await;
        labels.map_err(|error| self.error(&error))
    }

    /// The instants at which a segment's members entered it, microseconds UTC.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn entered(&mut self, segment: &str) -> Result<HashMap<Key, i64>, StoreError> {
        let rows = sqlx::query(
            "select subject_key, entered_at from muster_memberships where segment_id = ?",
        )
        .bind(segment)
        .fetch_all(&mut self.connection)
        .await;
        let entry = |row: &SqliteRow| {
            Ok((
                key(row, "subject_key")?,
                micros(row.try_get("entered_at")?)?,
            ))
        };
        rows.and_then(|rows| rows.iter().map(entry).collect())
            .map_err(|error| self.error(&error))
    }
}

async fn is_there(connection: &mut SqliteConnection, table: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("select count(*) from sqlite_schema where type = 'table' and name = ?")
        .bind(table)
        .fetch_one(connection)
        .await
}

/// A file that no run of this version has written to yet has no outbox.
pub(super) async fn baselines(
    connection: &mut SqliteConnection,
    report: &str,
) -> sqlx::Result<Baselines> {
    if !is_there(connection, "muster_deliveries").await? {
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
    if !is_there(connection, "muster_report_states").await? {
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
    let rows = sqlx::query(AssertSqlSafe(format!(
        "select segment_id, metric, value, {counted} from muster_report_values
         where report = ? and run_id = ?"
    )))
    .bind(report)
    .bind(run)
    .fetch_all(&mut *connection)
    .await?;
    let subjects = sqlx::query(
        "select subject_key from muster_report_subjects where report = ? and run_id = ?",
    )
    .bind(report)
    .bind(run)
    .fetch_all(connection)
    .await?;
    Ok(Some(ReportState {
        report: report.to_owned(),
        about,
        values: rows.iter().map(metric).collect::<sqlx::Result<_>>()?,
        subjects: subjects
            .iter()
            .map(|row| key(row, "subject_key"))
            .collect::<sqlx::Result<_>>()?,
    }))
}

async fn courses_since(connection: &mut SqliteConnection, run: i64) -> sqlx::Result<NetMovements> {
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
            subject: key(row, "subject_key")?,
            direction,
            cause,
        };
        net_movements.add(row.try_get("segment_id")?, &movement);
    }
    Ok(net_movements)
}

/// Remembers what reports told of a run. Part of the caller's transaction.
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

/// Forgets what reports told of runs that no later report will be compared with. Part of the caller's
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
