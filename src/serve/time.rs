//! The clock of the scheduler, given as a parameter: nothing here reads the machine's clock.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use chrono_tz::Tz;

use crate::time::format_instant;

/// Microseconds of a minute.
pub(super) const MINUTE: i64 = 60_000_000;

/// A wall clock, which may be wrong and may be corrected.
pub trait WallClock: Debug + Send + Sync {
    /// The current time, in microseconds UTC.
    fn now(&self) -> i64;

    /// Completes when the clock no longer shows `seen`, where the clock is set by hand and that can be noticed; never
    /// where it only runs.
    fn moved(&self, seen: i64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// Formats an instant for logs: `2026-03-15T10:00:00+00:00`.
pub(super) fn utc(instant: i64) -> String {
    format_instant(instant, Tz::UTC)
}
