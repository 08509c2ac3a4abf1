//! Which columns of a table are read, and how its rows are called in messages.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use super::tables::{ReadError, Row, Tables};
use crate::engine::{Cell, OwnedCell};

/// Some columns of one table.
#[derive(Debug, Clone)]
pub struct Select {
    table: String,
    /// The table's columns.
    known: Vec<String>,
    columns: Vec<String>,
}

/// A stored value that was looked at again.
pub(super) struct Seen {
    /// Its row and itself, for people.
    pub(super) example: String,
    pub(super) value: OwnedCell,
}

impl Select {
    /// No column of a table yet.
    ///
    /// # Errors
    /// There is no such table, or it cannot be read.
    pub(super) fn new<T: Tables>(tables: &T, table: &str) -> Result<Self, ReadError> {
        let known = tables.columns(table)?;
        Ok(Self {
            table: table.to_owned(),
            known: known.ok_or_else(|| ReadError::no_table(table))?,
            columns: Vec::new(),
        })
    }

    /// Reads this column too: its place in each row; or why it cannot be read.
    pub(super) fn column(&mut self, name: &str) -> Result<usize, String> {
        let known = self.known.iter().find(|k| k.eq_ignore_ascii_case(name));
        let Some(known) = known else {
            return Err(format!("table `{}` has no column `{name}`", self.table));
        };
        let place = self.columns.iter().position(|there| there == known);
        Ok(place.unwrap_or_else(|| {
            self.columns.push(known.clone());
            self.columns.len() - 1
        }))
    }

    /// Values of a table that was read before, by their rows' places in it, from 1, and their places in the
    /// row.
    pub(super) fn look_again<T: Tables>(
        &self,
        tables: &T,
        wanted: &BTreeSet<(u64, usize)>,
    ) -> Result<HashMap<(u64, usize), Seen>, ReadError> {
        let mut seen = HashMap::new();
        let Some((last, _)) = wanted.last() else {
            return Ok(seen);
        };
        let mut ordinal = 0;
        tables.read(self, |row| {
            ordinal += 1;
            for (_, column) in wanted.range((ordinal, 0)..=(ordinal, usize::MAX)) {
                let value = row.cell(*column);
                let example = self.example(row, ordinal, value);
                let value = value.into();
                seen.insert((ordinal, *column), Seen { example, value });
            }
            Ok(match ordinal < *last {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            })
        })?;
        Ok(seen)
    }

    /// A row with an odd value, for people: `visits row 17: "31.02.2025"`. `ordinal` counts from 1.
    fn example(&self, row: &impl Row, ordinal: u64, value: Cell<'_>) -> String {
        let name = row.name();
        let name = name.map_or_else(|| ordinal.to_string(), |name| name.to_string());
        format!("{} row {name}: {value}", self.table)
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The columns, in the order of each row.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }
}
