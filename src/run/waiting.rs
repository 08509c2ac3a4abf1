//! Waiting for the lease: a process that changes results waits a little for another one that is at work on them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::notify::Notifier;
use super::{Contender, Lease, Options, Outcome, RunError, Wanted, run_and_notify};
use crate::config::Config;
use crate::connector::Connector;
use crate::engine::Watch;
use crate::project::Project;
use crate::store::{Hold, LeaseHolder, StoreError};

/// How long to wait for another process that is at work.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often to check whether it is done.
const PAUSE: Duration = Duration::from_millis(250);

/// Why the lease was not obtained.
#[derive(Debug, thiserror::Error)]
pub enum NoLease {
    /// Another process is at work, and was throughout the wait.
    #[error("{}; try again when it is done", words(.0, .1))]
    Busy(Box<LeaseHolder>, PathBuf),
    /// The results cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Obtains the right to work on the results of config. Waits up to 30 seconds for another process that is at work, and
/// reports it once. `work` is shown to others; `now` returns the instant for display, in microseconds.
///
/// # Errors
/// See [`NoLease`]; a `watch` that is cancelled ends the wait.
pub async fn wait_for_lease(
    config: &Config,
    work: &str,
    now: &(dyn Fn() -> i64 + Sync),
    watch: &dyn Watch,
    told: &(dyn Fn(&str) + Sync),
) -> Result<Lease, NoLease> {
    let mut contender = Contender::default();
    let until = Instant::now() + PATIENCE;
    let mut is_told = false;
    loop {
        let results = config.results_path();
        let wanted = contender.want(results, config.results.is_some(), work, now());
        let is_late = watch.cancelled() || Instant::now() >= until;
        let holder = match wanted.await {
            Ok(Wanted::Ours(lease, _)) => return Ok(lease),
            Ok(Wanted::Theirs(holder)) => Some(holder),
            // A process that takes over from a dead one does not wait long for a lock.
            Err(StoreError::Locked(_)) if !is_late => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(holder) = holder {
            if is_late {
                return Err(NoLease::Busy(Box::new(holder), results.to_path_buf()));
            }
            if !is_told {
                told(&words(&holder, results));
                is_told = true;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The message about the process that is at work.
fn words(holder: &LeaseHolder, results: &Path) -> String {
    format!(
        "`muster {}`, process {} on {}, is at work on `{}`",
        holder.work,
        holder.pid,
        holder.host,
        results.display()
    )
}

/// Runs as [`run_and_notify`] does, under a lease that is returned afterwards.
///
/// # Errors
/// See [`RunError`].
pub async fn run_leased(
    project: &Project,
    connector: &dyn Connector,
    options: &Options,
    (lease, notifier): (Lease, Option<&dyn Notifier>),
    watch: &dyn Watch,
) -> Result<Outcome, RunError> {
    let hold = Hold {
        owner: lease.owner().to_owned(),
        due: None,
    };
    let options = Options {
        hold: Some(hold),
        ..options.clone()
    };
    let outcome = run_and_notify(project, connector, &options, notifier, watch).await;
    lease.release().await;
    outcome
}
