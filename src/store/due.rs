//! Due times and schedules, as stored and as observed.

use super::names::names;
use super::text::{Instant, OptionalInstant};

/// The reason stored for due times that a person marked as done.
pub(super) const BY_HAND: &str = "taken for done by `muster schedule --skip-missed`";

/// The reason stored for due times that are not done because their run is held.
pub const HELD: &str = "its run is held";

/// One due time: a row of `muster_due`. Instants are microseconds UTC, whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Due {
    /// The schedule's id.
    pub schedule: String,
    /// The instant at which it was due.
    #[sqlx(try_from = "Instant")]
    pub due: i64,
    /// Its state.
    pub state: DueState,
    /// Failed attempts.
    pub attempts: u32,
    /// Attempts whose process died.
    pub deaths: u32,
    /// The lease under which it is being attempted; `None` while it waits.
    pub owner: Option<String>,
    /// The run that was published for it, or that stood in for it.
    #[sqlx(rename = "run_id")]
    pub run: Option<i64>,
    /// Why it is not simply done.
    pub reason: Option<String>,
    /// When it was noticed.
    #[sqlx(try_from = "OptionalInstant")]
    pub claimed_at: Option<i64>,
    /// When it ended.
    #[sqlx(try_from = "OptionalInstant")]
    pub finished_at: Option<i64>,
    /// When it is retried.
    #[sqlx(try_from = "OptionalInstant")]
    pub next_attempt_at: Option<i64>,
}

impl Due {
    /// True if a person marked it as done: nothing was run for it.
    pub fn is_skipped_by_hand(&self) -> bool {
        self.state == DueState::Done && self.reason.as_deref() == Some(BY_HAND)
    }

    /// True if it is not done because its run is held.
    pub fn is_held(&self) -> bool {
        matches!(self.state, DueState::Claimed | DueState::Failed)
            && self.reason.as_deref() == Some(HELD)
    }
}

/// The state of a due time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// Outstanding: it waits, or is being run.
    #[default]
    Claimed,
    /// It was run, or another run stood in for it.
    Done,
    /// It was attempted as often as config allows.
    Failed,
    /// It passed while no process was running, and config says to leave it at that.
    Skipped,
    /// It passed, and a later one stood in for it.
    Missed,
}

names!(DueState {
    Claimed "claimed" Done "done" Failed "failed" Skipped "skipped" Missed "missed"
});

/// A schedule as it was last seen in config: a row of `muster_schedules`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct KnownSchedule {
    pub id: String,
    /// Cron expression and time zone.
    pub definition: String,
    /// Since when this definition applies, in microseconds UTC: what was due until then is not outstanding.
    #[sqlx(try_from = "Instant")]
    pub known_since: i64,
}

/// What is known about the timetable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timetable {
    /// The schedules.
    pub known: Vec<KnownSchedule>,
    /// For each schedule: the newest due times, the newest one done, the newest one that was not merely skipped by
    /// hand, and all that are outstanding. Sorted by schedule, newest first.
    pub dues: Vec<Due>,
}

/// The findings of a look at the clock, written in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Schedules that are new or have changed.
    pub known: Vec<KnownSchedule>,
    /// The ids of schedules that config no longer has: they are forgotten, and their outstanding due times fail.
    pub gone: Vec<String>,
    /// Due times that were recorded while the clock was wrong, and for which nothing was run.
    pub undone: Vec<(String, i64)>,
    /// Due times that are not recorded yet. One that another process recorded in the meantime stays as it is.
    pub found: Vec<Found>,
}

/// A newly found due time: outstanding, skipped or missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The schedule's id.
    pub schedule: String,
    /// The instant, microseconds UTC.
    pub due: i64,
    /// Claimed, skipped or missed.
    pub state: DueState,
    /// Why it is not simply outstanding.
    pub reason: Option<String>,
}

/// The right to write: nothing is written once another process holds the lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The lease's owner.
    pub owner: String,
    /// The due time that a run is for: schedule and instant in microseconds; `None` for a run started by hand.
    pub due: Option<(String, i64)>,
}

/// How an attempt ended without a publication.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Claimed if it will be retried.
    pub state: DueState,
    /// Why.
    pub reason: Option<String>,
    /// The run that stood in for it.
    pub run: Option<i64>,
    /// True for an attempt that failed.
    pub failed: bool,
    /// True for an attempt whose process died.
    pub died: bool,
    /// When it is retried, in microseconds UTC.
    pub next_attempt_at: Option<i64>,
    /// When it ended, in microseconds UTC.
    pub at: i64,
}
