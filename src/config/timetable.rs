//! When Muster runs on its own, according to config.

pub(super) mod wire;

use std::net::SocketAddr;
use std::time::Duration;

use crate::source::Scalar;

/// An entry of the timetable, as written. The `schedule` module reads the cron expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    pub id: Scalar,
    pub cron: Scalar,
    /// Its zone; by default the business zone.
    pub timezone: chrono_tz::Tz,
    /// Whether it evaluates. If not, it only mails the last published run.
    pub runs: bool,
    /// Whether the latest missed run is caught up on (`run_once`) or not (`skip`).
    pub run_missed: bool,
    /// How often a failed run is retried; 0 for never.
    pub retries: u32,
    pub reports: Vec<Scalar>,
}

/// How the scheduler behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serve {
    /// Where it answers `/healthz` and `/metrics`; `None` for nowhere.
    pub listen: Option<SocketAddr>,
    /// How long the current run may continue after a request to stop.
    pub stop_within: Duration,
}

impl Default for Serve {
    fn default() -> Self {
        Self {
            listen: None,
            stop_within: Duration::from_secs(60),
        }
    }
}
