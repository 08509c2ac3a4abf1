//! A run in progress: what it is made from, and how it stands against the last published one.

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

/// How often a run is compared, or mail about one written, again because another was published meanwhile.
pub(super) const ATTEMPTS: usize = 5;

/// What stays the same however often a run is compared.
pub(super) struct Attempt<'a> {
    pub project: &'a Project,
    pub options: &'a Options,
    pub notifier: Option<&'a dyn Notifier>,
    pub clock: Clock,
    pub began: Instant,
    /// By the clock that the run was given; what follows is measured from it.
    pub started_at: i64,
    pub fingerprints: Fingerprints,
    /// Of each segment.
    pub weights: Weights,
    /// What the rules of the run before find, where they are others.
    pub by_rules: Option<ByRules>,
    /// Why that is not known, in words, where it would have been asked.
    pub rules_unknown: Option<String>,
}

/// A run as it stands against the last published one.
pub(super) struct Compared {
    pub previous: Previous,
    /// What the published keys are; none where there are none.
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

/// The machine's instant in microseconds.
pub(super) fn machine_instant() -> i64 {
    chrono::Utc::now().timestamp_micros()
}
