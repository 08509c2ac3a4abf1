//! One run: evaluate, compare with the last, write back atomically. Knows no terminal.

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

/// What is asked of a run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The instant in microseconds, a whole second; none for the present one.
    pub as_of: Option<i64>,
    /// Evaluate and compare, write nothing.
    pub dry_run: bool,
    /// Add an older instant's numbers to the history.
    pub backfill: bool,
    /// Publish a run that would be held.
    pub accept: bool,
    /// What changed rules are expected to move, by a plan; nothing is published where they move others.
    pub expected: Option<Expected>,
    /// `manual`, or a schedule's id.
    pub trigger: String,
    /// The present instant in microseconds, where a clock is given; none for the machine's.
    pub present: Option<i64>,
    /// The lease that it is published under, and the due time that is done with it. The caller that
    /// gives a due time records its failure, too.
    pub hold: Option<Hold>,
    /// What people should know of how it came about: part of the run's message.
    pub note: Option<String>,
}

/// One subject's place in the ranked list.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The subject's place in the evaluation.
    pub place: u32,
    /// Its score in billionths of a weight unit times the sum of importances: compare, never print.
    pub exact: i128,
    /// The score for people.
    pub score: f64,
    /// 1 for the first.
    pub rank: u32,
}

/// What a segment came to.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentOutcome {
    /// Its members' places: of this run, or the last good ones where it is stale.
    pub members: Vec<u32>,
    /// Why it is stale.
    pub stale: Option<Stale>,
    /// Its values, parallel to config's: computed from `members`. Where it is stale, all are missing
    /// but those that only count the members.
    pub values: Vec<SegmentValue>,
    /// What changed since the last published run.
    pub movements: Vec<Movement>,
}

impl SegmentOutcome {
    /// How many entered; those who only moved because the rule is another are not counted.
    pub fn entered(&self) -> usize {
        self.moved(Direction::Entered, Cause::is_news)
    }

    /// How many left, counted likewise.
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

/// What a changed definition, or an upgrade of Muster, did to a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleChange {
    /// Which segment.
    pub segment: SegmentId,
    /// Which of the two: one that is no news.
    pub cause: Cause,
    /// How many came in by it.
    pub entered: usize,
    /// How many went out by it.
    pub left: usize,
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    pub evaluation: Evaluation,
    /// What each segment came to.
    pub segments: IndexVec<SegmentId, SegmentOutcome>,
    /// Segments of the last published run that are no longer defined.
    pub removed: Vec<RemovedSegment>,
    /// The subjects in list order.
    pub ranking: Vec<Ranked>,
    /// True where health was scored in another way in the last published run, so that the two cannot be compared.
    pub health_is_another: bool,
    /// Why nobody's health could be told, so that what was published last stays.
    pub health_stale: Option<String>,
    /// Why values of segments are missing that are made of what could not be evaluated.
    pub values_stale: Option<String>,
    /// The row of `muster_runs`; none where nothing was published.
    pub run: Option<Run>,
    /// The mail about it; none where none was asked for or nothing was published.
    pub notification: Option<notify::Notification>,
    /// Why nothing was published, where that was not asked for.
    pub unpublished: Option<String>,
    /// Why the rules of the run before could not be asked whom they find now, in words; none where they were, or mean
    /// the same.
    pub rules_unknown: Option<String>,
    /// The run as it is recorded, where it was held. The caller that gave a due time records it.
    pub held: Option<NewRun>,
    /// What would have held it, where somebody accepted that.
    pub accepted: Option<String>,
    /// How it stands to the plan that it was to follow.
    pub as_planned: Option<AsPlanned>,
    /// The run of a newer instant that kept this one from being published.
    pub newer: Option<Run>,
    /// What edits since the published run that it was compared with moved; none where there are none, or where that
    /// run's rules are not stored or cannot be read any more.
    pub edited: Option<Edited>,
    /// How long comparing with the last published run took, its reading included.
    pub compare_time: Duration,
    /// How long writing took.
    pub write_time: Duration,
}

impl Outcome {
    /// What changed definitions did: their movements are no news about customers.
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
    /// The database, the disk.
    #[error("{0}")]
    World(String),
    /// Asked to stop; nothing was written.
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
