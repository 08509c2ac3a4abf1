//! Tracks who waits for a count, so that work nobody waits for is abandoned.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::engine::Watch;

/// Whether the editor has stopped waiting for an answer; shared with the worker.
#[derive(Debug, Clone, Default)]
pub struct GivenUp(Arc<AtomicBool>);

impl GivenUp {
    /// Signals that nobody waits any more.
    pub fn give_up(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_given_up(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Watch for GivenUp {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}

    fn cancelled(&self) -> bool {
        self.is_given_up()
    }
}

/// Whether segments are still worth counting: there is no newer world, and no question waits.
pub(super) struct Counting<'c> {
    pub state: u64,
    pub newest: &'c AtomicU64,
    /// The number of waiting questions; `None` if counting ignores them.
    pub questions: Option<&'c AtomicU64>,
}

impl Watch for Counting<'_> {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}

    fn cancelled(&self) -> bool {
        let asks = |questions: &AtomicU64| questions.load(Ordering::Relaxed) > 0;
        self.newest.load(Ordering::Relaxed) != self.state || self.questions.is_some_and(asks)
    }
}
