//! The contents of the tables as Rust types.

use super::data_summary::DataSummary;
use super::names::names;
use super::text::{Instant, OptionalInstant};
use crate::engine::Key;
use crate::ir::{Fingerprint, RunFingerprint};
use crate::value::SegmentValue;

/// A published or attempted run: one row of `muster_runs`.
///
/// The row is written when the run ends: a run that was killed leaves no row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Run {
    /// Ascending number.
    pub id: i64,
    /// The evaluated instant, in microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub as_of: i64,
    /// When it started, in microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub started_at: i64,
    /// When it finished, in microseconds UTC.
    #[sqlx(try_from = "OptionalInstant")]
    pub finished_at: Option<i64>,
    /// How it ended.
    pub status: RunStatus,
    /// What triggered it: `manual`, or a schedule's id.
    pub trigger: String,
    /// The fingerprint of what it was made from.
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub fingerprint: RunFingerprint,
    /// The number of subjects.
    pub subjects: i64,
    /// A message for people.
    pub message: Option<String>,
    /// What it read; `None` if the run was stored before this was recorded, or if nothing was read.
    #[serde(skip)]
    #[sqlx(default, json(nullable))]
    pub data_summary: Option<DataSummary>,
    /// The digest of the texts that it was made from, empty if they were too large to be stored; `None` if they are
    /// older than the retained history, or the run was stored before this was recorded.
    #[serde(skip)]
    #[sqlx(default)]
    pub sources: Option<String>,
}

/// A run to be recorded: a [`Run`] without its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// The evaluated instant, in microseconds UTC.
    pub as_of: i64,
    /// When it started, in microseconds UTC.
    pub started_at: i64,
    /// When it finished, in microseconds UTC.
    pub finished_at: i64,
    /// How it ended.
    pub status: RunStatus,
    /// What triggered it: `manual`, or a schedule's id.
    pub trigger: String,
    /// The fingerprint of what it was made from.
    pub fingerprint: RunFingerprint,
    /// The number of subjects.
    pub subjects: i64,
    /// A message for people.
    pub message: Option<String>,
    /// What it read.
    pub data_summary: Option<DataSummary>,
}

impl NewRun {
    /// The run with its number.
    pub fn numbered(&self, id: i64) -> Run {
        Run {
            id,
            as_of: self.as_of,
            started_at: self.started_at,
            finished_at: Some(self.finished_at),
            status: self.status,
            trigger: self.trigger.clone(),
            fingerprint: self.fingerprint.clone(),
            subjects: self.subjects,
            message: self.message.clone(),
            data_summary: self.data_summary.clone(),
            sources: None,
        }
    }
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
    /// It would have changed so much that a person has to accept it: nothing was published, and the message says what
    /// would have changed.
    Held,
    /// Nothing was published: the message says why.
    Failed,
}

/// A segment as the last published run left it: one row of `muster_segments`.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct StoredSegment {
    pub id: String,
    pub name: String,
    /// The emoji or character shown before its name.
    pub sign: Option<String>,
    /// Its meaning, in plain words.
    pub description: Option<String>,
    pub bucket: Option<String>,
    pub importance: Option<u32>,
    /// Its weight as a number, rounded to 12 places.
    pub weight: f64,
    /// Why it is stale; `None` if it is fresh.
    pub stale: Option<String>,
    /// The fingerprint that its members were found by; `None` if it has been stale ever since it was defined.
    pub fingerprint: Option<Fingerprint>,
    /// The number of members.
    pub size: u64,
}

/// One movement: a row of `muster_movements`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The subject.
    pub subject: Key,
    /// Entered or left.
    pub direction: Direction,
    /// The cause.
    pub cause: Cause,
}

/// The direction of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Into the segment.
    Entered,
    /// Out of it.
    Left,
}

/// The cause of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The very first run.
    FirstRun,
    /// The segment is new.
    SegmentNew,
    /// The segment is no longer defined.
    SegmentRemoved,
    /// The definition, or something it refers to, has changed.
    Rule,
    /// This version of Muster interprets rules differently from the one that published the last run.
    Upgrade,
    /// The subject is no longer in the database.
    Gone,
    /// The subject is no longer active.
    Inactive,
    /// The data changed, or time passed.
    Data,
}

/// One subject's place in the list: a row of `muster_scores`.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Score {
    /// The subject.
    #[sqlx(rename = "subject_key")]
    pub subject: Key,
    /// The display name.
    pub label: String,
    /// The sum of the weights of its segments, rounded to 12 places.
    pub score: f64,
    /// Its position in the list, from 1.
    pub rank: u32,
}

/// A subject's entry in the list; its place among the subjects says which subject.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Listed {
    /// The sum of its weights, at least 0, rounded to 12 places.
    pub score: f64,
    /// From 1.
    pub rank: u32,
}

/// One subject's health: a row of `muster_health`.
#[derive(Debug, Clone, Default, PartialEq, sqlx::FromRow)]
pub struct HealthRow {
    /// From 0 to 100, with one decimal; `None` if nothing is known.
    pub health: Option<f64>,
    /// What costs points, in words; `None` if nothing does.
    pub reasons: Option<String>,
}

/// A subject in the list, with its segments.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Client {
    /// The subject and its position in the list.
    #[sqlx(flatten)]
    pub score: Score,
    /// The ids of its segments: by importance, highest first, then in the order of the files.
    #[sqlx(json)]
    pub segments: Vec<String>,
    /// Its health, with reasons.
    #[sqlx(flatten)]
    pub health: HealthRow,
    /// The instant of the run in which it entered the requested segment, in microseconds UTC; `None` if all clients
    /// were requested.
    #[sqlx(default, try_from = "OptionalInstant")]
    pub entered_at: Option<i64>,
}

/// One metric of a run and segment: a row of `muster_metrics`.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Metric {
    /// The segment's id.
    #[sqlx(rename = "segment_id")]
    pub segment: String,
    /// The metric: `size`, or the id of a value of config.
    pub metric: String,
    /// The value; `None` if there are no members to compute it from.
    pub value: Option<f64>,
    /// The number of members behind the average in it; `None` if it contains no average.
    pub counted: Option<u64>,
}

impl Metric {
    /// The value and the number of members behind it.
    pub fn segment_value(&self) -> SegmentValue {
        SegmentValue::stored(self.value, self.counted)
    }
}

/// The metrics of a segment in one run: a point of its history.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub run: i64,
    /// Its instant, in microseconds UTC.
    pub as_of: i64,
    /// The values by name, sorted by name.
    pub metrics: Vec<(String, SegmentValue)>,
}

/// The number of subjects that moved, for one direction and cause.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Moved {
    /// The segment's id.
    #[sqlx(rename = "segment_id")]
    pub segment: String,
    /// The direction.
    pub direction: Direction,
    /// The cause.
    pub cause: Cause,
    /// The number of subjects.
    pub count: u64,
}

/// One subject that entered or left in a run: a row of `muster_movements`.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Moving {
    #[sqlx(rename = "run_id")]
    pub run: i64,
    /// The run's instant, in microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub at: i64,
    /// The segment's id.
    #[sqlx(rename = "segment_id")]
    pub segment: String,
    /// The direction.
    pub direction: Direction,
    /// The cause.
    pub cause: Cause,
}

/// How many subjects moved in one run from one segment to another of the same ladder.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Step {
    /// The previous rung; `None` if they were on no rung.
    #[sqlx(rename = "origin")]
    pub from: Option<String>,
    /// The current rung; `None` if they are on no rung.
    #[sqlx(rename = "target")]
    pub to: Option<String>,
    /// The number of subjects.
    pub count: u64,
}

impl Cause {
    /// False if the rule or its interpretation changed rather than the customers: such movements are reported in one
    /// line.
    pub fn is_news(self) -> bool {
        !matches!(self, Self::Rule | Self::Upgrade)
    }

    /// True if the customers changed, rather than what is asked of them or whether it is asked.
    pub fn is_of_customers(self) -> bool {
        matches!(self, Self::Data | Self::Gone | Self::Inactive)
    }
}

names!(RunStatus {
    Published "published" Partial "partial" Backfilled "backfilled" Held "held" Failed "failed"
});
names!(Direction { Entered "entered" Left "left" });
names!(Cause {
    FirstRun "first_run" SegmentNew "segment_new" SegmentRemoved "segment_removed"
    Rule "rule" Upgrade "upgrade" Gone "gone" Inactive "inactive" Data "data"
});
