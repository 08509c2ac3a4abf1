//! Reading of published results, for the commands that show them.

use futures_util::stream::{BoxStream, iter, try_unfold};
use futures_util::{StreamExt, TryStreamExt};
use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, FromRow, Row};

use super::error::About;
use super::migrate::has_table;
use super::sound;
use super::text::{JsonKey, json};
use super::{Among, Client, Moved, Run, Store, StoreError, StoredSegment};
use crate::catalog::RememberedColumns;
use crate::engine::Key;
use crate::ir::{Fingerprint, RunFingerprint};

/// A part of the client list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ClientQuery {
    /// The scope of the list.
    pub among: Among,
    /// The maximum number of clients; `None` for all.
    pub limit: Option<u32>,
    /// How many to skip from the top.
    pub offset: u32,
}

/// SQL for the clients of a `page` of `muster_scores`, in an order. Without `health`, the file has no health scores.
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

/// The order of the client list.
const BY_RANK: &str = "page.rank";

impl Store {
    /// The run whose results are in the tables; `None` before the first.
    pub async fn last_published(&mut self) -> Result<Option<Run>, StoreError> {
        let last: sqlx::Result<Option<Run>> = sqlx::query_as(
            "select * from muster_runs where status in ('published', 'partial')
             order by id desc limit 1",
        )
        .fetch_optional(&mut self.connection)
        .await;
        let last = last.about(&self.path)?;
        if last.is_none() {
            let lacks = sound::lacks_its_run(&mut self.connection).await;
            if lacks.about(&self.path)? {
                let reason = "there are results, and no run that wrote them";
                return Err(StoreError::wrong(&self.path, reason));
            }
        }
        Ok(last)
    }

    /// The newest runs, however they ended, newest first; all of them without a limit.
    pub async fn runs(&mut self, limit: impl Into<Option<u32>>) -> Result<Vec<Run>, StoreError> {
        sqlx::query_as("select * from muster_runs order by id desc limit ?")
            .bind(limit.into().map_or(-1, i64::from))
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }

    /// The segments, in the order of the rule files.
    pub async fn segments(&mut self) -> Result<Vec<StoredSegment>, StoreError> {
        sqlx::query_as("select * from muster_segments order by position, id")
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }

    /// Visits everyone in the list, or the members of one segment, in list order, one after the other: memory does not
    /// grow with their number.
    pub async fn each_client<E: From<StoreError>>(
        &mut self,
        segment: Option<&str>,
        mut visit: impl FnMut(Client) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut clients = self.stream_clients(&Among::one(segment)).await?;
        while let Some(client) = clients.try_next().await? {
            visit(client)?;
        }
        Ok(())
    }

    /// Streams all selected clients, in list order. Members of one segment come with their entry time.
    pub async fn stream_clients(
        &mut self,
        among: &Among,
    ) -> Result<BoxStream<'_, Result<Client, StoreError>>, StoreError> {
        let (clients, from) = (self.clients_of_page().await?, among.rows());
        let sql = format!("with page as ({from}) {clients}");
        let segments = json(among.segments()).about(&self.path)?;
        let path = &self.path;
        let clients = sqlx::query_as(AssertSqlSafe(sql)).bind(segments);
        let clients = clients.fetch(&mut self.connection);
        Ok(clients.map(move |client| client.about(path)).boxed())
    }

    /// A part of the client list, in list order.
    pub async fn clients(&mut self, query: &ClientQuery) -> Result<Vec<Client>, StoreError> {
        let clients = self.clients_of_page().await?;
        let from = query.among.rows();
        let sql = format!("with page as ({from} order by rank limit ?2 offset ?3) {clients}");
        sqlx::query_as(AssertSqlSafe(sql))
            .bind(json(query.among.segments()).about(&self.path)?)
            .bind(query.limit.map_or(-1, i64::from))
            .bind(query.offset)
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }

    /// The clients that a text may refer to: the subject with that key, or otherwise all with that label.
    pub async fn find(&mut self, text: &str) -> Result<Vec<Client>, StoreError> {
        let clients = self.clients_of_page().await?;
        let sql = format!(
            "with keyed as (select * from muster_scores where subject_key in (?1, ?2)),
             page as (
                 select * from keyed union all
                 select * from muster_scores where label = ?1 and not exists (select 1 from keyed)
             ) {clients}"
        );
        sqlx::query_as(AssertSqlSafe(sql))
            .bind(text)
            .bind(text.parse::<i64>().ok())
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }

    /// The clients with these keys, in list order; keys that the list does not contain are left out.
    pub async fn clients_of(&mut self, keys: &[Key]) -> Result<Vec<Client>, StoreError> {
        let clients = self.clients_of_page().await?;
        let sql = format!(
            "with page as (
                 select * from muster_scores
                 where subject_key in (select value from json_each(?1))
             ) {clients}"
        );
        sqlx::query_as(AssertSqlSafe(sql))
            .bind(json(keys.iter().map(JsonKey)).about(&self.path)?)
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }

    /// Streams the clients with these keys, which must be in list order; keys that the list does not contain are left
    /// out.
    pub fn stream_clients_of(
        &mut self,
        keys: Vec<Key>,
    ) -> BoxStream<'_, Result<Client, StoreError>> {
        /// How many are read at a time.
        const PART: usize = 512;
        let parts = try_unfold((self, keys, 0), async |(store, keys, at)| {
            let part = keys.get(at..keys.len().min(at + PART)).unwrap_or_default();
            if part.is_empty() {
                return Ok(None);
            }
            let clients = store.clients_of(part).await?;
            let clients = iter(clients.into_iter().map(Ok));
            Ok(Some((clients, (store, keys, at + PART))))
        });
        parts.try_flatten().boxed()
    }

    async fn clients_of_page(&mut self) -> Result<String, StoreError> {
        let health = has_table(&mut self.connection, "muster_health").await;
        Ok(clients_of_page(health.about(&self.path)?, BY_RANK))
    }

    /// How many subjects moved in a run, by segment, direction and cause.
    pub async fn moved(&mut self, run: i64) -> Result<Vec<Moved>, StoreError> {
        sqlx::query_as(
            "select segment_id, direction, cause, count(*) as count from muster_movements
             where run_id = ? group by segment_id, direction, cause",
        )
        .bind(run)
        .fetch_all(&mut self.connection)
        .await
        .about(&self.path)
    }

    /// The columns that the last published run read.
    pub async fn columns(&mut self) -> Result<RememberedColumns, StoreError> {
        let rows = sqlx::query_as("select table_name, column_name from muster_columns")
            .fetch_all(&mut self.connection)
            .await;
        rows.map(|rows: Vec<(String, String)>| rows.into_iter().collect())
            .about(&self.path)
    }
}

impl FromRow<'_, SqliteRow> for RunFingerprint {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            version: since_written(row, "fingerprint_version")?,
            rules: row.try_get("rules_hash")?,
            health: since_written(row, "health_rules")?,
            currency: since_written(row, "currency")?,
            values: since_written(row, "value_rules")?.map(|Json(values)| values),
        })
    }
}

impl FromRow<'_, SqliteRow> for StoredSegment {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        let reason: Option<String> = row.try_get("reason")?;
        let fingerprint = Fingerprint {
            version: since_written(row, "fingerprint_version")?,
            rule: row.try_get("definition")?,
            ground: since_written(row, "ground")?.unwrap_or_default(),
        };
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            sign: since_written(row, "sign")?,
            description: since_written(row, "description")?,
            bucket: row.try_get("bucket")?,
            importance: row.try_get("importance")?,
            weight: row.try_get("weight")?,
            stale: match row.try_get("status")? {
                "stale" => Some(reason.unwrap_or_default()),
                _ => None,
            },
            fingerprint: Some(fingerprint).filter(|found| !found.rule.is_empty()),
            size: row.try_get("size")?,
        })
    }
}

/// The value of a column that a later migration added; `None` in a file that was not written since.
fn since_written<'r, T>(row: &'r SqliteRow, column: &str) -> sqlx::Result<Option<T>>
where
    Option<T>: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    match row.try_get(column) {
        Err(sqlx::Error::ColumnNotFound(_)) => Ok(None),
        found => found,
    }
}
