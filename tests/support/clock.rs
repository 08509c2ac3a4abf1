//! Instants that tests begin at.

use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use muster::time::{Clock, parse_instant};

/// 1 June 2025, noon UTC, in microseconds.
pub const NOON: i64 = 1_748_779_200_000_000;
/// In microseconds.
pub const DAY: i64 = 86_400_000_000;
/// In microseconds.
pub const HOUR: i64 = 3_600_000_000;

/// A clock that shows this time in its zone, such as `2025-06-15T12:00:00`.
pub fn clock_at(local: &str, zone: Tz) -> Clock {
    Clock {
        now: parse_instant(local, zone).unwrap(),
        zone,
    }
}

/// An instant in seconds, as it stands in the tables.
pub fn utc(seconds: i64) -> String {
    let instant = DateTime::from_timestamp(seconds, 0).unwrap();
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
