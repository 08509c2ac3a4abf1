//! Instants, local dates and windows in the business zone. Pure: every function is given its clock.
//!
//! Instants are microseconds since 1970-01-01T00:00:00Z; dates are days since 1970-01-01.

mod calendar;
mod century;
mod clock;
mod days_since;
mod forms;
mod guess;
mod length;
mod pattern;
mod plausible;
mod read;
mod zone;

pub use calendar::{
    age, anniversary, date_of_days, day_of_month, day_of_week, days_of_date, month, week, year,
};
pub use century::{is_far_ahead, last_year};
pub use days_since::DaysSince;
pub use forms::{Discord, Stored, TimeForm, TimeForms};
pub use guess::{Guess, Remedy, Samples, since_2001};
pub use pattern::{Pattern, RefusedPattern};
pub use plausible::Plausible;
pub use read::{
    InstantReader, instant_of_milliseconds, instant_of_seconds, is_seconds, parse_instant,
    read_date,
};
pub use zone::{
    DAY, format_instant, instants_of_local, is_utc, local_micros, local_naive, micros_of_naive,
    moment, naive_of_micros, offset_at, resolve, resolve_local,
};

use chrono::NaiveDate;
use chrono_tz::Tz;

/// The instant and zone of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The run's instant in microseconds; always a whole second.
    pub now: i64,
    /// The business zone.
    pub zone: Tz,
}

/// A unit of a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// 60 seconds of real time.
    Minute,
    /// 3,600 seconds of real time.
    Hour,
    /// One calendar day in the business zone.
    Day,
    /// Seven calendar days.
    Week,
    /// One calendar month, clamped to the month's end.
    Month,
    /// Three calendar months.
    Quarter,
    /// Twelve calendar months.
    Year,
}

/// A calendar period, for `this` and `last calendar`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// January to March, and so on.
    Quarter,
    /// A calendar year.
    Year,
}

/// The day on which every fiscal year begins: never 29 February.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearStart {
    /// 1 to 12.
    pub month: u32,
    /// From 1.
    pub day: u32,
}

impl YearStart {
    /// A day that exists in every year; `None` for any other.
    pub fn new(month: u32, day: u32) -> Option<Self> {
        // A common year.
        NaiveDate::from_ymd_opt(2001, month, day).map(|_| Self { month, day })
    }
}

/// A length of time as written: `30 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    /// The count; above 0.
    pub count: u32,
    /// The unit.
    pub unit: Unit,
}

/// A point in time that is constant in a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// The run's instant.
    Now,
    /// The run's local date.
    Today,
    /// This long before now, at the same local time.
    Ago(Duration),
    /// This long after now.
    FromNow(Duration),
    /// A literal date.
    Date(NaiveDate),
    /// Another moment, shifted: `today + 7 days`.
    Shifted(Box<Moment>, Duration, Direction),
}

/// The direction of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// `+`
    Later,
    /// `-`
    Earlier,
}

/// A window as written; [`Clock::bounds`] converts it to instants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// `in last 30 days`: [now − 30 days, now)
    Last(Duration),
    /// `in previous 30 days`: [now − 60 days, now − 30 days)
    Previous(Duration),
    /// `in next 14 days`: [now, now + 14 days)
    Next(Duration),
    /// `from A to B`; a date as B includes that day.
    FromTo(Moment, Moment),
    /// `in today`: from local midnight to now
    Today,
    /// `in this month`: from the period's start to now
    This(Period),
    /// `in last 3 calendar months`: this many whole periods before the current one
    LastCalendar(u32, Period),
    /// `in this fiscal year`: from its first day to now
    ThisFiscalYear(YearStart),
    /// `in last 2 fiscal years`: this many whole fiscal years before the current one
    LastFiscalYears(u32, YearStart),
    /// `since 2025-01-01`: from then to now
    Since(Moment),
    /// No window: everything before now.
    Past,
}

impl Window {
    /// Whether an instant after now can lie in the window.
    pub fn reaches_past_now(&self) -> bool {
        match self {
            Self::Next(_) => true,
            // A date as the end includes its whole day.
            Self::FromTo(_, to) => to.may_be_ahead(),
            Self::Last(_)
            | Self::Previous(_)
            | Self::Today
            | Self::This(_)
            | Self::LastCalendar(..)
            | Self::ThisFiscalYear(_)
            | Self::LastFiscalYears(..)
            | Self::Since(_)
            | Self::Past => false,
        }
    }
}

impl Moment {
    /// Whether the moment, or part of its day, may lie after now.
    fn may_be_ahead(&self) -> bool {
        match self {
            Self::Now | Self::Ago(_) => false,
            Self::Today | Self::FromNow(_) | Self::Date(_) => true,
            Self::Shifted(from, _, Direction::Earlier) => {
                **from != Self::Today && from.may_be_ahead()
            }
            Self::Shifted(..) => true,
        }
    }
}

/// A half-open range of instants in microseconds; `i64::MIN` and `i64::MAX` mean unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// The first instant in the range.
    pub from: i64,
    /// The first instant after the range.
    pub to: i64,
}
