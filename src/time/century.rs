//! Which hundred years the years of two digits in a column are of.

use super::calendar::year;

/// Nothing but a year of two digits leads so far ahead, in years and in days.
const AHEAD: i32 = 10;
const FAR: i32 = 3_653;
/// A column with days of the last year goes on, so that there will be days of the years to come.
const LATELY: i32 = 366;

/// Whether a day lies further ahead than anything is booked.
pub fn is_far_ahead(day: i32, today: i32) -> bool {
    day > today.saturating_add(FAR)
}

/// The last year that two digits can be, where some days of a column lie far ahead without one: a few years ahead in a column that goes on,
/// and this year in one of birthdays, which says so by its name or by having no day of late.
pub fn last_year(days: &[i32], today: i32, is_of_births: bool) -> Option<u16> {
    let goes_on = |day: &i32| *day > today - LATELY && !is_far_ahead(*day, today);
    let now = year(today);
    let last = match is_of_births || !days.iter().any(goes_on) {
        true => now,
        false => now + AHEAD,
    };
    let is_asked = is_of_births || days.iter().any(|day| is_far_ahead(*day, today));
    u16::try_from(last).ok().filter(|_| is_asked)
}
