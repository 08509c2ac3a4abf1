//! Values in natural notation.

use chrono_tz::Tz;

use crate::config::Marks;
use crate::language::typed::Comparison;
use crate::time::date_of_days;
use crate::value::{Truth, Value};

/// Microseconds in a day of 24 hours.
pub(super) const MICROSECONDS_A_DAY: f64 = 86_400e6;

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// With its thousands grouped.
    Plain,
    /// With its digits together, because it may be an identifier, such as a year or a postal code.
    Together,
    /// In percent, because it is compared with a percentage.
    Percent,
}

/// A value for display, formatted as in tables and mails of the locale: at most four decimals, times in the business's
/// time zone.
pub(super) fn shown(value: &Value, style: Style, zone: Tz, marks: &Marks) -> String {
    match value {
        Value::Missing => "missing".to_string(),
        Value::Number(number) => match style {
            Style::Plain => marks.grouped(&trimmed(*number, 4)),
            Style::Together => marks.marked(trimmed(*number, 4)),
            Style::Percent => format!("{}%", marks.grouped(&trimmed(number * 100.0, 1))),
        },
        Value::Money(money) => marks.grouped(&money.to_string()),
        Value::Text(text) => format!("\"{text}\""),
        Value::Truth(Truth::Yes) => "yes".to_string(),
        Value::Truth(Truth::No) => "no".to_string(),
        Value::Truth(Truth::Unknown) => "unknown".to_string(),
        Value::Date(days) => marks.date(date_of_days(*days)),
        Value::Instant(micros) => marks.instant(*micros, zone),
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

/// A number with at most `decimals` decimals and no trailing zeros, in Rust's format.
pub(super) fn trimmed(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    if text == "-0" { "0" } else { text }.to_owned()
}

/// A value as a number on a line, with dates and instants in microseconds; `None` if it is missing or has no order
/// here.
pub(super) fn position(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Money(money) => Some(money.to_f64()),
        Value::Date(days) => Some(f64::from(*days) * MICROSECONDS_A_DAY),
        // Exact within 2^53 microseconds (285 years).
        Value::Instant(micros) => Some(*micros as f64),
        Value::Missing | Value::Text(_) | Value::Truth(_) => None,
    }
}
