//! The history of a subject's memberships in published runs.

use chrono_tz::Tz;

use super::Explanation;
use crate::store::{Cause, Direction, Moving};
use crate::time::format_instant;

/// The history of a subject in a segment, from published runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct MembershipHistory {
    /// The instant of the run since which it has been a member without interruption.
    pub since: Option<String>,
    /// The same in microseconds.
    #[serde(skip)]
    pub since_instant: Option<i64>,
    /// When it entered and left, newest first, as far back as history is kept.
    pub movements: Vec<PastMovement>,
}

/// One movement.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PastMovement {
    pub run: i64,
    /// The run's instant.
    pub at: String,
    /// The same in microseconds.
    #[serde(skip)]
    pub instant: i64,
    /// `entered` or `left`.
    pub direction: &'static str,
    /// The cause as stored in `muster_movements`.
    pub cause: &'static str,
    /// The cause for display.
    pub why: &'static str,
}

/// Adds the stored history of the subject to the explained segments: its movements, newest first, and its memberships.
pub fn look_back(
    explanation: &mut Explanation,
    movements: &[Moving],
    memberships: &[(String, i64)],
    zone: Tz,
) {
    for segment in &mut explanation.segments {
        let since = memberships.iter().find(|(id, _)| *id == segment.id);
        let movements = movements.iter().filter(|moved| moved.segment == segment.id);
        segment.history = Some(MembershipHistory {
            since: since.map(|(_, at)| format_instant(*at, zone)),
            since_instant: since.map(|(_, at)| *at),
            movements: movements.map(|moved| told(moved, zone)).collect(),
        });
    }
}

fn told(moved: &Moving, zone: Tz) -> PastMovement {
    PastMovement {
        run: moved.run,
        at: format_instant(moved.at, zone),
        instant: moved.at,
        direction: moved.direction.name(),
        cause: moved.cause.name(),
        why: why_moved(moved.cause, moved.direction),
    }
}

/// The cause of a movement, for display.
pub fn why_moved(cause: Cause, direction: Direction) -> &'static str {
    match (cause, direction) {
        (Cause::FirstRun, _) => "the first run",
        (Cause::SegmentNew, _) => "the segment was new",
        (Cause::SegmentRemoved, _) => "the segment was removed",
        (Cause::Rule, _) => "the rule changed",
        (Cause::Upgrade, _) => "a newer version of Muster reads the rule differently",
        (Cause::Gone, _) => "the row was gone from the database",
        (Cause::Inactive, Direction::Left) => "no longer active",
        (Cause::Inactive, Direction::Entered) => "active again",
        (Cause::Data, _) => "new data, or time passed",
    }
}
