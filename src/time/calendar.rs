//! Dates without a zone: days since 1970-01-01, and calendar arithmetic.
//!
//! Dates are clamped to ±200,000 years, so that nothing here can overflow.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{Direction, Period, YearStart};

/// 1970-01-01 in chrono's count of days.
const EPOCH_FROM_CE: i32 = 719_163;
/// The first and last date that are distinguished, in days since 1970-01-01.
const LIMIT: i32 = 200_000 * 365;

/// The calendar date of a number of days since 1970-01-01.
pub fn date_of_days(days: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(days.clamp(-LIMIT, LIMIT) + EPOCH_FROM_CE)
        .unwrap_or_default()
}

/// The number of days since 1970-01-01 of a calendar date.
pub fn days_of_date(date: NaiveDate) -> i32 {
    (date.num_days_from_ce() - EPOCH_FROM_CE).clamp(-LIMIT, LIMIT)
}

/// The number of days since 1970-01-01 for a year, month and day; `None` if there is no such day.
///
/// Formula: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
pub(super) fn days_of_civil(year: i32, month: u32, day: u32) -> Option<i32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if day == 0 || day > longest {
        return None;
    }
    let (year, month, day) = (
        year - i32::from(month <= 2),
        i32::try_from(month).ok()?,
        i32::try_from(day).ok()?,
    );
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// A date, moved forward or back by days.
pub(super) fn add_days(date: NaiveDate, count: u64, direction: Direction) -> NaiveDate {
    let moved = match direction {
        Direction::Later => date.checked_add_days(Days::new(count)),
        Direction::Earlier => date.checked_sub_days(Days::new(count)),
    };
    clamped(moved, direction)
}

/// A date, moved forward or back by months, clamped to the end of the month.
pub(super) fn add_months(date: NaiveDate, count: u64, direction: Direction) -> NaiveDate {
    let months = Months::new(u32::try_from(count).unwrap_or(u32::MAX));
    let moved = match direction {
        Direction::Later => date.checked_add_months(months),
        Direction::Earlier => date.checked_sub_months(months),
    };
    clamped(moved, direction)
}

fn clamped(moved: Option<NaiveDate>, direction: Direction) -> NaiveDate {
    let days = match (moved, direction) {
        (Some(date), _) => days_of_date(date),
        (None, Direction::Later) => LIMIT,
        (None, Direction::Earlier) => -LIMIT,
    };
    date_of_days(days)
}

/// The first day of the period that contains a date; weeks begin on Monday.
pub(super) fn start_of(period: Period, date: NaiveDate) -> NaiveDate {
    let month = match period {
        Period::Week => {
            let past = u64::from(date.weekday().num_days_from_monday());
            return add_days(date, past, Direction::Earlier);
        }
        Period::Month => date.month(),
        Period::Quarter => (date.month0() / 3) * 3 + 1,
        Period::Year => 1,
    };
    NaiveDate::from_ymd_opt(date.year(), month, 1).unwrap_or(date)
}

/// The first day of the period that is `count` periods before the one beginning on `start`.
pub(super) fn periods_before(count: u32, period: Period, start: NaiveDate) -> NaiveDate {
    let count = u64::from(count);
    match period {
        Period::Week => add_days(start, count * 7, Direction::Earlier),
        Period::Month => add_months(start, count, Direction::Earlier),
        Period::Quarter => add_months(start, count * 3, Direction::Earlier),
        Period::Year => add_months(start, count * 12, Direction::Earlier),
    }
}

/// The first day of the fiscal year that contains a date.
pub(super) fn start_of_fiscal_year(begins: YearStart, date: NaiveDate) -> NaiveDate {
    let in_year = |year| NaiveDate::from_ymd_opt(year, begins.month, begins.day).unwrap_or(date);
    let this = in_year(date.year());
    match this > date {
        true => in_year(date.year() - 1),
        false => this,
    }
}

/// The same day and month in another year; in common years, 29 February becomes the 28th.
fn in_year(date: NaiveDate, year: i32) -> NaiveDate {
    let day = |day| NaiveDate::from_ymd_opt(year, date.month(), day);
    day(date.day()).or_else(|| day(28)).unwrap_or(date)
}

/// The first anniversary of a date on or after `today`, and at least one year after the date itself.
pub fn anniversary(date: i32, today: i32) -> i32 {
    let (date, today) = (date_of_days(date), date_of_days(today));
    let earliest = today.year().max(date.year() + 1);
    let this = in_year(date, earliest);
    days_of_date(if this < today {
        in_year(date, earliest + 1)
    } else {
        this
    })
}

/// Whole years from a date to `today`; negative for future dates. In common years, a birthday on 29 February falls on
/// the 28th.
pub fn age(date: i32, today: i32) -> i64 {
    let (date, today) = (date_of_days(date), date_of_days(today));
    let years = i64::from(today.year()) - i64::from(date.year());
    years - i64::from(in_year(date, today.year()) > today)
}

/// The day of the week, `Mon` to `Sun`.
pub fn day_of_week(date: i32) -> &'static str {
    const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let day = date_of_days(date).weekday().num_days_from_monday();
    usize::try_from(day)
        .ok()
        .and_then(|day| NAMES.get(day))
        .copied()
        .unwrap_or("Mon")
}

/// The month, 1 to 12.
pub fn month(date: i32) -> u32 {
    date_of_days(date).month()
}

/// The day of the month, 1 to 31.
pub fn day_of_month(date: i32) -> u32 {
    date_of_days(date).day()
}

/// The ISO 8601 week of the year, 1 to 53: weeks begin on Monday, and week 1 contains 4 January.
pub fn week(date: i32) -> u32 {
    date_of_days(date).iso_week().week()
}

pub fn year(date: i32) -> i32 {
    date_of_days(date).year()
}
