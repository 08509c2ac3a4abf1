//! The health scores: what changed, and who does worst.

use std::borrow::Cow;

use serde::Deserialize;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::previous::parsed;
use super::read::{client, clients_of_page};
use super::text::{JsonKey, json};
use super::{Client, Run, Store, StoreError, digest};
use crate::engine::{Key, Subjects};

/// Rows of `muster_health` that one statement takes or gives.
const BATCH: usize = 16_384;

/// One subject's health: a row of `muster_health`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HealthRow {
    /// From 0 to 100, with one decimal; none where nothing is known.
    pub health: Option<f64>,
    /// What costs points, in words; none where nothing does.
    pub reasons: Option<String>,
}

/// What a run found of everybody's health.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum HealthFound {
    /// Config defines no score.
    #[default]
    Undefined,
    /// It cannot be told now, for this reason: what was published last stays.
    Stale(String),
    /// One row a subject, by place.
    Scored(Vec<HealthRow>),
}

/// What has to change in `muster_health`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HealthChanges {
    /// What the run found.
    pub found: HealthFound,
    /// The places of the subjects whose row is new or other than it was.
    pub set: Vec<u32>,
    /// Those with a row who are no longer subjects, or who lose it with the score.
    pub removed: Vec<Key>,
    /// The digest of all rows as they are now; none where they are of an earlier run.
    pub hash: Option<String>,
}

impl HealthChanges {
    /// Everybody is new.
    pub fn all(subjects: &Subjects, found: HealthFound) -> Self {
        let (set, hash) = match &found {
            HealthFound::Scored(rows) => (
                (0..).zip(rows).map(|(place, _)| place).collect(),
                Some(digest::health(subjects, rows)),
            ),
            _ => (Vec::new(), None),
        };
        Self {
            found,
            set,
            removed: Vec::new(),
            hash,
        }
    }

    /// Why the scores are those of an earlier run.
    pub fn stale(&self) -> Option<&str> {
        match &self.found {
            HealthFound::Stale(reason) => Some(reason),
            _ => None,
        }
    }

    /// The row of a subject, by place; none where there is no score.
    pub fn row(&self, place: usize) -> Option<&HealthRow> {
        match &self.found {
            HealthFound::Scored(rows) => rows.get(place),
            _ => None,
        }
    }
}

impl Store {
    /// Compares what a run found with what was published.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn health_changes(
        &mut self,
        subjects: &Subjects,
        found: HealthFound,
    ) -> Result<HealthChanges, StoreError> {
        let mut changes = HealthChanges::all(subjects, found);
        let compared = compare(&mut self.connection, subjects, &mut changes).await;
        compared.map_err(|error| self.error(&error))?;
        Ok(changes)
    }

    /// Everyone with a score, or the members of one segment, lowest score first and then in list order;
    /// those without one at the end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn by_health(&mut self, segment: Option<&str>) -> Result<Vec<Client>, StoreError> {
        let found = lowest_first(&mut self.connection, segment).await;
        found.map_err(|error| self.error(&error))
    }

    /// Why the scores of a run are those of an earlier one; none where they are its own.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn health_stale(&mut self, run: i64) -> Result<Option<String>, StoreError> {
        let stale = stale(&mut self.connection, run).await;
        stale.map_err(|error| self.error(&error))
    }
}

/// False in a file that no run has written to since there are scores.
pub(super) async fn has_health(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    let sql =
        "select count(*) > 0 from sqlite_schema where type = 'table' and name = 'muster_health'";
    sqlx::query_scalar(sql).fetch_one(connection).await
}

async fn stale(connection: &mut SqliteConnection, run: i64) -> sqlx::Result<Option<String>> {
    if !has_health(connection).await? {
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
    segment: Option<&str>,
) -> sqlx::Result<Vec<Client>> {
    if !has_health(connection).await? {
        return Ok(Vec::new());
    }
    let clients = clients_of_page(true, "h.health is null, h.health, page.rank");
    let sql = format!(
        "with page as (
             select s.* from muster_scores s
             join muster_health h on h.subject_key = s.subject_key
             where ?1 is null or s.subject_key in
                 (select subject_key from muster_memberships where segment_id = ?1)
         ) {clients}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(segment)
        .fetch_all(connection)
        .await?;
    rows.iter().map(client).collect()
}

async fn compare(
    connection: &mut SqliteConnection,
    subjects: &Subjects,
    changes: &mut HealthChanges,
) -> sqlx::Result<()> {
    if !has_health(connection).await? || is_published(connection, changes).await? {
        return Ok(());
    }
    let stays = matches!(changes.found, HealthFound::Stale(_));
    let mut same = vec![false; subjects.len()];
    let mut after: Option<Key> = None;
    loop {
        let batch = rows_after(connection, after.as_ref()).await?;
        let rows: Vec<StoredHealth<'_>> = parsed(&batch)?;
        let count = rows.len();
        for StoredHealth(JsonKey(key), tenths_before, reasons) in rows {
            match subjects.place(&key) {
                Some(place) if stays || changes.row(place).is_some() => {
                    let now = changes.row(place);
                    if let (Some(same), Some(now)) = (same.get_mut(place), now) {
                        *same = now.health.map(tenths) == tenths_before
                            && now.reasons.as_deref() == reasons.as_deref();
                    }
                }
                _ => changes.removed.push(key.clone()),
            }
            after = Some(key);
        }
        if count < BATCH {
            break;
        }
    }
    changes
        .set
        .retain(|place| !same.get(*place as usize).copied().unwrap_or(false));
    Ok(())
}

/// Whether the rows are those that the last published run left; then nothing changes.
async fn is_published(
    connection: &mut SqliteConnection,
    changes: &mut HealthChanges,
) -> sqlx::Result<bool> {
    let Some(hash) = &changes.hash else {
        return Ok(false);
    };
    let published: Option<Option<String>> = sqlx::query_scalar(
        "select health_hash from muster_runs
         where status in ('published', 'partial')
           and subjects = (select count(*) from muster_health)
         order by id desc limit 1",
    )
    .fetch_optional(connection)
    .await?;
    let same = published.flatten().as_ref() == Some(hash);
    if same {
        changes.set.clear();
    }
    Ok(same)
}

/// The next rows by key as one JSON text: a thousand rows cost hardly more than one.
async fn rows_after(
    connection: &mut SqliteConnection,
    after: Option<&Key>,
) -> sqlx::Result<String> {
    const FIRST: &str = "
        select json_group_array(json_array(subject_key, cast(health * 10 + 0.5 as integer), reasons))
        from (select * from muster_health order by subject_key limit ?1)";
    const NEXT: &str = "
        select json_group_array(json_array(subject_key, cast(health * 10 + 0.5 as integer), reasons))
        from (select * from muster_health where subject_key > ?2 order by subject_key limit ?1)";
    let batch = i64::try_from(BATCH).unwrap_or(i64::MAX);
    match after {
        None => sqlx::query_scalar(FIRST).bind(batch),
        Some(Key::Integer(key)) => sqlx::query_scalar(NEXT).bind(batch).bind(*key),
        Some(Key::Text(key)) => sqlx::query_scalar(NEXT).bind(batch).bind(key.to_string()),
    }
    .fetch_one(connection)
    .await
}

/// Writes what changed; part of the caller's transaction.
pub(super) async fn write_health(
    connection: &mut SqliteConnection,
    run: &Run,
    subjects: &Subjects,
    changes: &HealthChanges,
) -> sqlx::Result<()> {
    for batch in changes.removed.chunks(BATCH) {
        sqlx::query(
            "delete from muster_health where subject_key in (select value from json_each(?))",
        )
        .bind(json(batch.iter().map(JsonKey))?)
        .execute(&mut *connection)
        .await?;
    }
    for batch in changes.set.chunks(BATCH) {
        let rows = batch.iter().filter_map(|place| {
            let place = usize::try_from(*place).ok()?;
            let (key, row) = (subjects.key(place)?, changes.row(place)?);
            Some((JsonKey(key), row.health, row.reasons.as_deref()))
        });
        sqlx::query(
            "insert or replace into muster_health
             select value ->> 0, value ->> 1, value ->> 2 from json_each(?)",
        )
        .bind(json(rows)?)
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query("update muster_runs set health_hash = ?, health_stale = ? where id = ?")
        .bind(&changes.hash)
        .bind(changes.stale())
        .bind(run.id)
        .execute(connection)
        .await
        .map(drop)
}

/// Key, health in [`tenths`], reasons.
#[derive(Deserialize)]
struct StoredHealth<'a>(JsonKey, Option<i64>, #[serde(borrow)] Option<Cow<'a, str>>);

/// A score in whole tenths, to compare one that was stored with one that was not. The query does the
/// same arithmetic.
fn tenths(health: f64) -> i64 {
    (health * 10.0 + 0.5) as i64
}
