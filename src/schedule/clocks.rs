//! Changes of a time zone's clock.

use chrono_tz::Tz;

use super::MINUTE;
use crate::time::offset_at;

/// The distance between looks at the clock. No zone of the IANA list changes and changes back within it.
const STRIDE: i64 = 12 * 60 * MINUTE;
/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// A clock change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockChange {
    /// The first instant after it, in microseconds.
    pub at: i64,
    /// The offset from UTC before it, in microseconds.
    pub before: i64,
    /// The offset from UTC after it, in microseconds.
    pub after: i64,
}

impl ClockChange {
    /// How far the clock goes forward, in microseconds; negative if it goes back.
    pub fn shift(&self) -> i64 {
        self.after - self.before
    }
}

/// The changes after `from`, up to and including `to`, in order.
pub fn clock_changes(from: i64, to: i64, zone: Tz) -> impl Iterator<Item = ClockChange> {
    let next = move |from| Some(change(first_change(from, to, zone)?, zone));
    std::iter::successors(next(from), move |last| next(last.at))
}

fn change(at: i64, zone: Tz) -> ClockChange {
    ClockChange {
        at,
        before: offset_at(at - 1, zone),
        after: offset_at(at, zone),
    }
}

/// The first instant after `from`, up to and including `to`, at which the offset changes.
pub(super) fn first_change(from: i64, to: i64, zone: Tz) -> Option<i64> {
    let mut from = from;
    while from < to {
        let until = from.saturating_add(STRIDE).min(to);
        if offset_at(from, zone) != offset_at(until, zone) {
            return Some(narrow(from, until, zone));
        }
        from = until;
    }
    None
}

/// The last such instant.
pub(super) fn last_change(from: i64, to: i64, zone: Tz) -> Option<i64> {
    let mut to = to;
    while from < to {
        let since = to.saturating_sub(STRIDE).max(from);
        if offset_at(since, zone) != offset_at(to, zone) {
            return Some(narrow(since, to, zone));
        }
        to = since;
    }
    None
}

/// The one change between two instants with different offsets; changes happen at whole seconds.
fn narrow(from: i64, to: i64, zone: Tz) -> i64 {
    let old = offset_at(from, zone);
    let (mut before, mut after) = (from.div_euclid(SECOND), to.div_euclid(SECOND));
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if offset_at(middle * SECOND, zone) == old {
            before = middle;
        } else {
            after = middle;
        }
    }
    after * SECOND
}
