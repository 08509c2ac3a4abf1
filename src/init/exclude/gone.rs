//! Detects people who have left, from a column of times.

use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

use super::Sign;
use super::words::is_like_time;
use crate::catalog::{TableColumn, column_type};
use crate::engine::{OwnedCell, read_cell};
use crate::init::data::Guessed;
use crate::init::lexicon::times::PLAIN;
use crate::init::tables::{Seen, share};
use crate::init::words::words;
use crate::time::date_of_days;
use crate::value::{ColumnType, Type, Value};

/// The maximum number of distinct days that can be placeholders for a missing time.
const FEW: usize = 3;

/// The condition for rows without a time, or with a placeholder for none, and the share of rows with a time; none
/// where the column does not decide.
pub(super) fn by_time(
    seen: &Seen<'_>,
    column: &TableColumn,
    (name, ty): (&str, Option<ColumnType>),
    sign: Sign<'_>,
) -> Option<(String, f64)> {
    let mut called = words(&column.name).into_iter();
    let is_called = called.any(|word| PLAIN.has(&word) || word == "death");
    let all = seen.cells(&column.name);
    if !matches!(sign, Sign::Against) || !is_called || all.is_empty() {
        return None;
    }
    let ty = ty.or_else(|| column_type(&column.declared))?;
    let is_typed = matches!(ty.value_type(), Type::Instant | Type::Date);
    // In a column of texts, an empty text or a word for nothing is a text, rather than missing.
    let is_missing = |cell: &OwnedCell| match is_typed {
        true => cell.is_nothing(),
        false => *cell == OwnedCell::Null,
    };
    let is_time = |cell: &OwnedCell| match is_typed {
        true => cell.number().is_some() || cell.text().is_some_and(is_like_time),
        false => ty == ColumnType::Text && cell.text().is_some_and(is_like_time),
    };
    let stand_ins: BTreeSet<NaiveDate> = all.iter().filter_map(|cell| stand_in(cell, ty)).collect();
    if !all.iter().all(|cell| is_missing(cell) || is_time(cell)) || stand_ins.len() > FEW {
        return None;
    }
    let days: Vec<String> = stand_ins.iter().map(NaiveDate::to_string).collect();
    let is_day = match days.as_slice() {
        [] => None,
        [day] => Some(format!("{name} = {day}")),
        days => Some(format!("{name} in ({})", days.join(", "))),
    };
    let has_missing = all.iter().any(|cell| is_missing(cell));
    let condition = match is_day {
        None => format!("{name} is missing"),
        Some(is_day) if has_missing => format!("({name} is missing or {is_day})"),
        Some(is_day) => is_day,
    };
    let is_gone = |cell: &&OwnedCell| !is_missing(cell) && stand_in(cell, ty).is_none();
    Some((condition, share(&all, is_gone)))
}

/// The day in a cell, if programs write it as a placeholder where a column must have a value: the first or last day
/// of a year long ago or far ahead, such as `1900-01-01` and `9999-12-31`.
fn stand_in(cell: &OwnedCell, ty: ColumnType) -> Option<NaiveDate> {
    let text = cell.text()?;
    // In another time zone, the day may be different.
    let is_local = !text.ends_with(['Z', 'z']) && !text.contains('+');
    let day = match read_cell(cell.lent(), ty, chrono_tz::UTC) {
        Value::Date(day) => day,
        Value::Instant(at) => i32::try_from(at.div_euclid(crate::time::DAY)).ok()?,
        _ => return None,
    };
    let day = date_of_days(day);
    // Spreadsheets count days from 1899-12-30.
    let is_end = matches!((day.month(), day.day()), (1, 1) | (12, 31))
        || NaiveDate::from_ymd_opt(1899, 12, 30) == Some(day);
    let is_far = !(1971..2099).contains(&day.year());
    (is_local && is_end && is_far).then_some(day)
}
