//! Trouble in the data, counted, with an example each.

use rusqlite::types::ValueRef;

use super::Reading;
use super::failure::Failure;
use super::select::Select;
use crate::engine::{Problem, ProblemKind};

/// How much of an odd value an example shows.
const SHOWN: usize = 60;

/// Something met in a column of a table.
pub(super) struct Sighting<'n> {
    pub(super) kind: ProblemKind,
    /// The column's place in the row, and its name.
    pub(super) column: (usize, &'n str),
    pub(super) count: u64,
    /// The row that is the example, by its place in the table, from 1.
    pub(super) row: u64,
}

/// Tells what was met in a table that was read.
pub(super) fn tell(
    reading: &mut Reading<'_>,
    select: &mut Select,
    found: &[Sighting<'_>],
) -> Result<(), Failure> {
    let wanted = found.iter().map(|met| (met.row, met.column.0)).collect();
    let seen = select.look_again(reading.connection, &wanted)?;
    reading.problems.extend(found.iter().map(|met| {
        let example = seen.get(&(met.row, met.column.0));
        Problem {
            kind: met.kind,
            table: select.table().to_owned(),
            column: met.column.1.to_owned(),
            count: met.count,
            example: example.map_or_else(String::new, |seen| seen.example.clone()),
        }
    }));
    Ok(())
}

/// A stored value for people, shortened.
pub(super) fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "nothing".to_owned(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text);
            let mut short: String = text.chars().take(SHOWN).collect();
            if short.len() < text.len() {
                short.push('…');
            }
            format!("{short:?}")
        }
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
