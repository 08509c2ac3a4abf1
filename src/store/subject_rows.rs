//! Tables with one row per subject, of which a run writes only the rows that differ from the stored ones.

use futures_util::future::join;
use serde::Deserialize;
use sqlx::error::BoxDynError;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, SqliteConnection};

use super::digest::Digest;
use super::migrate::has_table;
use super::text::{JsonKey, json, parsed};
use crate::engine::{Key, Subjects};

/// Rows that one statement returns as one JSON text: single rows cost forty times as much.
const BATCH: usize = 16_384;
/// Rows that one statement writes: passing a row in a JSON text costs four times as much.
const WRITTEN: usize = 512;

/// The columns of a table with one row per subject besides the key. The label is the subject's.
pub(super) trait SubjectRow {
    const TABLE: &'static str;
    /// The column of `muster_runs` with the digest of all rows.
    const HASH: &'static str;
    /// The compared part of a row, in SQL.
    const COMPARED: &'static str;
    /// A row's SQL parameters: the key's, then those of [`SubjectRow::bind`].
    const PARAMETERS: &'static str;
    /// The compared part of a stored row.
    type Stored<'a>: Deserialize<'a>;

    fn is(&self, label: &str, stored: &Self::Stored<'_>) -> bool;
    fn digest(&self, label: &str, digest: &mut Digest);
    /// Adds the values of a row after the key, column by column.
    fn bind(&self, label: &str, row: &mut SqliteArguments) -> Result<(), BoxDynError>;
}

/// What a run knows about all subjects.
#[derive(Debug)]
pub(super) enum Today<'a, R> {
    /// One row per subject, by place.
    Rows(&'a [R]),
    /// Nothing: stored rows stay.
    Unknown,
    /// That no subject has a row.
    Nobody,
}

impl<'a, R> Today<'a, R> {
    fn row(&self, place: usize) -> Option<&'a R> {
        match self {
            Self::Rows(rows) => rows.get(place),
            Self::Unknown | Self::Nobody => None,
        }
    }
}

/// The changes to a table with one row per subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowChanges {
    /// The places of the subjects whose row is new or has changed.
    pub set: Vec<u32>,
    /// Keys with a row that are no longer subjects, or that no longer have a row.
    pub removed: Vec<Key>,
    /// The digest of all current rows; `None` if they are not from this run.
    pub hash: Option<String>,
}

impl RowChanges {
    /// Marks every row as new.
    pub(super) fn all<R: SubjectRow>(subjects: &Subjects, today: &Today<'_, R>) -> Self {
        let Today::Rows(rows) = today else {
            return Self::default();
        };
        let mut digest = Digest::default();
        for (place, row) in rows.iter().enumerate() {
            digest.key(&subjects.keys, place);
            row.digest(subjects.labels.get(place).unwrap_or_default(), &mut digest);
        }
        Self {
            set: (0..).zip(*rows).map(|(place, _)| place).collect(),
            removed: Vec::new(),
            hash: Some(digest.finish()),
        }
    }

    /// The differences from the stored rows.
    pub(super) async fn since<R: SubjectRow>(
        connection: &mut SqliteConnection,
        subjects: &Subjects,
        today: &Today<'_, R>,
    ) -> sqlx::Result<Self> {
        let mut changes = Self::all(subjects, today);
        if !has_table(connection, R::TABLE).await? {
            return Ok(changes);
        }
        if is_published::<R>(connection, changes.hash.as_deref()).await? {
            changes.set.clear();
            return Ok(changes);
        }
        let mut same = vec![false; subjects.len()];
        let mut after: Option<Key> = None;
        loop {
            let batch = rows_after::<R>(connection, after.as_ref()).await?;
            let rows: Vec<(JsonKey, R::Stored<'_>)> = parsed(&batch)?;
            let count = rows.len();
            for (JsonKey(key), stored) in rows {
                let place = subjects.place(&key);
                match place.map(|place| (place, today.row(place))) {
                    Some((place, Some(row))) => {
                        let label = subjects.labels.get(place).unwrap_or_default();
                        if let Some(same) = same.get_mut(place) {
                            *same = row.is(label, &stored);
                        }
                    }
                    Some(_) if matches!(today, Today::Unknown) => {}
                    _ => changes.removed.push(key.clone()),
                }
                after = Some(key);
            }
            if count < BATCH {
                break;
            }
        }
        let is_same = |place: u32| same.get(place as usize).copied().unwrap_or(false);
        changes.set.retain(|place| !is_same(*place));
        Ok(changes)
    }

    /// Writes the changes; part of the caller's transaction.
    pub(super) async fn write<R: SubjectRow>(
        &self,
        connection: &mut SqliteConnection,
        subjects: &Subjects,
        today: &Today<'_, R>,
    ) -> sqlx::Result<()> {
        let delete = format!(
            "delete from {} where subject_key in (select value from json_each(?))",
            R::TABLE
        );
        for batch in self.removed.chunks(BATCH) {
            sqlx::query(AssertSqlSafe(delete.as_str()))
                .bind(json(batch.iter().map(JsonKey))?)
                .execute(&mut *connection)
                .await?;
        }
        let whole = insert::<R>(WRITTEN);
        let batches = self.set.chunks(WRITTEN);
        let mut batches = batches.map(|batch| bound(batch, subjects, today));
        let mut next = batches.next().transpose()?;
        while let Some((rows, count)) = next {
            let is_whole = count == WRITTEN;
            let insert = match is_whole {
                true => whole.clone(),
                false => insert::<R>(count),
            };
            let write = sqlx::query_with(AssertSqlSafe(insert), rows)
                .persistent(is_whole)
                .execute(&mut *connection);
            // SQLite has its own thread, which writes while the next rows are bound.
            let bind = async { batches.next().transpose() };
            let (written, bound) = join(write, bind).await;
            written?;
            next = bound?;
        }
        Ok(())
    }
}

/// The parameters of the rows at some places, and the number of rows.
fn bound<R: SubjectRow>(
    places: &[u32],
    subjects: &Subjects,
    today: &Today<'_, R>,
) -> sqlx::Result<(SqliteArguments, usize)> {
    let mut rows = SqliteArguments::default();
    let mut count = 0;
    for place in places
        .iter()
        .filter_map(|place| usize::try_from(*place).ok())
    {
        let label = subjects.labels.get(place).unwrap_or_default();
        if let (Some(key), Some(row)) = (subjects.key(place), today.row(place)) {
            let bound = rows.add(key).and_then(|()| row.bind(label, &mut rows));
            bound.map_err(sqlx::Error::Encode)?;
            count += 1;
        }
    }
    Ok((rows, count))
}

/// The statement that writes a number of rows.
fn insert<R: SubjectRow>(rows: usize) -> String {
    let rows = vec![R::PARAMETERS; rows].join(", ");
    format!("insert or replace into {} values {rows}", R::TABLE)
}

/// Whether the rows equal those of the last published run; then nothing changes.
async fn is_published<R: SubjectRow>(
    connection: &mut SqliteConnection,
    hash: Option<&str>,
) -> sqlx::Result<bool> {
    let Some(hash) = hash else {
        return Ok(false);
    };
    let (table, column) = (R::TABLE, R::HASH);
    let published: Option<Option<String>> = sqlx::query_scalar(AssertSqlSafe(format!(
        "select case when subjects = (select count(*) from {table}) then {column} end from muster_runs
         where status in ('published', 'partial') order by id desc limit 1"
    )))
    .fetch_optional(connection)
    .await?;
    Ok(published.flatten().as_deref() == Some(hash))
}

/// The next rows by key as one JSON text: a thousand rows cost hardly more than one.
async fn rows_after<R: SubjectRow>(
    connection: &mut SqliteConnection,
    after: Option<&Key>,
) -> sqlx::Result<String> {
    let (table, compared) = (R::TABLE, R::COMPARED);
    let which = after.map_or("", |_| "where subject_key > ?1");
    let next = sqlx::query_scalar(AssertSqlSafe(format!(
        "select json_group_array(json_array(subject_key, json_array({compared})))
         from (select * from {table} {which} order by subject_key limit {BATCH})"
    )));
    match after {
        None => next,
        Some(Key::Integer(key)) => next.bind(*key),
        Some(Key::Text(key)) => next.bind(key.to_string()),
    }
    .fetch_one(connection)
    .await
}
