//! What the tables hold, as Rust types.

use super::data_summary::DataSummary;
use super::names::names;
use super::text::{Instant, OptionalInstant};
use crate::engine::Key;
use crate::ir::{Fingerprint, RunFingerprint};
use crate::value::SegmentValue;

/// A published or attempted run: one row of `muster_runs`.
///
/// A run appears there when it is over: one that was killed leaves no row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Run {
    /// Ascending number.
    pub id: i64,
    /// The evaluated instant, microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub as_of: i64,
    /// When it started, microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub started_at: i64,
    /// When it finished, microseconds UTC.
    #[sqlx(try_from = "OptionalInstant")]
    pub finished_at: Option<i64>,
    /// How it ended.
    pub status: RunStatus,
    /// What asked for it: `manual`, or a schedule's id.
    pub trigger: String,
    /// What it was made by.
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub fingerprint: RunFingerprint,
    /// How many subjects there were.
    pub subjects: i64,
    /// What people should know.
    pub message: Option<String>,
    /// What it read; none where it was stored before that was kept, or nothing was read.
    #[serde(skip)]
    #[sqlx(default, json(nullable))]
    pub data_summary: Option<DataSummary>,
    /// The digest of the texts that it was made by, empty where they were too much to be stored; none where they are
    /// older than the history that is kept, or the run than this was known.
    #[serde(skip)]
    #[sqlx(default)]
    pub sources: Option<String>,
}

/// A run to be recorded: a [`Run`] without its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// The evaluated instant, microseconds UTC.
    pub as_of: i64,
    /// When it started, microseconds UTC.
    pub started_at: i64,
    /// When it finished, microseconds UTC.
    pub finished_at: i64,
    /// How it ended.
    pub status: RunStatus,
    /// What asked for it: `manual`, or a schedule's id.
    pub trigger: String,
    /// What it was made by.
    pub fingerprint: RunFingerprint,
    /// How many subjects there were.
    pub subjects: i64,
    /// What people should know.
    pub message: Option<String>,
    /// What it read.
    pub data_summary: Option<DataSummary>,
}

impl NewRun {
    /// The run under its number.
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
    /// It would have changed so much that somebody has to accept it: nothing was published, and the message says what
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
    /// The sign shown before its name.
    pub sign: Option<String>,
    /// What it means, in plain words.
    pub description: Option<String>,
    pub bucket: Option<String>,
    pub importance: Option<u32>,
    /// Its weight as a number, rounded to 12 places.
    pub weight: f64,
    /// Why it is stale; none where it is fresh.
    pub stale: Option<String>,
    /// What its members were found by; none where it has been stale ever since it was defined.
    pub fingerprint: Option<Fingerprint>,
    /// How many members it has.
    pub size: u64,
}

/// One movement: a row of `muster_movements`.
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
    /// This version of Muster reads rules otherwise than the one that published the last run.
    Upgrade,
    /// The subject is no longer in the database.
    Gone,
    /// The subject is no longer active.
    Inactive,
    /// The data changed, or time went by.
    Data,
}

/// One subject's place in the list: a row of `muster_scores`.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Score {
    /// Who.
    #[sqlx(rename = "subject_key")]
    pub subject: Key,
    /// The name shown.
    pub label: String,
    /// The sum of the weights of the segments it is in, rounded to 12 places.
    pub score: f64,
    /// Its place in the list, from 1.
    pub rank: u32,
}

/// A subject's place in the list, which its place among the subjects names.
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
    /// From 0 to 100, with one decimal; none where nothing is known.
    pub health: Option<f64>,
    /// What costs points, in words; none where nothing does.
    pub reasons: Option<String>,
}

/// A subject in the list, with its segments.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Client {
    /// Who, and where in the list.
    #[sqlx(flatten)]
    pub score: Score,
    /// The ids of its segments: by importance, highest first, then in the order of the files.
    #[sqlx(json)]
    pub segments: Vec<String>,
    /// How it is doing, and why.
    #[sqlx(flatten)]
    pub health: HealthRow,
    /// The instant of the run that it entered the segment with that was asked for, microseconds UTC; none
    /// where everyone was.
    #[sqlx(default, try_from = "OptionalInstant")]
    pub entered_at: Option<i64>,
}

/// One number of a run and segment: a row of `muster_metrics`.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Metric {
    /// The segment's id.
    #[sqlx(rename = "segment_id")]
    pub segment: String,
    /// What: `size`, or the id of a value of config.
    pub metric: String,
    /// How much; none where nobody is there to have it.
    pub value: Option<f64>,
    /// Of how many members the average in it is; none where there is no average in it.
    pub counted: Option<u64>,
}

impl Metric {
    /// How much, and of how many.
    pub fn segment_value(&self) -> SegmentValue {
        SegmentValue::stored(self.value, self.counted)
    }
}

/// What one run knew of a segment: a point of its history.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub run: i64,
    /// Its instant, microseconds UTC.
    pub as_of: i64,
    /// The numbers by name, in the order of the names.
    pub metrics: Vec<(String, SegmentValue)>,
}

/// How many subjects moved, one way and for one cause.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Moved {
    /// The segment's id.
    #[sqlx(rename = "segment_id")]
    pub segment: String,
    /// Which way.
    pub direction: Direction,
    /// Why.
    pub cause: Cause,
    /// How many.
    pub count: u64,
}

/// One subject who came or went with a run: a row of `muster_movements`.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Moving {
    #[sqlx(rename = "run_id")]
    pub run: i64,
    /// The run's instant, microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub at: i64,
    /// The segment's id.
    #[sqlx(rename = "segment_id")]
    pub segment: String,
    /// Which way.
    pub direction: Direction,
    /// Why.
    pub cause: Cause,
}

/// How many went with one run from one segment to another of the same ladder.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Step {
    /// Where they had been; none where they were on no rung.
    #[sqlx(rename = "origin")]
    pub from: Option<String>,
    /// Where they are now; none where they are on no rung.
    #[sqlx(rename = "target")]
    pub to: Option<String>,
    /// How many.
    pub count: u64,
}

impl Cause {
    /// False where the rule, or how it is read, changed and not the customers: such movements are reported in
    /// one line.
    pub fn is_news(self) -> bool {
        !matches!(self, Self::Rule | Self::Upgrade)
    }

    /// True where the customers changed, and not what is asked of them or whether it is asked.
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
