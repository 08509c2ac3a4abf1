//! The last published state, mapped to the current subjects.

use std::collections::HashMap;

use sqlx::{FromRow, Row};

use super::digest;
use super::error::About;
use super::text::{JsonKey, parsed};
use super::{Run, Store, StoreError, StoredSegment};
use crate::catalog::RememberedColumns;
use crate::engine::{Key, Subjects};

/// The state that the last published run left, by the places of today's subjects.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Previous {
    /// The run; `None` before the first.
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
    /// The places of its members, in ascending order.
    pub members: Vec<u32>,
    /// Its members that are no longer subjects.
    pub gone: Vec<Key>,
}

impl Store {
    /// Reads the last published state. `found` has the current members of segments, by id and in ascending places:
    /// where they equal the published ones, no members are read.
    pub async fn previous(
        &mut self,
        subjects: &Subjects,
        found: &HashMap<&str, &[u32]>,
    ) -> Result<Previous, StoreError> {
        let segments = self.previous_segments(subjects, found).await;
        Ok(Previous {
            segments: segments.about(&self.path)?,
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
        // If the table was emptied by hand, a digest does not tell what it contains.
        let in_order: bool = sqlx::query_scalar(
            "select (select count(*) from muster_memberships)
                  = (select coalesce(sum(size), 0) from muster_segments)",
        )
        .fetch_one(&mut self.connection)
        .await?;
        let mut segments = Vec::with_capacity(rows.len());
        for row in &rows {
            let segment = StoredSegment::from_row(row)?;
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

    /// The places of a segment's members, and the members that are no longer subjects.
    async fn stored_members(
        &mut self,
        segment: &str,
        subjects: &Subjects,
    ) -> sqlx::Result<(Vec<u32>, Vec<Key>)> {
        // Everything in one row: rows cost more than the keys in them.
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
}
