//! Who is gone since some time, or from some day on: by a column of times.

use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

use super::Sign;
use super::judged::Held;
use super::words::is_like_time;
use crate::catalog::{TableColumn, column_type};
use crate::engine::{OwnedCell, read_cell};
use crate::init::data::Guessed;
use crate::init::lexicon::times::PLAIN;
use crate::init::tables::{Seen, share};
use crate::init::words::words;
use crate::time::date_of_days;
use crate::value::{ColumnType, Type, Value};

/// More different days than these stand for no time of their own.
const FEW: usize = 3;

/// Those that have no time, or one that stands for none, as a condition, and which part of the rows has one; none where the column does not tell.
pub(super) fn by_time(
    seen: &Seen<'_>,
    column: &TableColumn,
    held: &Held<'_>,
    sign: Sign<'_>,
) -> Option<(String, f64)> {
    let mut called = words(&column.name).into_iter();
    let is_called = called.any(|word| PLAIN.has(&word) || word == "death");
    let all = seen.cells(&column.name);
    if !matches!(sign, Sign::Against) || !is_called || all.is_empty() {
        return None;
    }
    let ty = held.ty.or_else(|| column_type(&column.declared))?;
    let is_typed = matches!(ty.value_type(), Type::Instant | Type::Date);
    // In a column of texts an empty one, or a word for nothing, is a text and not missing.
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
    let name = held.name;
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

/// The day of a cell that programs write for none, where their column has to have one: the first or last of a year long ago or far ahead, as
/// `1900-01-01` and `9999-12-31`.
fn stand_in(cell: &OwnedCell, ty: ColumnType) -> Option<NaiveDate> {
    let text = cell.text()?;
    // Another zone may have another day.
    let is_local = !text.ends_with(['Z', 'z']) && !text.contains('+');
    let day = match read_cell(cell.lent(), ty, chrono_tz::UTC) {
        Value::Date(day) => day,
        Value::Instant(at) => i32::try_from(at.div_euclid(crate::time::DAY)).ok()?,
        _ => return None,
    };
    let day = date_of_days(day);
    // Spreadsheets begin to count on the last day but one.
    let is_end = matches!((day.month(), day.day()), (1, 1) | (12, 31))
        || NaiveDate::from_ymd_opt(1899, 12, 30) == Some(day);
    let is_far = !(1971..2099).contains(&day.year());
    (is_local && is_end && is_far).then_some(day)
}
