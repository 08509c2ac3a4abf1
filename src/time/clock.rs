//! Converts windows and moments to instants, as of the run's instant.

use chrono::NaiveDate;

use super::calendar::{
    add_days, add_months, date_of_days, days_of_date, periods_before, start_of,
    start_of_fiscal_year,
};
use super::zone::{DAY, SECOND, local_micros, micros_of_naive, naive_of_micros, resolve};
use super::{Bounds, Clock, Direction, Duration, Moment, Period, Unit, Window, YearStart};

/// The years ±190,000. Beyond them, everything counts as equally far.
pub(super) const FARTHEST_INSTANT: i64 = 190_000 * 365 * DAY;

impl Clock {
    /// The range of instants that a window stands for.
    pub fn bounds(&self, window: &Window) -> Bounds {
        let (from, to) = match window {
            Window::Last(length) => (self.before_now(*length, 1), self.now),
            Window::Previous(length) => (self.before_now(*length, 2), self.before_now(*length, 1)),
            Window::Next(length) => (
                self.now,
                self.shift_instant(self.now, *length, Direction::Later),
            ),
            Window::FromTo(from, to) => (
                self.instant_of(from),
                match self.date_of_moment(to) {
                    Some(date) => self.midnight(date.saturating_add(1)),
                    None => self.instant_of(to),
                },
            ),
            Window::Today => (self.midnight(self.today()), self.now),
            Window::This(period) => (self.midnight_of(self.period_start(*period)), self.now),
            Window::LastCalendar(count, period) => {
                let start = self.period_start(*period);
                (
                    self.midnight_of(periods_before(*count, *period, start)),
                    self.midnight_of(start),
                )
            }
            Window::ThisFiscalYear(begins) => {
                (self.midnight_of(self.fiscal_year_start(*begins)), self.now)
            }
            Window::LastFiscalYears(count, begins) => {
                let start = self.fiscal_year_start(*begins);
                (
                    self.midnight_of(periods_before(*count, Period::Year, start)),
                    self.midnight_of(start),
                )
            }
            Window::Since(moment) => (self.instant_of(moment), self.now),
            Window::Past => (i64::MIN, self.now),
        };
        Bounds { from, to }
    }

    /// The instant of a moment; for a date, its local midnight.
    pub fn instant_of(&self, moment: &Moment) -> i64 {
        if let Some(date) = self.date_of_moment(moment) {
            return self.midnight(date);
        }
        match moment {
            Moment::Ago(length) => self.before_now(*length, 1),
            Moment::FromNow(length) => self.shift_instant(self.now, *length, Direction::Later),
            Moment::Shifted(from, length, direction) => {
                self.shift_instant(self.instant_of(from), *length, *direction)
            }
            Moment::Now | Moment::Today | Moment::Date(_) => self.now,
        }
    }

    /// The date of a moment that is a date: `today`, a literal date, or such a date shifted.
    pub fn date_of_moment(&self, moment: &Moment) -> Option<i32> {
        match moment {
            Moment::Today => Some(self.today()),
            Moment::Date(date) => Some(days_of_date(*date)),
            Moment::Shifted(from, length, direction) => self
                .date_of_moment(from)
                .map(|date| self.shift_date(date, *length, *direction)),
            Moment::Now | Moment::Ago(_) | Moment::FromNow(_) => None,
        }
    }

    /// The run's local date.
    pub fn today(&self) -> i32 {
        self.local_date(self.now)
    }

    /// The local date of an instant.
    pub fn local_date(&self, instant: i64) -> i32 {
        i32::try_from(local_micros(instant, self.zone).div_euclid(DAY)).unwrap_or(0)
    }

    /// The local hour of an instant, 0 to 23.
    pub fn hour(&self, instant: i64) -> i64 {
        local_micros(instant, self.zone).rem_euclid(DAY) / (3_600 * SECOND)
    }

    /// The instant at which a date begins in the business zone; if the clocks skip midnight, the first valid instant.
    pub fn midnight(&self, date: i32) -> i64 {
        self.midnight_of(date_of_days(date))
    }

    /// Shifts an instant: minutes and hours are real time; days and longer units keep the local time of day (months
    /// clamp to the end of the month).
    pub fn shift_instant(&self, instant: i64, by: Duration, direction: Direction) -> i64 {
        self.shift(instant, by.unit, u64::from(by.count), direction)
    }

    /// Shifts a date. Minutes and hours shift its midnight; the result is the date of the instant reached.
    pub fn shift_date(&self, date: i32, by: Duration, direction: Direction) -> i32 {
        match calendar_shift(date_of_days(date), by.unit, u64::from(by.count), direction) {
            Some(moved) => days_of_date(moved),
            None => self.local_date(self.shift_instant(self.midnight(date), by, direction)),
        }
    }

    /// Whole days from a date to today; negative for future dates.
    pub fn days_since_date(&self, date: i32) -> i64 {
        i64::from(self.today()) - i64::from(date)
    }

    /// Whole hours of real time from an instant to now, rounded down (negative for future instants).
    pub fn hours_since(&self, instant: i64) -> i64 {
        self.now.saturating_sub(instant).div_euclid(3_600 * SECOND)
    }

    fn before_now(&self, length: Duration, times: u64) -> i64 {
        let count = u64::from(length.count) * times;
        self.shift(self.now, length.unit, count, Direction::Earlier)
    }

    fn shift(&self, instant: i64, unit: Unit, count: u64, direction: Direction) -> i64 {
        let local = naive_of_micros(local_micros(instant, self.zone));
        match calendar_shift(local.date(), unit, count, direction) {
            Some(date) => resolve(micros_of_naive(date.and_time(local.time())), self.zone),
            None => {
                let seconds = if unit == Unit::Minute { 60 } else { 3_600 };
                let length = i64::try_from(count)
                    .unwrap_or(i64::MAX)
                    .saturating_mul(seconds * SECOND);
                match direction {
                    Direction::Later => instant.saturating_add(length),
                    Direction::Earlier => instant.saturating_sub(length),
                }
            }
        }
    }

    fn period_start(&self, period: Period) -> NaiveDate {
        start_of(period, date_of_days(self.today()))
    }

    fn fiscal_year_start(&self, begins: YearStart) -> NaiveDate {
        start_of_fiscal_year(begins, date_of_days(self.today()))
    }

    fn midnight_of(&self, date: NaiveDate) -> i64 {
        resolve(i64::from(days_of_date(date)) * DAY, self.zone)
    }
}

/// Shifts a date by calendar units; `None` for units of real time.
fn calendar_shift(
    date: NaiveDate,
    unit: Unit,
    count: u64,
    direction: Direction,
) -> Option<NaiveDate> {
    let months = |n: u64| Some(add_months(date, count.saturating_mul(n), direction));
    match unit {
        Unit::Minute | Unit::Hour => None,
        Unit::Day => Some(add_days(date, count, direction)),
        Unit::Week => Some(add_days(date, count.saturating_mul(7), direction)),
        Unit::Month => months(1),
        Unit::Quarter => months(3),
        Unit::Year => months(12),
    }
}
