//! Stopping of work in progress.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

use crate::engine::Watch;

/// Stops a run, an import or a publication that is to end, or whose lease another process has taken over.
pub(super) struct Stop {
    pub halt: CancellationToken,
    pub lost: Arc<AtomicBool>,
}

impl Watch for Stop {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}
    fn cancelled(&self) -> bool {
        self.halt.is_cancelled() || self.lost.load(Ordering::Relaxed)
    }
}
