//! When Muster runs by itself, as config says it.

pub(super) mod wire;

use std::net::SocketAddr;
use std::time::Duration;

use crate::source::Scalar;

/// One entry of the timetable, as written; the room `schedule` reads the cron text.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    pub id: Scalar,
    pub cron: Scalar,
    /// Its zone: the business zone where it names none.
    pub timezone: chrono_tz::Tz,
    /// Whether it evaluates; where not, it only mails the last published run.
    pub runs: bool,
    /// Whether the latest missed run is made up for (`run_once`) or not (`skip`).
    pub run_missed: bool,
    /// How often a failed run is tried again; 0: not at all.
    pub retries: u32,
    pub reports: Vec<Scalar>,
}

/// How the scheduler behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serve {
    /// Where it answers `/healthz` and `/metrics`; none: nowhere.
    pub listen: Option<SocketAddr>,
    /// How long the run in progress may go on after it is told to stop.
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
