//! The scheduler: due times are noticed, run once, retried, and reported.
//!
//! tokio-cron-scheduler only wakes the planner every few seconds. The planner looks at the clock and writes down what
//! is outstanding ([`look`]); the process that gets the lease does the work ([`scheduler`], [`attempt`]). A due time is
//! marked done in the transaction that publishes its run, so that it is neither run twice nor lost, whenever the
//! process is killed.

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

/// The configuration of a `serve` process.
#[derive(Debug)]
pub struct Order {
    /// The config file.
    pub config: PathBuf,
    /// How to connect to the data.
    pub connect: Connect,
    /// The clock to use.
    pub clock: Arc<dyn WallClock>,
    /// The page and the address to serve it at; `None` for no page.
    pub page: Option<(SocketAddr, Router)>,
    /// Cancelled to stop: no new work begins.
    pub stop: CancellationToken,
    /// Cancelled to stop at once: the run in progress is rolled back.
    pub halt: CancellationToken,
}

/// Why nothing was done.
#[derive(Debug)]
pub enum ServeError {
    /// Config or rules have errors, or cannot be read.
    Load(LoadError),
    /// An error of the environment, in words.
    World(String),
}

impl From<LoadError> for ServeError {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}
