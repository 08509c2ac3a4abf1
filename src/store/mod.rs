//! Results in SQLite: migrations, publishing a run whole or not at all, reading what was published.
//!
//! The only room that names sqlx. Never evaluates.

mod create;
mod error;

pub use create::{Cell, TableData, create_database, mark_of};
pub use error::StoreError;

use crate::engine::Key;

/// A published or attempted run: one row of `muster_runs`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Run {
    /// Ascending number.
    pub id: i64,
    /// The evaluated instant, microseconds UTC.
    pub as_of: i64,
    /// When it started, microseconds UTC.
    pub started_at: i64,
    /// When it finished; none while running or when killed.
    pub finished_at: Option<i64>,
    /// How it ended.
    pub status: RunStatus,
    /// What asked for it: `manual`, or a schedule's id.
    pub trigger: String,
    /// Hash of all definitions.
    pub rules_hash: String,
    /// How many subjects there were.
    pub subjects: i64,
    /// What people should know.
    pub message: Option<String>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    /// Everything was published.
    Published,
    /// Published, with stale segments.
    Partial,
    /// Metrics only, for an instant before the newest published run.
    Backfilled,
    /// Nothing was published: the message says why.
    Failed,
}

/// A segment with its members as the last published run left them.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSegment {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its bucket.
    pub bucket: Option<String>,
    /// Its importance.
    pub importance: Option<u32>,
    /// Its weight as a number, rounded to 12 places.
    pub weight: f64,
    /// Why it is stale; none where it is fresh.
    pub stale: Option<String>,
    /// The hash of its definition and of all that it refers to.
    pub definition: String,
}

/// One movement to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Who.
    pub subject: Key,
    /// Came or went.
    pub direction: Direction,
    /// Why.
    pub cause: Cause,
}

/// Which way a subject moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Into the segment.
    Entered,
    /// Out of it.
    Left,
}

/// Why a subject moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The first run of all.
    FirstRun,
    /// The segment is new.
    SegmentNew,
    /// The segment is no longer defined.
    SegmentRemoved,
    /// The definition, or something it refers to, has changed.
    Rule,
    /// The subject is no longer in the database.
    Gone,
    /// The subject is no longer active.
    Inactive,
    /// The data changed, or time went by.
    Data,
}
