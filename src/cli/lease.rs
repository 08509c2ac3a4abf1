//! Mutual exclusion: commands that change results wait for the one at work.

use super::clock;
use super::exit::Failure;
use super::watch::Terminal;
use crate::config::Config;
use crate::run::{Lease, NoLease, wait_for_lease};

/// The lease on these results: see [`wait_for_lease`].
pub(super) async fn lease(config: &Config, work: &str, watch: &Terminal) -> Result<Lease, Failure> {
    let clock = clock::clock();
    let told = |words: &str| note!("{words}; waiting for it");
    let lease = wait_for_lease(config, work, &|| clock.now(), watch, &told).await;
    lease.map_err(Failure::from)
}

impl From<NoLease> for Failure {
    fn from(error: NoLease) -> Self {
        match error {
            NoLease::Store(error) => error.into(),
            NoLease::Busy(..) => Self::world(error),
        }
    }
}
