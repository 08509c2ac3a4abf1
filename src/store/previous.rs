//! The last published state, set against the subjects that are there now.

use std::collections::HashMap;

use serde::Deserialize;
use sqlx::Row;

use super::digest;
use super::read::segment;
use super::text::JsonKey;
use super::{Run, Store, StoreError, StoredSegment};
use crate::catalog::RememberedColumns;
use crate::engine::{Key, Subjects};

/// Rows of `muster_scores` taken at a time.
const BATCH: usize = 16_384;

/// What the last published run left, by the places of today's subjects.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Previous {
    /// The run; none before the first.
    pub run: Option<Run>,
    /// Its segments, in the order of its rule files.
    pub segments: Vec<PreviousSegment>,
    /// The columns that it read.
    pub columns: RememberedColumns,
}

/// A segment as the last published run left it.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviousSegment {
    /// Its row.
    pub segment: StoredSegment,
    /// The places of its members, ascending.
    pub members: Vec<u32>,
    /// Its members that are no longer subjects.
    pub gone: Vec<Key>,
}

/// A subject's place in the list.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Listed {
    /// The sum of its weights, at least 0, rounded to 12 places.
    pub score: f64,
    /// From 1.
    pub rank: u32,
}

/// What has to change in `muster_scores`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScoreChanges {
    /// The places of the subjects whose row is new or other than it was.
    pub set: Vec<u32>,
    /// Those in the list who are no longer subjects.
    pub removed: Vec<Key>,
    /// The digest of the whole list as it is now.
    pub hash: String,
}

impl ScoreChanges {
    /// Everybody is new.
    pub fn all(subjects: &Subjects, list: &[Listed]) -> Self {
        Self {
            set: (0..).zip(list).map(|(place, _)| place).collect(),
            removed: Vec::new(),
            hash: digest::list(subjects, list),
        }
    }
}

impl Store {
    /// Reads the last published state. `found` are the members that segments have now, by id and
    /// in ascending places: where they are the published ones, nothing more is read of them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn previous(
        &mut self,
        subjects: &Subjects,
        found: &HashMap<&str, &[u32]>,
    ) -> Result<Previous, StoreError> {
        let segments = self.previous_segments(subjects, found).await;
        Ok(Previous {
            segments: segments.map_err(|error| self.error(&error))?,
            run: self.last_published().await?,
            columns: self.columns().await?,
        })
    }

    async fn previous_segments(
        &mut self,
        subjects: &Subjects,
        found: &HashMap<&str, &[u32]>,
    ) -> sqlx::Result<Vec<PreviousSegment>> {
        let rows = sqlx::query("select * from muster_segments order by position, id")
            .fetch_all(&mut self.connection)
            .await?;
        // Somebody may have emptied the table by hand: then no digest tells what is there.
        let in_order: bool = sqlx::query_scalar(
            "select (select count(*) from muster_memberships)
                  = (select coalesce(sum(size), 0) from muster_segments)",
        )
        .fetch_one(&mut self.connection)
        .await?;
        let mut segments = Vec::with_capacity(rows.len());
        for row in &rows {
            let segment = segment(row)?;
            let found = found.get(segment.id.as_str()).filter(|_| in_order);
            let published: &str = row.try_get("members_hash")?;
            let (members, gone) = match found {
                Some(found) if digest::members(subjects, found) == published => {
                    (found.to_vec(), Vec::new())
                }
                _ => self.stored_members(&segment.id, subjects).await?,
            };
            segments.push(PreviousSegment {
                segment,
                members,
                gone,
            });
        }
        Ok(segments)
    }

    /// The places of a segment's members, and those who are no longer subjects.
    async fn stored_members(
        &mut self,
        segment: &str,
        subjects: &Subjects,
    ) -> sqlx::Result<(Vec<u32>, Vec<Key>)> {
        // One row in all: rows cost more than the keys in them.
        let keys: String = sqlx::query_scalar(
            "select json_group_array(subject_key) from muster_memberships where segment_id = ?",
        )
        .bind(segment)
        .fetch_one(&mut self.connection)
        .await?;
        let keys: Vec<JsonKey> = parsed(&keys)?;
        let mut members = Vec::with_capacity(keys.len());
        let mut gone = Vec::new();
        for JsonKey(key) in keys {
            match subjects.place(&key).map(u32::try_from) {
                Some(Ok(place)) => members.push(place),
                _ => gone.push(key),
            }
        }
        members.sort_unstable();
        Ok((members, gone))
    }

    /// Compares the list as it is now, by places, with the one that was published.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn score_changes(
        &mut self,
        subjects: &Subjects,
        list: &[Listed],
    ) -> Result<ScoreChanges, StoreError> {
        let mut changes = ScoreChanges {
            hash: digest::list(subjects, list),
            ..ScoreChanges::default()
        };
        let same = self.is_published(&changes.hash).await;
        if !same.map_err(|error| self.error(&error))? {
            let compared = self.compare_scores(subjects, list, &mut changes).await;
            compared.map_err(|error| self.error(&error))?;
        }
        Ok(changes)
    }

    async fn is_published(&mut self, hash: &str) -> sqlx::Result<bool> {
        let published: Option<Option<String>> = sqlx::query_scalar(
            "select list_hash from muster_runs
             where status in ('published', 'partial')
               and subjects = (select count(*) from muster_scores)
             order by id desc limit 1",
        )
        .fetch_optional(&mut self.connection)
        .await?;
        Ok(published.flatten().as_deref() == Some(hash))
    }

    async fn compare_scores(
        &mut self,
        subjects: &Subjects,
        list: &[Listed],
        changes: &mut ScoreChanges,
    ) -> sqlx::Result<()> {
        let mut same = vec![false; subjects.len()];
        let mut after: Option<Key> = None;
        loop {
            let batch = self.scores_after(after.as_ref()).await?;
            let rows: Vec<StoredScore<'_>> = parsed(&batch)?;
            let count = rows.len();
            for StoredScore(JsonKey(key), label, ticks_before, rank) in rows {
                match subjects.place(&key) {
                    Some(place) => {
                        let now = list.get(place).copied().unwrap_or_default();
                        if let Some(same) = same.get_mut(place) {
                            *same = ticks(now.score) == ticks_before
                                && now.rank == rank
                                && subjects.labels.get(place) == Some(label.as_ref());
                        }
                    }
                    None => changes.removed.push(key.clone()),
                }
                after = Some(key);
            }
            if count < BATCH {
                break;
            }
        }
        let changed = (0..).zip(same).filter(|(_, same)| !same);
        changes.set.extend(changed.map(|(place, _)| place));
        Ok(())
    }

    /// The next rows by key as one JSON text: a thousand rows cost hardly more than one.
    async fn scores_after(&mut self, after: Option<&Key>) -> sqlx::Result<String> {
        const FIRST: &str = "
            select json_group_array(json_array(subject_key, label, cast(score * 1e12 + 0.5 as integer), rank))
            from (select * from muster_scores order by subject_key limit ?1)";
        const NEXT: &str = "
            select json_group_array(json_array(subject_key, label, cast(score * 1e12 + 0.5 as integer), rank))
            from (select * from muster_scores where subject_key > ?2 order by subject_key limit ?1)";
        let batch = i64::try_from(BATCH).unwrap_or(i64::MAX);
        match after {
            None => sqlx::query_scalar(FIRST).bind(batch),
            Some(Key::Integer(key)) => sqlx::query_scalar(NEXT).bind(batch).bind(*key),
            Some(Key::Text(key)) => sqlx::query_scalar(NEXT).bind(batch).bind(key.to_string()),
        }
        .fetch_one(&mut self.connection)
        .await
    }
}

/// Key, label, score in [`ticks`], rank.
#[derive(Deserialize)]
struct StoredScore<'a>(
    JsonKey,
    #[serde(borrow)] std::borrow::Cow<'a, str>,
    i64,
    u32,
);

/// A score in whole 10^-12, to compare one that was stored with one that was not. The query does
/// the same arithmetic, so equal scores have equal ticks.
fn ticks(score: f64) -> i64 {
    (score * 1e12 + 0.5) as i64
}

pub(super) fn parsed<'a, T: Deserialize<'a>>(json: &'a str) -> sqlx::Result<T> {
    serde_json::from_str(json).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
