//! Functions of dates and instants.

use std::borrow::Cow;

use crate::engine::column::{Column, MISSING_DATE, MISSING_I64};
use crate::engine::operands::texts;
use crate::engine::scalar;
use crate::engine::vector::{map, zip};
use crate::time::{self, Clock, DaysSince};

pub(super) fn days_since(x: &Column, clock: &Clock) -> Option<Column> {
    match x {
        Column::Instant(instants) => {
            let mut days = DaysSince::new(clock);
            let count = |instant: &i64| whole(*instant, |instant| days.count(instant));
            Some(Column::Number(instants.iter().map(count).collect()))
        }
        Column::Date(dates) => Some(Column::Number(map(dates, |date| match date {
            MISSING_DATE => f64::NAN,
            date => clock.days_since_date(date) as f64,
        }))),
        _ => None,
    }
}

pub(super) fn hours_since(x: &Column, clock: &Clock) -> Column {
    Column::Number(map(x.instants(), |instant| {
        whole(instant, |instant| clock.hours_since(instant))
    }))
}

pub(super) fn hour(x: &Column, clock: &Clock) -> Column {
    Column::Number(map(x.instants(), |instant| {
        whole(instant, |instant| clock.hour(instant))
    }))
}

/// A whole number computed from an instant.
fn whole(instant: i64, of: impl FnOnce(i64) -> i64) -> f64 {
    match instant {
        MISSING_I64 => f64::NAN,
        instant => of(instant) as f64,
    }
}

pub(super) fn elapsed(start: &Column, end: &Column, clock: &Clock) -> Column {
    Column::Number(zip(start.instants(), end.instants(), |start, end| {
        scalar::elapsed(start, end, clock.now)
    }))
}

pub(super) fn anniversary(x: &Column, clock: &Clock) -> Column {
    let today = clock.today();
    Column::Date(map(x.dates(), |date| match date {
        MISSING_DATE => MISSING_DATE,
        date => time::anniversary(date, today),
    }))
}

pub(super) fn day_of_week(dates: &Column) -> Column {
    let days = dates.dates().iter();
    texts(days.map(|date| (*date != MISSING_DATE).then(|| time::day_of_week(*date))))
}

pub(super) fn midnight(x: &Column, clock: &Clock) -> Column {
    Column::Instant(map(x.dates(), |date| match date {
        MISSING_DATE => MISSING_I64,
        date => clock.midnight(date),
    }))
}

/// Dates as they are; instants as dates in the business zone.
pub(super) fn local<'a>(x: &'a Column, clock: &Clock) -> Cow<'a, Column> {
    match x {
        Column::Instant(instants) => {
            Cow::Owned(Column::Date(map(instants, |instant| match instant {
                MISSING_I64 => MISSING_DATE,
                instant => clock.local_date(instant),
            })))
        }
        _ => Cow::Borrowed(x),
    }
}

/// A number computed from each date.
pub(super) fn number_of(dates: &Column, of: impl Fn(i32) -> f64) -> Column {
    Column::Number(map(dates.dates(), |date| match date {
        MISSING_DATE => f64::NAN,
        date => of(date),
    }))
}
