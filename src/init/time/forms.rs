//! What values look like that are no times as Muster reads them.

use crate::engine::{Looks, OwnedCell};
use crate::init::data::Guessed;
use crate::time::{Plausible, Samples};
use crate::value::ColumnType;

/// What values that are no times look like, and what reads them; `now` in microseconds.
pub(super) fn otherwise(column: &str, filled: &[&OwnedCell], now: i64) -> String {
    let Some(example) = filled.iter().find(|cell| !shown(cell).is_empty()) else {
        return "holds bytes".to_owned();
    };
    let plausible = Plausible::at(now);
    let of = Samples {
        column,
        plausible: &plausible,
    };
    let shown = shown(example);
    match Looks::of(ColumnType::Instant, of, filled, true) {
        Some(Looks { words, remedy, .. }) => {
            format!("looks like {words}, such as `{shown}`: {remedy}")
        }
        None if example.text().is_none() => {
            format!("holds numbers that are neither seconds nor milliseconds, such as `{shown}`")
        }
        None => format!("holds texts that are no times, such as `{shown}`"),
    }
}

/// The same of times that most businesses have none of.
pub(super) fn unlikely(filled: &[&OwnedCell]) -> String {
    let example = filled.first().map(|cell| shown(cell)).unwrap_or_default();
    format!(
        "lies before 1990 or more than two years ahead, such as `{example}`; if it is meant, write it behind `at:`"
    )
}

fn shown(cell: &OwnedCell) -> String {
    match cell.as_str() {
        Some(text) => text.chars().filter(|c| !c.is_control()).take(30).collect(),
        None => cell
            .number()
            .map(|number| number.to_string())
            .unwrap_or_default(),
    }
}
