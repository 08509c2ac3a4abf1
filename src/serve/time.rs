//! The clock, as it is given to the scheduler: nobody here reads the machine's.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use chrono_tz::Tz;

use crate::time::format_instant;

/// Microseconds of a minute.
pub(super) const MINUTE: i64 = 60_000_000;

/// A clock on the wall, which may be wrong and put right.
pub trait WallClock: Debug + Send + Sync {
    /// What it shows, microseconds UTC.
    fn now(&self) -> i64;

    /// Ends when it no longer shows `seen`, where somebody puts it by hand and that is noticed; never where
    /// it only runs.
    fn moved(&self, seen: i64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// An instant for logs: `2026-03-15T10:00:00+00:00`.
pub(super) fn utc(instant: i64) -> String {
    format_instant(instant, Tz::UTC)
}
