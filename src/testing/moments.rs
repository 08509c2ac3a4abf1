//! Times as written in tests: `200 days ago`, `2026-03-15 06:00`, `today`.

use chrono::Datelike;

use crate::language::ast::ExprKind;
use crate::language::parse;
use crate::time::{Clock, Duration, Moment, date_of_days, days_of_date, parse_instant};

/// A description of the accepted formats.
pub(super) const EXPECTED: &str = "a time such as `2026-03-15`, `2026-03-15 06:00`, `200 days ago`, `30 days from now` or `today`, in the years 1 to 9999";

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    /// A day, in days since 1970-01-01.
    Day(i32),
    /// An instant, in microseconds.
    Instant(i64),
}

impl Point {
    /// The instant; for a day, its local midnight.
    pub(super) fn instant(self, clock: &Clock) -> i64 {
        match self {
            Self::Day(day) => clock.midnight(day),
            Self::Instant(instant) => instant,
        }
    }

    /// The local day.
    pub(super) fn day(self, clock: &Clock) -> i32 {
        match self {
            Self::Day(day) => day,
            Self::Instant(instant) => clock.local_date(instant),
        }
    }
}

/// Parses a point in time relative to a clock; `None` if it is not a time, or not one that a column can hold.
pub(super) fn point(text: &str, clock: &Clock) -> Option<Point> {
    let found = written_point(text, clock)?;
    let year = date_of_days(found.day(clock)).year();
    (1..=9999).contains(&year).then_some(found)
}

fn written_point(text: &str, clock: &Clock) -> Option<Point> {
    let instant = |moment: Moment| Point::Instant(clock.instant_of(&moment));
    if let Ok(written) = parse(text) {
        match written.kind {
            ExprKind::Date(date) => return Some(Point::Day(days_of_date(date))),
            ExprKind::Today => return Some(Point::Day(clock.today())),
            ExprKind::Now => return Some(Point::Instant(clock.now)),
            ExprKind::Ago(length) => return Some(instant(Moment::Ago(length))),
            ExprKind::FromNow(length) => return Some(instant(Moment::FromNow(length))),
            _ => {}
        }
    }
    parse_instant(text.trim(), clock.zone).map(Point::Instant)
}

/// Parses a length of time: `7 days`.
pub(super) fn length(text: &str) -> Option<Duration> {
    match parse(text).ok()?.kind {
        ExprKind::Duration(length) => Some(length),
        _ => None,
    }
}
