//! Decides which times are plausible: numbers that are not times look like years that no business has.

use super::calendar::days_of_civil;
use super::zone::{DAY, SECOND};

/// The approximate length of a year.
const YEAR: i64 = 365 * DAY + DAY / 4;
/// From 1970, where most clocks start counting, to 2001, where Apple's do: in seconds.
pub(super) const TO_2001: i64 = 978_307_200;
/// The last day that can be written with a four-digit year, which programs use for "never": its first and last second.
const LAST_DAY: std::ops::Range<i64> = 253_402_214_400..253_402_300_800;

/// Which times are plausible at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plausible {
    now: i64,
    from: i64,
    to: i64,
}

impl Plausible {
    /// At this instant.
    pub fn at(now: i64) -> Self {
        Self {
            now,
            from: beginning(1990),
            to: now.saturating_add(2 * YEAR),
        }
    }

    /// The first and the last time that a row may have.
    pub fn range(&self) -> [i64; 2] {
        [self.from, self.to]
    }

    /// Whether a row may have this time: from 1990 on, and not more than two years ahead.
    #[inline]
    pub fn contains(&self, at: i64) -> bool {
        self.from <= at && at <= self.to
    }

    /// The first plausible second since 1970, the second of now, and the last plausible one.
    pub(super) fn seconds(&self) -> (f64, f64, f64) {
        let second = |at: i64| at as f64 / SECOND as f64;
        (second(self.from), second(self.now), second(self.to))
    }

    /// Whether a number that is read as this time of a row must be something else: it is before 1990 or more than fifty
    /// years ahead.
    pub fn is_odd_time(&self, at: i64) -> bool {
        at < self.from || at > self.now.saturating_add(50 * YEAR)
    }

    /// The same for a number that is only known to be a time: it may be a birthday or a day far ahead, but not in the
    /// year 1970 or after 3000.
    pub fn is_odd_number(at: i64) -> bool {
        (0..beginning(1971)).contains(&at) || at >= beginning(3001)
    }

    /// Whether it is a number that programs write for "never": 0, -1, or the last day of the year 9999 (also if its
    /// seconds are taken for milliseconds).
    pub fn is_never(at: i64) -> bool {
        let last = |unit: i64| {
            let slack = DAY / SECOND;
            (LAST_DAY.start - slack..LAST_DAY.end + slack).contains(&at.div_euclid(unit))
        };
        matches!(at, 0 | -1_000 | -1_000_000) || last(SECOND) || last(SECOND / 1_000)
    }

    /// Whether a column's newest time is a generation ago, and would be recent if its seconds were counted from 2001.
    pub fn is_of_2001(&self, newest: i64) -> bool {
        let moved = newest.saturating_add(TO_2001 * SECOND);
        newest >= self.from && moved >= self.now.saturating_sub(3 * YEAR) && moved <= self.to
    }
}

/// The first instant of a year, in UTC.
fn beginning(year: i32) -> i64 {
    i64::from(days_of_civil(year, 1, 1).unwrap_or(0)) * DAY
}
