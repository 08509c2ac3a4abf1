//! A run in progress: its inputs, and its comparison with the last published run.

use std::time::Instant;

use super::by_rules::ByRules;
use super::compare::Comparison;
use super::fingerprint::Fingerprints;
use super::notify::Notifier;
use super::rank::Weights;
use super::{Options, Ranked};
use crate::project::Project;
use crate::store::{HealthFound, Listed, Previous, Renamed, RowChanges};
use crate::time::Clock;
use crate::value::KeyType;

/// How often a run is compared again, or its mail written again, because another run was published in the meantime.
pub(super) const ATTEMPTS: usize = 5;

/// The parts of a run that stay the same however often it is compared.
pub(super) struct Attempt<'a> {
    pub project: &'a Project,
    pub options: &'a Options,
    pub notifier: Option<&'a dyn Notifier>,
    pub clock: Clock,
    pub began: Instant,
    /// By the clock that the run was given; durations are measured from it.
    pub started_at: i64,
    pub fingerprints: Fingerprints,
    /// The weight of each segment.
    pub weights: Weights,
    /// What the rules of the run before would find, if they differ.
    pub by_rules: Option<ByRules>,
    /// Why that is unknown, in words, if it was needed.
    pub rules_unknown: Option<String>,
}

/// A run compared with the last published one.
pub(super) struct Compared {
    pub previous: Previous,
    /// The type of the published keys; `None` if there are none.
    pub keys: Option<KeyType>,
    pub renamed: Vec<Renamed>,
    pub comparison: Comparison,
    pub ranking: Vec<Ranked>,
    pub list: Vec<Listed>,
    pub list_changes: RowChanges,
    pub health: HealthFound,
    pub health_changes: RowChanges,
}

impl Attempt<'_> {
    /// The present instant in microseconds, by the clock that the run was given.
    pub(super) fn present(&self) -> i64 {
        let gone = self.began.elapsed().as_micros();
        self.started_at + i64::try_from(gone).unwrap_or(0)
    }
}

/// The present instant by the machine's clock, in microseconds.
pub(super) fn machine_instant() -> i64 {
    chrono::Utc::now().timestamp_micros()
}
