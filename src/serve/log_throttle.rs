//! Trouble that lasts is reported when it comes, when it changes, once an hour, and when it is over.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::{info, warn};

/// How often lasting trouble is reported again.
const AGAIN: Duration = Duration::from_secs(3_600);

/// One kind of trouble.
#[derive(Debug, Default)]
pub(super) struct LogThrottle {
    told: Mutex<Option<(String, Instant)>>,
}

impl LogThrottle {
    /// There is trouble.
    pub(super) fn about(&self, reason: &str, words: &str) {
        let mut told = self.told();
        let known = |(known, at): &(String, Instant)| known == reason && at.elapsed() < AGAIN;
        if !told.as_ref().is_some_and(known) {
            warn!(reason, "{words}");
            *told = Some((reason.to_owned(), Instant::now()));
        }
    }

    /// There is none.
    pub(super) fn over(&self, words: &str) {
        if self.told().take().is_some() {
            info!("{words}");
        }
    }

    fn told(&self) -> MutexGuard<'_, Option<(String, Instant)>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
