//! Who waits for what is counted: what nobody waits for any more is given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::engine::Watch;

/// Whether the editor waits for an answer no longer, shared with whoever works at it.
#[derive(Debug, Clone, Default)]
pub struct GivenUp(Arc<AtomicBool>);

impl GivenUp {
    /// From now on nobody waits.
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

/// Whether segments are still worth counting: no newer world has come, and nobody waits for the answer to a question.
pub(super) struct Counting<'c> {
    pub state: u64,
    pub newest: &'c AtomicU64,
    /// How many questions wait; none where counting goes on whoever asks.
    pub questions: Option<&'c AtomicU64>,
}

impl Watch for Counting<'_> {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}

    fn cancelled(&self) -> bool {
        let asks = |questions: &AtomicU64| questions.load(Ordering::Relaxed) > 0;
        self.newest.load(Ordering::Relaxed) != self.state || self.questions.is_some_and(asks)
    }
}
