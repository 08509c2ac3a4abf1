//! Segment sizes and movements from run to run, and overlaps between segments: the data of the page's charts.

use super::error::About;
use super::text::Instant;
use super::{Cause, Direction, Store, StoreError};
use crate::engine::Key;

/// The size of a segment in a run.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Size {
    /// The segment's id.
    #[sqlx(rename = "segment_id")]
    pub segment: String,
    pub size: f64,
}

/// How many subjects entered or left a segment in a run, for one cause.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Flow {
    #[sqlx(rename = "run_id")]
    pub run: i64,
    pub direction: Direction,
    pub cause: Cause,
    pub count: u64,
}

/// A subject that entered or left a segment.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Mover {
    #[sqlx(rename = "run_id")]
    pub run: i64,
    /// The run's instant, in microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub at: i64,
    #[sqlx(rename = "subject_key")]
    pub subject: Key,
    /// The name; `None` if the subject is no longer in the list.
    pub label: Option<String>,
    pub direction: Direction,
    pub cause: Cause,
}

impl Store {
    /// The sizes of all segments in the newest runs, at most `runs`, oldest first.
    pub async fn sizes(&mut self, runs: u32) -> Result<Vec<Size>, StoreError> {
        sqlx::query_as(
            "with newest as (
                 select id, as_of from muster_runs where status in ('published', 'partial', 'backfilled')
                 order by as_of desc, id desc limit ?
             )
             select m.segment_id, m.value as size from newest
             cross join muster_metrics m on m.run_id = newest.id and m.metric = 'size'
             where m.value is not null order by newest.as_of, newest.id",
        )
        .bind(runs)
        .fetch_all(&mut self.connection)
        .await
        .about(&self.path)
    }

    /// How many entered and left a segment in the newest published runs, at most `runs`, oldest first.
    pub async fn flows(&mut self, segment: &str, runs: u32) -> Result<Vec<Flow>, StoreError> {
        sqlx::query_as(
            "with newest as (
                 select id from muster_runs where status in ('published', 'partial')
                 order by id desc limit ?2
             )
             select m.run_id, m.direction, m.cause, count(*) as count from newest
             cross join muster_movements m on m.run_id = newest.id and m.segment_id = ?1
             group by m.run_id, m.direction, m.cause order by m.run_id",
        )
        .bind(segment)
        .bind(runs)
        .fetch_all(&mut self.connection)
        .await
        .about(&self.path)
    }

    /// Who entered and left a segment last, newest first, at most `most`; without the members that the first run found.
    pub async fn movers(&mut self, segment: &str, most: u32) -> Result<Vec<Mover>, StoreError> {
        sqlx::query_as(
            "select m.run_id, m.at, m.subject_key, s.label, m.direction, m.cause
             from muster_runs r
             cross join muster_movements m on m.run_id = r.id and m.segment_id = ?1 and m.cause <> 'first_run'
             left join muster_scores s on s.subject_key = m.subject_key
             order by r.id desc, m.subject_key limit ?2",
        )
        .bind(segment)
        .bind(most)
        .fetch_all(&mut self.connection)
        .await
        .about(&self.path)
    }

    /// How many members of a segment are in each of the others, largest first; segments without any are left out.
    pub async fn overlaps(&mut self, segment: &str) -> Result<Vec<(String, u64)>, StoreError> {
        let pairs: sqlx::Result<Vec<(String, i64)>> = sqlx::query_as(
            "select s.id, (
                 select count(*) from muster_memberships own
                 cross join muster_memberships other
                     on other.segment_id = s.id and other.subject_key = own.subject_key
                 where own.segment_id = ?1
             ) as both from muster_segments s where s.id <> ?1 order by both desc, s.position",
        )
        .bind(segment)
        .fetch_all(&mut self.connection)
        .await;
        let pairs = pairs.about(&self.path)?.into_iter();
        let counted = pairs.filter_map(|(id, both)| Some((id, u64::try_from(both).ok()?)));
        Ok(counted.filter(|(_, both)| *both > 0).collect())
    }
}
