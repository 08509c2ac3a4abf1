//! Decides which hundred years the two-digit years in a column belong to.

use super::calendar::year;

/// Only a two-digit year leads further ahead than this, in years and in days.
const AHEAD: i32 = 10;
const FAR: i32 = 3_653;
/// A column with days in the last year is still in use, so it will contain days in the years to come.
const LATELY: i32 = 366;

/// Whether a day lies further ahead than anyone books.
pub fn is_far_ahead(day: i32, today: i32) -> bool {
    day > today.saturating_add(FAR)
}

/// The last year that two digits can mean in a column: ten years ahead if the column is still in use, this year if it
/// holds birthdays or has no recent day. `None` if the column does not hold birthdays and no day lies far ahead.
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
