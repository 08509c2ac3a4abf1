//! What was published, for the commands that show it.

use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use super::health::has_health;
use super::sound;
use super::text::{key, micros};
use super::{
    Cause, Client, Direction, Entry, HealthRow, Run, RunStatus, Score, Store, StoreError,
    StoredSegment,
};
use crate::catalog::RememberedColumns;
use crate::ir::{Fingerprint, RunFingerprint};

/// Which part of the client list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientQuery {
    /// Only members of this segment.
    pub segment: Option<String>,
    /// At most so many; none for all.
    pub limit: Option<u32>,
    /// Leaves out so many from the top.
    pub offset: u32,
}

/// How many subjects moved, one way and for one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The segment's id.
    pub segment: String,
    /// Which way.
    pub direction: Direction,
    /// Why.
    pub cause: Cause,
    /// How many.
    pub count: u64,
}

/// The clients of a `page` of `muster_scores`, in an order. Without `health` the file has no scores of it.
pub(super) fn clients_of_page(health: bool, order: &str) -> String {
    let (columns, join) = if health {
        (
            "h.health, h.reasons",
            "left join muster_health h on h.subject_key = page.subject_key",
        )
    } else {
        ("null as health, null as reasons", "")
    };
    format!(
        "select page.*, {columns}, (
             select json_group_array(s.id order by coalesce(s.importance, -1) desc, s.position)
             from muster_segments s
             cross join muster_memberships m
                 on m.segment_id = s.id and m.subject_key = page.subject_key
         ) as segments
         from page {join} order by {order}"
    )
}

/// As the client list is ordered.
const BY_RANK: &str = "page.rank";

impl Store {
    /// The run whose results are in the tables; none before the first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn last_published(&mut self) -> Result<Option<Run>, StoreError> {
        let row = sqlx::query(
            "select * from muster_runs where status in ('published', 'partial')
             order by id desc limit 1",
        )
        .fetch_optional(&mut self.connection)
        .await;
        let last = row.and_then(|row| row.as_ref().map(run).transpose());
        let last = last.map_err(|error| self.error(&error))?;
        if last.is_none() {
            let lacks = sound::lacks_its_run(&mut self.connection).await;
            if lacks.map_err(|error| self.error(&error))? {
                let reason = "there are results, and no run that wrote them";
                return Err(StoreError::wrong(&self.path, reason));
            }
        }
        Ok(last)
    }

    /// The newest runs, however they ended, newest first; all of them without a limit.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn runs(&mut self, limit: impl Into<Option<u32>>) -> Result<Vec<Run>, StoreError> {
        let rows = sqlx::query("select * from muster_runs order by id desc limit ?")
            .bind(limit.into().map_or(-1, i64::from))
            .fetch_all(&mut self.connection)
            .await;
        rows.and_then(|rows| rows.iter().map(run).collect())
            .map_err(|error| self.error(&error))
    }

    /// The segments, in the order of the rule files.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn segments(&mut self) -> Result<Vec<StoredSegment>, StoreError> {
        let rows = sqlx::query("select * from muster_segments order by position, id")
            .fetch_all(&mut self.connection)
            .await;
        rows.and_then(|rows| rows.iter().map(segment).collect())
            .map_err(|error| self.error(&error))
    }

    /// How many members each segment has by count, in the order of [`Store::segments`].
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn sizes(&mut self) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = sqlx::query_as(
            "select id, (select count(*) from muster_memberships where segment_id = id)
             from muster_segments order by position, id",
        )
        .fetch_all(&mut self.connection)
        .await;
        rows.map_err(|error| self.error(&error))
    }

    /// Visits everyone in the list, or the members of one segment, in list order, one after the
    /// other: memory does not grow with their number.
    ///
    /// # Errors
    /// The file cannot be read, or `visit` fails.
    pub async fn each_entry<E: From<StoreError>>(
        &mut self,
        segment: Option<&str>,
        mut visit: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let from = match segment {
            Some(_) => {
                "select s.*, m.entered_at from muster_memberships m
                 join muster_scores s on s.subject_key = m.subject_key where m.segment_id = ?1"
            }
            None => "select s.*, null as entered_at from muster_scores s",
        };
        let clients = self.clients_of_page().await?;
        let sql = format!("with page as ({from}) {clients}");
        let path = self.path.clone();
        let failed = |error: sqlx::Error| StoreError::new(&path, &error);
        let mut rows = sqlx::query(AssertSqlSafe(sql))
            .bind(segment)
            .fetch(&mut self.connection);
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            visit(entry(&row).map_err(failed)?)?;
        }
        Ok(())
    }

    /// A part of the client list, in list order.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn clients(&mut self, query: &ClientQuery) -> Result<Vec<Client>, StoreError> {
        let clients = self.clients_of_page().await?;
        let sql = format!(
            "with page as (
                 select * from muster_scores where ?1 is null or subject_key in
                     (select subject_key from muster_memberships where segment_id = ?1)
                 order by rank limit ?2 offset ?3
             ) {clients}"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(query.segment.as_deref())
            .bind(query.limit.map_or(-1, i64::from))
            .bind(query.offset)
            .fetch_all(&mut self.connection)
            .await;
        rows.and_then(|rows| rows.iter().map(client).collect())
            .map_err(|error| self.error(&error))
    }

    /// Who a person may mean by a text: the subject of that key, or else all of that label.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn find(&mut self, text: &str) -> Result<Vec<Client>, StoreError> {
        let clients = self.clients_of_page().await?;
        let sql = format!(
            "with keyed as (select * from muster_scores where subject_key in (?1, ?2)),
             page as (
                 select * from keyed union all
                 select * from muster_scores where label = ?1 and not exists (select 1 from keyed)
             ) {clients}"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(text)
            .bind(text.parse::<i64>().ok())
            .fetch_all(&mut self.connection)
            .await;
        rows.and_then(|rows| rows.iter().map(client).collect())
            .map_err(|error| self.error(&error))
    }

    async fn clients_of_page(&mut self) -> Result<String, StoreError> {
        let health = has_health(&mut self.connection).await;
        let health = health.map_err(|error| self.error(&error))?;
        Ok(clients_of_page(health, BY_RANK))
    }

    /// How many moved with a run: by segment, direction and cause.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn moved(&mut self, run: i64) -> Result<Vec<Moved>, StoreError> {
        let rows = sqlx::query(
            "select segment_id, direction, cause, count(*) as count from muster_movements
             where run_id = ? group by segment_id, direction, cause",
        )
        .bind(run)
        .fetch_all(&mut self.connection)
        .await;
        rows.and_then(|rows| rows.iter().map(moved).collect())
            .map_err(|error| self.error(&error))
    }

    /// The columns that the last published run read.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn columns(&mut self) -> Result<RememberedColumns, StoreError> {
        let rows = sqlx::query_as("select table_name, column_name from muster_columns")
            .fetch_all(&mut self.connection)
            .await;
        rows.map(|rows: Vec<(String, String)>| rows.into_iter().collect())
            .map_err(|error| self.error(&error))
    }
}

pub(super) fn run(row: &SqliteRow) -> sqlx::Result<Run> {
    let finished_at: Option<&str> = row.try_get("finished_at")?;
    Ok(Run {
        id: row.try_get("id")?,
        as_of: micros(row.try_get("as_of")?)?,
        started_at: micros(row.try_get("started_at")?)?,
        finished_at: finished_at.map(micros).transpose()?,
        status: named(row, "status", RunStatus::parse)?,
        trigger: row.try_get("trigger")?,
        fingerprint: RunFingerprint {
            version: since_written(row, "fingerprint_version")?,
            rules: row.try_get("rules_hash")?,
            health: since_written(row, "health_rules")?,
        },
        subjects: row.try_get("subjects")?,
        message: row.try_get("message")?,
    })
}

pub(super) fn segment(row: &SqliteRow) -> sqlx::Result<StoredSegment> {
    let stale = match row.try_get("status")? {
        "stale" => Some(
            row.try_get::<Option<String>, _>("reason")?
                .unwrap_or_default(),
        ),
        _ => None,
    };
    Ok(StoredSegment {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        sign: since_written(row, "sign")?,
        description: since_written(row, "description")?,
        bucket: row.try_get("bucket")?,
        importance: row.try_get("importance")?,
        weight: row.try_get("weight")?,
        stale,
        fingerprint: fingerprint(row)?,
        size: row.try_get("size")?,
    })
}

/// What a segment's members were found by.
fn fingerprint(row: &SqliteRow) -> sqlx::Result<Option<Fingerprint>> {
    let rule: String = row.try_get("definition")?;
    let found = Fingerprint {
        version: since_written(row, "fingerprint_version")?,
        rule,
        ground: since_written(row, "ground")?.unwrap_or_default(),
    };
    Ok(Some(found).filter(|found| !found.rule.is_empty()))
}

/// What stands in a column that a later migration added: nothing in a file that was not written since.
fn since_written<'r, T>(row: &'r SqliteRow, column: &str) -> sqlx::Result<Option<T>>
where
    Option<T>: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    match row.try_get(column) {
        Err(sqlx::Error::ColumnNotFound(_)) => Ok(None),
        found => found,
    }
}

fn score(row: &SqliteRow) -> sqlx::Result<Score> {
    Ok(Score {
        subject: key(row, "subject_key")?,
        label: row.try_get("label")?,
        score: row.try_get("score")?,
        rank: row.try_get("rank")?,
    })
}

fn entry(row: &SqliteRow) -> sqlx::Result<Entry> {
    let entered_at: Option<&str> = row.try_get("entered_at")?;
    let client = client(row)?;
    Ok(Entry {
        score: client.score,
        segments: client.segments,
        health: client.health,
        entered_at: entered_at.map(micros).transpose()?,
    })
}

pub(super) fn client(row: &SqliteRow) -> sqlx::Result<Client> {
    let segments: sqlx::types::Json<Vec<String>> = row.try_get("segments")?;
    Ok(Client {
        score: score(row)?,
        segments: segments.0,
        health: HealthRow {
            health: row.try_get("health")?,
            reasons: row.try_get("reasons")?,
        },
    })
}

fn moved(row: &SqliteRow) -> sqlx::Result<Moved> {
    Ok(Moved {
        segment: row.try_get("segment_id")?,
        direction: named(row, "direction", Direction::parse)?,
        cause: named(row, "cause", Cause::parse)?,
        count: row.try_get("count")?,
    })
}

fn named<T>(row: &SqliteRow, column: &str, parse: fn(&str) -> Option<T>) -> sqlx::Result<T> {
    let name: &str = row.try_get(column)?;
    parse(name).ok_or_else(|| sqlx::Error::Decode(format!("`{name}` in `{column}`").into()))
}
