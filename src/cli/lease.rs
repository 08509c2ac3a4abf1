//! One at a time: commands that change results wait for the one at work on them.

use std::time::{Duration, Instant};

use super::clock;
use super::exit::Failure;
use super::watch::Terminal;
use crate::config::Config;
use crate::engine::Watch;
use crate::run::{Contender, Lease, Wanted};
use crate::store::StoreError;

/// How long somebody else who is at work is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often one looks whether they are done.
const PAUSE: Duration = Duration::from_millis(250);

/// The right to work on these results: waits a little for another process that is at work.
/// `work` is shown to others.
pub(super) async fn lease(config: &Config, work: &str, watch: &Terminal) -> Result<Lease, Failure> {
    let mut contender = Contender::default();
    let until = Instant::now() + PATIENCE;
    let mut told = false;
    loop {
        let now = clock::clock().now();
        let results = config.results_path();
        let wanted = contender.want(results, config.results.is_some(), work, now);
        let is_late = watch.cancelled() || Instant::now() >= until;
        let holder = match wanted.await {
            Ok(Wanted::Ours(lease, _)) => return Ok(lease),
            Ok(Wanted::Theirs(holder)) => Some(holder),
            // A process that takes over from a dead one does not wait for a lock for long.
            Err(StoreError::Locked(_)) if !is_late => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(holder) = holder {
            let who = format!(
                "`muster {}`, process {} on {}, is at work on `{}`",
                holder.work,
                holder.pid,
                holder.host,
                results.display()
            );
            if is_late {
                return Err(Failure::world(format!("{who}; try again when it is done")));
            }
            if !told {
                note!("{who}; waiting for it");
                told = true;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}
