//! Reports problems in the data, counted, with an example each.

use super::again::look_again;
use super::part::Part;
use super::reading::Reading;
use super::select::Select;
use super::tables::{ReadError, Tables};
use crate::engine::{Problem, ProblemKind, Reach};

/// Something met in a column of a table.
pub(super) struct Sighting<'n> {
    pub(super) kind: ProblemKind,
    /// The column's place in the row, and its name.
    pub(super) column: (usize, &'n str),
    /// The table whose rows the column looks up, and the key there, where that is what has failed.
    pub(super) leads_to: Option<(&'n str, &'n str)>,
    /// Of how many rows, where that is to be told.
    pub(super) reach: Option<Reach>,
    pub(super) count: u64,
    /// The position of the row that serves as the example.
    pub(super) row: i64,
}

/// Reports what was met in a table that was read in parts.
pub(super) fn tell<T: Tables>(
    reading: &mut Reading<'_, T>,
    select: &Select,
    parts: &[Part],
    found: &[Sighting<'_>],
) -> Result<(), ReadError> {
    let wanted = found.iter().map(|met| (met.row, met.column.0)).collect();
    let seen = look_again(reading, select, parts, &wanted)?;
    reading.problems.extend(found.iter().map(|met| {
        let example = seen.get(&(met.row, met.column.0));
        // What is no key there may be one but for its form.
        let looked_up = met.leads_to;
        let is_private = reading.private.has(select.table(), met.column.1)
            || looked_up.is_some_and(|(table, key)| reading.private.has(table, key));
        let example = example.filter(|_| !is_private);
        Problem {
            kind: met.kind,
            table: select.table().to_owned(),
            column: met.column.1.to_owned(),
            leads_to: looked_up.map(|(table, _)| table.to_owned()),
            read_as: None,
            is_least: false,
            currencies: Vec::new(),
            reach: met.reach,
            count: met.count,
            example: example.map_or_else(String::new, |seen| seen.example.clone()),
        }
    }));
    Ok(())
}
