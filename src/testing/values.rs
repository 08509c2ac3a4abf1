//! Written values, and cells that hold them.

use super::moments::{self, point};
use crate::engine::OwnedCell;
use crate::time::{Clock, date_of_days};
use crate::value::{Money, Truth, Type, Value};

/// The word for a missing value.
const MISSING: &str = "missing";

/// Parses a value of a type.
///
/// # Errors
/// What is expected instead.
pub(super) fn value(text: &str, ty: Type, clock: &Clock) -> Result<Value, &'static str> {
    let text = text.trim();
    if text.is_empty() || text == MISSING {
        return Ok(Value::Missing);
    }
    let (value, expected) = match ty {
        Type::Number => (number(text).map(Value::Number), "a number"),
        Type::Money => {
            let amount = Money::parse(text).filter(|read| !read.lossy);
            let amount = amount.map(|read| Value::Money(read.amount));
            (amount, "an amount such as `12.50`")
        }
        Type::Truth => (truth(text), "`yes` or `no`"),
        Type::Date => {
            let day = point(text, clock).map(|point| Value::Date(point.day(clock)));
            (day, moments::EXPECTED)
        }
        Type::Instant => {
            let instant = point(text, clock).map(|point| Value::Instant(point.instant(clock)));
            (instant, moments::EXPECTED)
        }
        Type::Text | Type::Missing | Type::Unknown => (Some(Value::Text(text.to_owned())), ""),
    };
    value.ok_or(expected)
}

/// Parses `12`, `-1.5` or `75%`.
fn number(text: &str) -> Option<f64> {
    let number = match text.strip_suffix('%') {
        Some(share) => share.trim_end().parse::<f64>().ok()? / 100.0,
        None => text.parse::<f64>().ok()?,
    };
    number.is_finite().then_some(number)
}

fn truth(text: &str) -> Option<Value> {
    let answer = match text.to_ascii_lowercase().as_str() {
        "yes" | "true" => Truth::Yes,
        "no" | "false" => Truth::No,
        _ => return None,
    };
    Some(Value::Truth(answer))
}

/// A cell that is read as this value, if its column has the simplest type that can hold it.
pub(super) fn cell(value: &Value) -> OwnedCell {
    match value {
        Value::Missing | Value::Truth(Truth::Unknown) => OwnedCell::Null,
        Value::Number(number) => OwnedCell::Real(*number),
        Value::Money(amount) => text_cell(&amount.to_string()),
        Value::Text(text) => text_cell(text),
        Value::Truth(answer) => OwnedCell::Integer(i64::from(*answer == Truth::Yes)),
        Value::Date(day) => text_cell(&date_of_days(*day).to_string()),
        Value::Instant(_) => text_cell(&value.to_string()),
    }
}

pub(super) fn text_cell(text: &str) -> OwnedCell {
    OwnedCell::Text(text.as_bytes().into())
}

/// A key as a cell: an integer if possible, as in an integer column.
pub(super) fn key_cell(text: &str) -> OwnedCell {
    match text.parse() {
        Ok(whole) => OwnedCell::Integer(whole),
        Err(_) => text_cell(text),
    }
}

/// Whether a value is the expected one: numbers are compared to the number of decimals written.
pub(super) fn is_expected(value: &Value, expected: &Value, text: &str) -> bool {
    match (value, expected) {
        (Value::Number(value), Value::Number(expected)) => {
            (value - expected).abs() <= tolerance(text)
        }
        _ if expected.is_missing() => value.is_missing(),
        _ => value == expected,
    }
}

/// Half a unit of the last decimal written; almost 0 if there are none.
fn tolerance(text: &str) -> f64 {
    let (digits, unit) = match text.trim().strip_suffix('%') {
        Some(digits) => (digits, 0.01),
        None => (text.trim(), 1.0),
    };
    let decimals = digits.split_once('.').map_or(0, |(_, part)| part.len());
    match i32::try_from(decimals) {
        Ok(0) | Err(_) => 1e-9,
        Ok(decimals) => 0.5 * unit * 10f64.powi(-decimals) + 1e-12,
    }
}
