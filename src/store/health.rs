//! Health scores: the changes of `muster_health`, and the lowest scores.

use std::borrow::Cow;

use serde::Deserialize;
use sqlx::error::BoxDynError;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, SqliteConnection};

use super::digest::Digest;
use super::error::About;
use super::migrate::has_table;
use super::read::clients_of_page;
use super::subject_rows::{RowChanges, SubjectRow, Today};
use super::text::json;
use super::{Among, Client, ClientQuery, HealthRow, Run, Store, StoreError};
use crate::engine::{Key, Subjects};

/// The health scores of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum HealthFound {
    /// Config defines no score.
    #[default]
    Undefined,
    /// The scores cannot be computed now, for this reason: the last published ones stay.
    Stale(String),
    /// One row per subject, by place.
    Scored(Vec<HealthRow>),
}

impl HealthFound {
    /// Why the scores are those of an earlier run.
    pub fn stale(&self) -> Option<&str> {
        match self {
            Self::Stale(reason) => Some(reason),
            _ => None,
        }
    }

    /// The row of a subject, by place; `None` if there is no score.
    pub fn row(&self, place: usize) -> Option<&HealthRow> {
        match self {
            Self::Scored(rows) => rows.get(place),
            _ => None,
        }
    }

    fn today(&self) -> Today<'_, HealthRow> {
        match self {
            Self::Undefined => Today::Nobody,
            Self::Stale(_) => Today::Unknown,
            Self::Scored(rows) => Today::Rows(rows),
        }
    }
}

/// Health in [`tenths`], and the reasons.
#[derive(Deserialize)]
pub(super) struct StoredHealth<'a>(Option<i64>, #[serde(borrow)] Option<Cow<'a, str>>);

impl SubjectRow for HealthRow {
    const TABLE: &'static str = "muster_health";
    const HASH: &'static str = "health_hash";
    const COMPARED: &'static str = "cast(health * 10 + 0.5 as integer), reasons";
    const PARAMETERS: &'static str = "(?, ?, ?)";
    type Stored<'a> = StoredHealth<'a>;

    fn is(&self, _: &str, StoredHealth(health, reasons): &StoredHealth<'_>) -> bool {
        self.health.map(tenths) == *health && self.reasons.as_deref() == reasons.as_deref()
    }

    fn digest(&self, _: &str, digest: &mut Digest) {
        // No score is negative, so -1 stands for none.
        digest.bytes(&self.health.unwrap_or(-1.0).to_bits().to_le_bytes());
        digest.text(self.reasons.as_deref().unwrap_or_default());
    }

    fn bind(&self, _: &str, row: &mut SqliteArguments) -> Result<(), BoxDynError> {
        row.add(self.health)?;
        row.add(self.reasons.as_deref())
    }
}

impl Store {
    /// Compares the scores of a run with the published ones.
    pub async fn health_changes(
        &mut self,
        subjects: &Subjects,
        found: &HealthFound,
    ) -> Result<RowChanges, StoreError> {
        RowChanges::since(&mut self.connection, subjects, &found.today())
            .await
            .about(&self.path)
    }

    /// The clients of a query with a score, lowest first and then in list order; those without one come last.
    pub async fn by_health(&mut self, query: &ClientQuery) -> Result<Vec<Client>, StoreError> {
        lowest_first(&mut self.connection, query)
            .await
            .about(&self.path)
    }

    /// The keys of all clients that [`Store::by_health`] returns for a list, in its order.
    pub async fn keys_by_health(&mut self, among: &Among) -> Result<Vec<Key>, StoreError> {
        let keys = keys_lowest_first(&mut self.connection, among).await;
        keys.about(&self.path)
    }

    /// Why the scores of a run come from an earlier one; `None` if they are its own.
    pub async fn health_stale(&mut self, run: i64) -> Result<Option<String>, StoreError> {
        stale(&mut self.connection, run).await.about(&self.path)
    }
}

impl RowChanges {
    /// Marks the health of every subject as new.
    pub fn whole_health(subjects: &Subjects, found: &HealthFound) -> Self {
        Self::all(subjects, &found.today())
    }
}

async fn stale(connection: &mut SqliteConnection, run: i64) -> sqlx::Result<Option<String>> {
    if !has_table(connection, HealthRow::TABLE).await? {
        return Ok(None);
    }
    let reason = sqlx::query_scalar("select health_stale from muster_runs where id = ?")
        .bind(run)
        .fetch_optional(connection)
        .await?;
    Ok(reason.flatten())
}

async fn lowest_first(
    connection: &mut SqliteConnection,
    query: &ClientQuery,
) -> sqlx::Result<Vec<Client>> {
    if !has_table(connection, HealthRow::TABLE).await? {
        return Ok(Vec::new());
    }
    let clients = clients_of_page(true, "h.health is null, h.health, page.rank");
    let wanted = query.among.condition();
    let sql = format!(
        "with page as (
             select scores.* from muster_scores scores
             join muster_health h on h.subject_key = scores.subject_key where {wanted}
             order by h.health is null, h.health, scores.rank limit ?2 offset ?3
         ) {clients}"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(json(query.among.segments())?)
        .bind(query.limit.map_or(-1, i64::from))
        .bind(query.offset)
        .fetch_all(connection)
        .await
}

async fn keys_lowest_first(
    connection: &mut SqliteConnection,
    among: &Among,
) -> sqlx::Result<Vec<Key>> {
    if !has_table(connection, HealthRow::TABLE).await? {
        return Ok(Vec::new());
    }
    let wanted = among.condition();
    let sql = format!(
        "select scores.subject_key from muster_scores scores
         join muster_health h on h.subject_key = scores.subject_key where {wanted}
         order by h.health is null, h.health, scores.rank"
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(json(among.segments())?)
        .fetch_all(connection)
        .await
}

/// Writes the changes; part of the caller's transaction.
pub(super) async fn write_health(
    connection: &mut SqliteConnection,
    run: &Run,
    subjects: &Subjects,
    found: &HealthFound,
    changes: &RowChanges,
) -> sqlx::Result<()> {
    changes.write(connection, subjects, &found.today()).await?;
    sqlx::query("update muster_runs set health_hash = ?, health_stale = ? where id = ?")
        .bind(&changes.hash)
        .bind(found.stale())
        .bind(run.id)
        .execute(connection)
        .await
        .map(drop)
}

/// A score in whole tenths, to compare a stored score with a new one. The query uses the same arithmetic.
fn tenths(health: f64) -> i64 {
    (health * 10.0 + 0.5) as i64
}
