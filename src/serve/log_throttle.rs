//! Throttling of repeated log messages: a lasting problem is logged when it starts, when it changes, once an hour, and
//! when it is over.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::{info, warn};

/// How often a lasting problem is logged again.
const AGAIN: Duration = Duration::from_secs(3_600);

/// One kind of problem.
#[derive(Debug, Default)]
pub(super) struct LogThrottle {
    told: Mutex<Option<(String, Instant)>>,
}

impl LogThrottle {
    /// Reports the problem.
    pub(super) fn about(&self, reason: &str, words: &str) {
        let mut told = self.told();
        let known = |(known, at): &(String, Instant)| known == reason && at.elapsed() < AGAIN;
        if !told.as_ref().is_some_and(known) {
            warn!(reason, "{words}");
            *told = Some((reason.to_owned(), Instant::now()));
        }
    }

    /// Reports that the problem is over.
    pub(super) fn over(&self, words: &str) {
        if self.told().take().is_some() {
            info!("{words}");
        }
    }

    fn told(&self) -> MutexGuard<'_, Option<(String, Instant)>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
