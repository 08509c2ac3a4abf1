//! Due times and schedules, as the tables hold them and as they come about.

use super::names::names;
use super::text::{Instant, OptionalInstant};

/// What stands as the reason of due times that count as done because somebody said so.
pub(super) const BY_HAND: &str = "taken for done by `muster schedule --skip-missed`";

/// What stands as the reason of due times that are not done because their run is held.
pub const HELD: &str = "its run is held";

/// One due time: a row of `muster_due`. Instants are microseconds UTC, whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Due {
    /// The schedule's id.
    pub schedule: String,
    /// The instant at which it was due.
    #[sqlx(try_from = "Instant")]
    pub due: i64,
    /// What became of it.
    pub state: DueState,
    /// Tries that failed.
    pub attempts: u32,
    /// Tries whose process died.
    pub deaths: u32,
    /// The lease under which it is being tried; none while it waits.
    pub owner: Option<String>,
    /// The run that was published for it, or that stood in for it.
    #[sqlx(rename = "run_id")]
    pub run: Option<i64>,
    /// Why it is not simply done.
    pub reason: Option<String>,
    /// When it was noticed.
    #[sqlx(try_from = "OptionalInstant")]
    pub claimed_at: Option<i64>,
    /// When it was over.
    #[sqlx(try_from = "OptionalInstant")]
    pub finished_at: Option<i64>,
    /// When it is tried again.
    #[sqlx(try_from = "OptionalInstant")]
    pub next_attempt_at: Option<i64>,
}

impl Due {
    /// True where it counts as done because somebody said so: nothing was run for it.
    pub fn is_skipped_by_hand(&self) -> bool {
        self.state == DueState::Done && self.reason.as_deref() == Some(BY_HAND)
    }

    /// True where it is not done because its run is held.
    pub fn is_held(&self) -> bool {
        matches!(self.state, DueState::Claimed | DueState::Failed)
            && self.reason.as_deref() == Some(HELD)
    }
}

/// What became of a due time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// It is outstanding: waits, or is being run.
    #[default]
    Claimed,
    /// It was run, or another run stood in for it.
    Done,
    /// It was tried as often as config says.
    Failed,
    /// It passed while nothing was running, and config says to leave it at that.
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
    /// Cron text and zone.
    pub definition: String,
    /// Since when it is as it is, microseconds UTC: what was due until then is not outstanding.
    #[sqlx(try_from = "Instant")]
    pub known_since: i64,
}

/// What is known of the timetable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timetable {
    /// The schedules.
    pub known: Vec<KnownSchedule>,
    /// Of each schedule the newest due times, the newest one done, also the newest one that was not merely
    /// skipped by hand, and all that are outstanding; by schedule, newest first.
    pub dues: Vec<Due>,
}

/// What somebody who looked at the clock found: written in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Schedules that are new or have changed.
    pub known: Vec<KnownSchedule>,
    /// Schedules that config no longer has, by their ids: forgotten; what they owe has failed.
    pub gone: Vec<String>,
    /// Due times that were written while the clock was wrong, and nothing was run for them.
    pub undone: Vec<(String, i64)>,
    /// Due times that nothing is known of yet; one that somebody else wrote meanwhile stays as it is.
    pub found: Vec<Found>,
}

/// A due time that was found: outstanding, skipped or missed.
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

/// Under what something is written: nothing is, once the lease is another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The lease's owner.
    pub owner: String,
    /// The due time that a run is for: schedule and instant in microseconds; none for a run by hand.
    pub due: Option<(String, i64)>,
}

/// How a try ended without a publication.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Claimed where it is tried again.
    pub state: DueState,
    /// Why.
    pub reason: Option<String>,
    /// The run that stood in for it.
    pub run: Option<i64>,
    /// True for a try that failed.
    pub failed: bool,
    /// True for a try whose process died.
    pub died: bool,
    /// When it is tried again, microseconds UTC.
    pub next_attempt_at: Option<i64>,
    /// When that was, microseconds UTC.
    pub at: i64,
}
