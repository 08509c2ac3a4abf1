//! Cron expressions, time zones and due times. Pure: no work, no I/O; the instant is a parameter.
//!
//! A cron expression names times on a wall clock. `pattern` finds these times, without any time zone; this file
//! determines the instants at which a zone's clock shows them:
//!
//! * A single minute and hour (`30 2 * * *`) is due exactly once on each day that the day fields name.
//!   If the clocks skip it, it is due at the first instant after the gap; if they show it twice, the first time.
//! * Lists, steps and ranges of minutes or hours are due whenever the clock shows one of their times: not at all if
//!   it is skipped, twice if it is shown twice.

mod clocks;
mod days;
mod fields;
mod pattern;
mod refused;
mod touched;

use chrono::MappedLocalTime;
use chrono_tz::Tz;

pub use clocks::{ClockChange, clock_changes};
pub use days::{EitherDay, either_day};
pub use refused::Refused;
pub use touched::{Effect, Touched, time_of_day, times_of_day};

use crate::time::{instants_of_local, local_micros, offset_at, resolve};
use pattern::Pattern;

/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;
/// More than any clock was ever set back at once, in microseconds.
const FARTHEST: i64 = 26 * 60 * MINUTE;

/// The years from 1970 to 2200, in microseconds: the supported range.
const YEARS: std::ops::RangeInclusive<i64> = 0..=7_258_118_400_000_000;

/// A cron expression in a time zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    pattern: Pattern,
    zone: Tz,
}

/// A due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The instant, in microseconds since 1970-01-01T00:00Z; a whole second.
    pub at: i64,
    /// The time that the cron expression names, in microseconds since 1970-01-01T00:00 on the local clock.
    pub local: i64,
    /// How a clock change affects it.
    pub twist: Twist,
}

/// How a clock change affects a due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twist {
    /// Not affected: the clock shows it once.
    None,
    /// The clock skips it: due at the first instant after the gap.
    Moved,
    /// The clock shows it twice: due only the first time.
    Once,
    /// The clock shows it twice, and it is due both times: this is the first.
    First,
    /// The second of the two.
    Second,
}

impl Calendar {
    /// Parses a cron expression of five fields.
    ///
    /// # Errors
    /// It is invalid, or never due; in plain words.
    pub fn new(cron: &str, zone: Tz) -> Result<Self, Refused> {
        let pattern = Pattern::read(cron)?;
        Ok(Self { pattern, zone })
    }

    /// The time zone of its clock.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The last due time at or before an instant; `None` before 1970.
    pub fn latest(&self, now: i64) -> Option<Due> {
        let now = now.min(*YEARS.end());
        if !YEARS.contains(&now) {
            None
        } else if self.pattern.is_daily() {
            self.latest_daily(now)
        } else {
            self.latest_shown(now)
        }
    }

    /// The first due time after an instant; `None` after 2200.
    pub fn next(&self, after: i64) -> Option<Due> {
        let after = after.max(*YEARS.start());
        if !YEARS.contains(&after) {
            None
        } else if self.pattern.is_daily() {
            self.next_daily(after)
        } else {
            self.next_shown(after)
        }
    }

    /// The due times after an instant, in order.
    pub fn after(&self, from: i64) -> impl Iterator<Item = Due> + '_ {
        std::iter::successors(self.next(from), |due| self.next(due.at))
    }

    /// The first `count` due times after an instant.
    pub fn coming(&self, from: i64, count: usize) -> Vec<Due> {
        self.after(from).take(count).collect()
    }

    // A single minute and hour is due as soon as the clock has reached it. So later local times never come at earlier
    // instants, and the search ends at the first match.

    fn latest_daily(&self, now: i64) -> Option<Due> {
        // The clock may have been further ahead before it was set back.
        let mut local = local_micros(now, self.zone).saturating_add(FARTHEST);
        loop {
            local = self.pattern.at_or_before(local)?;
            let due = self.daily(local);
            if due.at <= now {
                return Some(due);
            }
            local -= MINUTE;
        }
    }

    fn next_daily(&self, after: i64) -> Option<Due> {
        let mut local = local_micros(after, self.zone);
        loop {
            local = self.pattern.at_or_after(local.saturating_add(1))?;
            let due = self.daily(local);
            if due.at > after {
                return Some(due);
            }
        }
    }

    fn daily(&self, local: i64) -> Due {
        let twist = match instants_of_local(local, self.zone) {
            MappedLocalTime::Single(_) => Twist::None,
            MappedLocalTime::Ambiguous(..) => Twist::Once,
            MappedLocalTime::None => Twist::Moved,
        };
        Due {
            at: resolve(local, self.zone),
            local,
            twist,
        }
    }

    // All others are due whenever the clock shows a time of the pattern. Between two clock changes, local time and real
    // time advance alike.

    fn latest_shown(&self, now: i64) -> Option<Due> {
        let mut upto = now;
        loop {
            let offset = offset_at(upto, self.zone);
            let local = self.pattern.at_or_before(upto.saturating_add(offset))?;
            let at = local - offset;
            match clocks::last_change(at, upto, self.zone) {
                None => return Some(self.shown(at, local)),
                Some(change) => upto = change - 1,
            }
        }
    }

    fn next_shown(&self, after: i64) -> Option<Due> {
        let mut from = after.saturating_add(1);
        loop {
            let offset = offset_at(from, self.zone);
            let local = self.pattern.at_or_after(from.saturating_add(offset))?;
            let at = local - offset;
            match clocks::first_change(from, at, self.zone) {
                None => return Some(self.shown(at, local)),
                Some(change) => from = change,
            }
        }
    }

    fn shown(&self, at: i64, local: i64) -> Due {
        let twist = match instants_of_local(local, self.zone) {
            MappedLocalTime::Ambiguous(first, _) if first == at => Twist::First,
            MappedLocalTime::Ambiguous(..) => Twist::Second,
            MappedLocalTime::Single(_) | MappedLocalTime::None => Twist::None,
        };
        Due { at, local, twist }
    }
}
