//! Cron expressions that name days in two ways at once.

use std::ops::Range;

use super::fields::{MONTH_DAY, WEEK_DAY, WEEK_DAYS, pieces};

/// A cron expression that names both days of the month and days of the week: it is due on either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EitherDay {
    /// When it is due, in words that follow "is due": `on day 1 of each month, and on each Monday`.
    pub words: String,
    /// The same expression, due only on days that match both.
    pub both: String,
    /// The byte range that names the days.
    pub place: Range<usize>,
}

/// Checks whether a valid cron expression names days in both ways, and so is due on either, as cron has always read it.
/// A `+` before the days of the week asks for days that match both.
pub fn either_day(cron: &str) -> Option<EitherDay> {
    let fields: Vec<(Range<usize>, &str)> = pieces(cron, char::is_whitespace)
        .filter(|(_, piece)| !piece.is_empty())
        .collect();
    let (of_month, day) = fields.get(MONTH_DAY)?;
    let (of_week, week_day) = fields.get(WEEK_DAY)?;
    let is_all = |field: &str| matches!(field, "*" | "?");
    if is_all(day) || is_all(week_day) || week_day.starts_with('+') {
        return None;
    }
    let is_number = day.bytes().all(|c| c.is_ascii_digit());
    let days = match *day {
        day if is_number => format!("on day {day} of each month"),
        day if day.eq_ignore_ascii_case("l") => "on the last day of each month".to_owned(),
        day => format!("on the days `{day}` of each month"),
    };
    let week_days = match name(week_day) {
        Some(name) => format!("on each {name}"),
        None => format!("on the days `{week_day}` of each week"),
    };
    let before = cron.get(..of_week.start).unwrap_or("");
    Some(EitherDay {
        words: format!("{days}, and {week_days} as well"),
        both: format!("{before}+{week_day}"),
        place: of_month.start..of_week.end,
    })
}

/// The name of a single day of the week.
fn name(field: &str) -> Option<&'static str> {
    const NAMES: [&str; 7] = [
        "Sunday",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
    ];
    let lower = field.to_ascii_lowercase();
    let place = match lower.parse::<usize>() {
        Ok(number) => number % 7,
        Err(_) => WEEK_DAYS.iter().position(|name| *name == lower)?,
    };
    NAMES.get(place).copied()
}
