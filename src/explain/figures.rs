//! Values as people write them.

use chrono::{DateTime, NaiveDate, TimeDelta};
use chrono_tz::Tz;

use crate::config::Marks;
use crate::language::typed::Comparison;
use crate::value::{Truth, Value};

/// In a day of 24 hours.
pub(super) const MICROSECONDS_A_DAY: f64 = 86_400e6;

/// How a number is best shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is.
    Plain,
    /// In percent, because it is compared with a percentage.
    Percent,
}

/// A value for people: at most four decimals behind the locale's mark, times in the business zone. Thousands are not apart,
/// as a number may name something.
pub(super) fn shown(value: &Value, style: Style, zone: Tz, marks: &Marks) -> String {
    match value {
        Value::Missing => "missing".to_string(),
        Value::Number(number) if style == Style::Percent => {
            format!("{}%", trimmed(number * 100.0, 1, marks))
        }
        Value::Number(number) => trimmed(*number, 4, marks),
        Value::Money(money) => marks.marked(money.to_string()),
        Value::Text(text) => format!("\"{text}\""),
        Value::Truth(Truth::Yes) => "yes".to_string(),
        Value::Truth(Truth::No) => "no".to_string(),
        Value::Truth(Truth::Unknown) => "unknown".to_string(),
        Value::Date(days) => date(*days),
        Value::Instant(micros) => instant(*micros, zone),
    }
}

/// `≥` for `>=`, and so on.
pub(super) fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "≠",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "≤",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => "≥",
    }
}

/// A number with at most so many decimals, none of them a zero at the end.
pub(super) fn trimmed(number: f64, decimals: usize, marks: &Marks) -> String {
    let text = format!("{number:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    marks.marked(if text == "-0" { "0" } else { text }.to_owned())
}

fn date(days: i32) -> String {
    NaiveDate::from_ymd_opt(1970, 1, 1)
        .and_then(|epoch| epoch.checked_add_signed(TimeDelta::days(i64::from(days))))
        .map_or_else(|| format!("day {days}"), |date| date.to_string())
}

fn instant(micros: i64, zone: Tz) -> String {
    DateTime::from_timestamp_micros(micros).map_or_else(
        || format!("{micros} µs"),
        |utc| {
            utc.with_timezone(&zone)
                .format("%Y-%m-%d %H:%M")
                .to_string()
        },
    )
}

/// A value as a number on a line, dates and instants in microseconds; none where it is missing or has no order here.
pub(super) fn position(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Money(money) => Some(money.to_f64()),
        Value::Date(days) => Some(f64::from(*days) * MICROSECONDS_A_DAY),
        // Within 2^53 microseconds (285 years) exact.
        Value::Instant(micros) => Some(*micros as f64),
        Value::Missing | Value::Text(_) | Value::Truth(_) => None,
    }
}
