//! Column types that the declarations do not determine.

use super::Wishes;
use super::amount::{Amounts, amounts};
use super::data::Guessed;
use super::tables::{Seen, share};
use super::time::held::{self, Held, are_counts, held};
use super::time::is_called_time;
use super::undecided::Undecided;
use super::words::{is_among, words};
use crate::catalog::{Stamp, TableColumn, column_type};
use crate::engine::OwnedCell;
use crate::value::ColumnType;

/// How columns are to be read.
pub(super) struct Types {
    /// The type of each column.
    pub(super) known: Vec<(String, ColumnType)>,
    /// Columns whose type cannot be determined.
    pub(super) undecided: Vec<Undecided>,
    /// Columns whose reading other columns decide, as lines for people.
    pub(super) decided: Vec<String>,
}

/// The types by column: amounts, cents, times that are stored as text or in other forms, and the contents of columns
/// without a declared type. The columns in `texts` are texts whatever they hold, and the column `at` is a time
/// whatever it is called.
pub(super) fn types(
    seen: &Seen<'_>,
    texts: &[String],
    at: Option<&str>,
    wishes: &Wishes,
    now: i64,
) -> Types {
    let Amounts {
        known: amounts,
        mut undecided,
    } = amounts(seen, wishes, now);
    let (mut known, mut decided) = (Vec::new(), Vec::new());
    for column in &seen.table.columns {
        let name = &column.name;
        let declared = column_type(&column.declared);
        let mut amounts = amounts.iter().filter(|_| at != Some(name));
        let amount = amounts.find(|amount| amount.column == *name);
        let ty = if texts.contains(name) {
            Some(ColumnType::Text)
        } else if let Some(amount) = amount {
            Some(amount.ty)
        } else if undecided.iter().any(|undecided| undecided.column == *name) {
            None
        } else {
            match held(seen, column, wishes, now) {
                Held::Times(ty, _) if is_time(seen, column) => {
                    let is_said = wishes.ty(seen.name, name).is_some();
                    decided.extend(held::decided(seen, column, now).filter(|_| !is_said));
                    Some(stated(seen, column, ty))
                }
                Held::Nothing => by_name(seen, column),
                Held::Either(either) => {
                    undecided.push(either);
                    None
                }
                Held::Times(..) | Held::Other(_) => wishes.ty(seen.name, name),
            }
        };
        let ty = ty.or_else(|| undeclared(seen, column).filter(|_| declared.is_none()));
        // A type that the declaration already determines need not be stated.
        known.extend(
            ty.filter(|ty| declared != Some(*ty))
                .map(|ty| (name.clone(), ty)),
        );
    }
    Types {
        known,
        undecided,
        decided,
    }
}

/// Texts are times if they look like times; numbers must also be named like times.
fn is_time(seen: &Seen<'_>, column: &TableColumn) -> bool {
    !are_counts(&seen.telling(&column.name)) || is_called_time(column, seen.name)
}

/// The type of a column without values, by its name.
fn by_name(seen: &Seen<'_>, column: &TableColumn) -> Option<ColumnType> {
    let is_text = matches!(column_type(&column.declared), None | Some(ColumnType::Text));
    let name = column.name.to_lowercase();
    if !is_text {
        None
    } else if name.ends_with("birthday") || name.ends_with("_on") {
        Some(ColumnType::Date)
    } else {
        // A placeholder for a missing value counts as missing in a column of times, and as a text in a column of
        // texts.
        let is_filled = || !seen.filled(&column.name).is_empty();
        let is_time = name.ends_with("_at") || is_called_time(column, seen.name) && is_filled();
        is_time.then_some(ColumnType::Instant)
    }
}

/// Refines the type of a time: a date where there is no time of day, and in UTC where that is indicated.
fn stated(seen: &Seen<'_>, column: &TableColumn, ty: ColumnType) -> ColumnType {
    let filled = seen.telling(&column.name);
    let is_day = |cell: &&OwnedCell| cell.text().is_some_and(|text| text.len() <= 10);
    let is_text = column_type(&column.declared) != Some(ColumnType::Instant);
    let is_named_time = column.name.to_lowercase().ends_with("_at");
    if are_counts(&filled) {
        ty
    // SQLite's own timestamps are in UTC, whatever the time zone of the business is, and so are columns whose names
    // say so.
    } else if is_stamped(column) || is_called_utc(&column.name) {
        ty.in_zone(chrono_tz::UTC)
    } else if ty == ColumnType::Instant && is_text && !is_named_time && filled.iter().all(is_day) {
        ColumnType::Date
    } else {
        ty
    }
}

fn is_called_utc(column: &str) -> bool {
    words(column).iter().any(|word| is_among("utc gmt", word))
}

/// Whether SQLite sets the column to the current time by default.
fn is_stamped(column: &TableColumn) -> bool {
    column.default.as_deref().and_then(Stamp::of) == Some(Stamp::Time)
}

/// The type of a column whose declared type is unknown.
fn undeclared(seen: &Seen<'_>, column: &TableColumn) -> Option<ColumnType> {
    let filled = seen.filled(&column.name);
    let is_number = |cell: &&OwnedCell| cell.number().is_some() && cell.text().is_none();
    if !filled.is_empty() && share(&filled, is_number) >= 0.8 {
        Some(ColumnType::Number)
    } else {
        column.declared.is_empty().then_some(ColumnType::Text)
    }
}
