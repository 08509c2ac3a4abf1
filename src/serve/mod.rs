//! The scheduler: due times are noticed, run once, retried, and reported.
//!
//! tokio-cron-scheduler wakes the planner every few seconds and does nothing else. The planner looks at
//! the clock and writes down what is outstanding ([`look`]); the process that gets the lease works it off ([`scheduler`],
//! [`attempt`]). A due time is done in the transaction that publishes its run, so that it is neither run
//! twice nor lost, whenever the process is killed.

mod attempt;
mod counters;
mod delivery;
mod failure;
mod files;
mod http;
mod import;
mod log_throttle;
mod look;
mod metrics;
mod news;
mod once;
mod published;
mod publishing;
mod scheduler;
mod service;
mod skip;
mod stop;
mod ticker;
mod time;
mod work;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

pub use axum::Router;
use tokio_util::sync::CancellationToken;

pub use delivery::punctuality;
pub use http::{Bounds, Connections, Peer, answer, bind};
pub use once::{Summary, run_due};
pub use service::serve;
pub use skip::{Skipped, skip_missed};
pub use time::WallClock;

use crate::connector::Connect;
use crate::project::LoadError;

/// What a process is asked to do.
#[derive(Debug)]
pub struct Order {
    /// The config file.
    pub config: PathBuf,
    /// How it gets at the data.
    pub connect: Connect,
    /// The clock that it goes by.
    pub clock: Arc<dyn WallClock>,
    /// The page, and where it is shown; none: nowhere.
    pub page: Option<(SocketAddr, Router)>,
    /// Told to stop: no new work.
    pub stop: CancellationToken,
    /// Told to stop at once: the run in progress is taken back.
    pub halt: CancellationToken,
}

/// Why nothing was done.
#[derive(Debug)]
pub enum ServeError {
    /// Config or rules are wrong, or cannot be looked into.
    Load(LoadError),
    /// The world is wrong, in words.
    World(String),
}

impl From<LoadError> for ServeError {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}
