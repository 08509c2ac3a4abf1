//! One run: evaluate, compare with the last, write back atomically. Independent of any terminal.

mod attempt;
mod by_rules;
mod compare;
mod compose;
mod edited;
mod execute;
mod expected;
mod fingerprint;
mod guard;
mod lease;
mod process;
mod rank;
mod rename;
mod unbegun;
mod verdict;
mod waiting;
mod write_back;

pub mod notify;

use std::time::Duration;

pub use edited::{Logged, LoggedRun, log};
pub use execute::{run, run_and_notify};
pub use expected::{AsPlanned, Expected, overtaken};
pub use fingerprint::{definitions, fingerprint, is_edited};
pub use lease::{Contender, Lease, Wanted, holder_lives};
pub(crate) use rank::{Weights, rank};
pub use unbegun::record_unbegun;
pub use waiting::{NoLease, run_leased, wait_for_lease};

use crate::edits::Edited;
use crate::engine::{EngineError, Evaluation, Stale};
use crate::index::IndexVec;
use crate::rules::SegmentId;
use crate::store::{Cause, Direction, Hold, Movement, NewRun, Run, StoreError};
use crate::value::SegmentValue;

/// The options of a run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The evaluated instant in microseconds, a whole second; `None` for the present.
    pub as_of: Option<i64>,
    /// Evaluate and compare, but write nothing.
    pub dry_run: bool,
    /// Add an older instant's metrics to the history.
    pub backfill: bool,
    /// Publish a run that would be held.
    pub accept: bool,
    /// The movements that a plan expects of changed rules; nothing is published if they move other subjects.
    pub expected: Option<Expected>,
    /// `manual`, or a schedule's id.
    pub trigger: String,
    /// The present instant in microseconds, if a clock is given; `None` for the machine's.
    pub present: Option<i64>,
    /// The lease that it is published under, and the due time that it completes. A caller that gives a due time also
    /// records its failure.
    pub hold: Option<Hold>,
    /// A note about how the run came about: part of the run's message.
    pub note: Option<String>,
}

/// One subject's place in the ranked list.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The subject's place in the evaluation.
    pub place: u32,
    /// Its score in billionths of a weight unit times the sum of importances: for comparing only, not for display.
    pub exact: i128,
    /// The score for display.
    pub score: f64,
    /// Its rank, from 1.
    pub rank: u32,
}

/// The outcome of a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentOutcome {
    /// Its members' places: of this run, or the last good ones if it is stale.
    pub members: Vec<u32>,
    /// Why it is stale.
    pub stale: Option<Stale>,
    /// Its values, parallel to config's, computed from `members`. If it is stale, all are missing except those that
    /// only count the members.
    pub values: Vec<SegmentValue>,
    /// What changed since the last published run.
    pub movements: Vec<Movement>,
}

impl SegmentOutcome {
    /// How many entered; movements caused only by a changed rule are not counted.
    pub fn entered(&self) -> usize {
        self.moved(Direction::Entered, Cause::is_news)
    }

    /// How many left, counted in the same way.
    pub fn left(&self) -> usize {
        self.moved(Direction::Left, Cause::is_news)
    }

    fn moved(&self, direction: Direction, causes: fn(Cause) -> bool) -> usize {
        let movements = self.movements.iter();
        movements
            .filter(|movement| movement.direction == direction && causes(movement.cause))
            .count()
    }
}

/// The effect of a changed definition, or of an upgrade of Muster, on a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleChange {
    /// The segment.
    pub segment: SegmentId,
    /// The cause, which is one that is not news about customers.
    pub cause: Cause,
    /// How many entered because of it.
    pub entered: usize,
    /// How many left because of it.
    pub left: usize,
}

/// The outcome of a run.
#[derive(Debug)]
pub struct Outcome {
    pub evaluation: Evaluation,
    /// The outcome of each segment.
    pub segments: IndexVec<SegmentId, SegmentOutcome>,
    /// Segments of the last published run that are no longer defined.
    pub removed: Vec<RemovedSegment>,
    /// The subjects in list order.
    pub ranking: Vec<Ranked>,
    /// True if the last published run scored health in another way, so that the two cannot be compared.
    pub health_is_another: bool,
    /// Why health could not be evaluated, so that the last published scores stay.
    pub health_stale: Option<String>,
    /// Why values of segments are missing: they depend on what could not be evaluated.
    pub values_stale: Option<String>,
    /// The row of `muster_runs`; `None` if nothing was published.
    pub run: Option<Run>,
    /// The mail about it; `None` if none was requested or nothing was published.
    pub notification: Option<notify::Notification>,
    /// Why nothing was published, if that was not requested.
    pub unpublished: Option<String>,
    /// Why the rules of the run before could not be evaluated, in words; `None` if they were, or mean the same.
    pub rules_unknown: Option<String>,
    /// The run as recorded, if it was held. A caller that gave a due time records it.
    pub held: Option<NewRun>,
    /// What would have held it, if that was accepted.
    pub accepted: Option<String>,
    /// Its comparison with the plan that it had to follow.
    pub as_planned: Option<AsPlanned>,
    /// The run of a newer instant because of which this one was not published.
    pub newer: Option<Run>,
    /// The movements caused by edits since the published run that it was compared with; `None` if there are no edits,
    /// or if that run's rules are not stored or cannot be read any more.
    pub edited: Option<Edited>,
    /// How long it took to read the last published run and compare with it.
    pub compare_time: Duration,
    /// How long writing took.
    pub write_time: Duration,
}

impl Outcome {
    /// The effects of changed definitions: their movements are not news about customers.
    pub fn rule_changes(&self) -> Vec<RuleChange> {
        let change = |(id, segment): (SegmentId, &SegmentOutcome)| {
            let mut causes = segment.movements.iter().map(|movement| movement.cause);
            let cause = causes.find(|cause| !cause.is_news())?;
            let by_rule = |way| segment.moved(way, |cause| !cause.is_news());
            Some(RuleChange {
                segment: id,
                cause,
                entered: by_rule(Direction::Entered),
                left: by_rule(Direction::Left),
            })
        };
        let segments = self.segments.iter_enumerated();
        segments.filter_map(change).collect()
    }
}

/// A segment that the last published run had and the rules no longer define.
#[derive(Debug, Clone, PartialEq)]
pub struct RemovedSegment {
    pub id: String,
    pub name: String,
    /// Its members, all of whom left.
    pub movements: Vec<Movement>,
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An error of the database or the disk.
    #[error("{0}")]
    World(String),
    /// Stopped on request; nothing was written.
    #[error("stopped; the last results are untouched")]
    Cancelled,
    /// Another process holds the lease; nothing was written.
    #[error("{0}")]
    TakenOver(String),
}

impl From<StoreError> for RunError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TakenOver(_) => Self::TakenOver(error.to_string()),
            _ => Self::World(error.to_string()),
        }
    }
}

impl From<EngineError> for RunError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Cancelled => Self::Cancelled,
            EngineError::Database(_)
            | EngineError::Changed(_)
            | EngineError::Interrupted(_)
            | EngineError::Subjects(_)
            | EngineError::DoubledKeys { .. } => Self::World(error.to_string()),
        }
    }
}
