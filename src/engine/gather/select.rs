//! Which columns of a table are read.

use crate::catalog::spelled;

/// Some columns of one table.
#[derive(Debug, Clone)]
pub struct Select {
    table: String,
    /// The table's columns.
    known: Vec<String>,
    columns: Vec<String>,
    names_rows: bool,
}

impl Select {
    /// A selection without columns, of a table that has the `known` columns.
    pub(super) fn new(table: &str, known: Vec<String>) -> Self {
        Self {
            table: table.to_owned(),
            known,
            columns: Vec::new(),
            names_rows: false,
        }
    }

    /// The same columns, plus the name of each row.
    pub(super) fn named(&self) -> Self {
        Self {
            names_rows: true,
            ..self.clone()
        }
    }

    /// Adds a column: its place in each row, or why it cannot be read.
    pub(super) fn column(&mut self, name: &str) -> Result<usize, String> {
        let known = self.known.iter().map(|known| (known.as_str(), known));
        let Ok(Some((_, known))) = spelled(known, name) else {
            return Err(format!("table `{}` has no column `{name}`", self.table));
        };
        let place = self.columns.iter().position(|there| there == known);
        Ok(place.unwrap_or_else(|| {
            self.columns.push(known.clone());
            self.columns.len() - 1
        }))
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Whether rows are read with their names.
    pub fn names_rows(&self) -> bool {
        self.names_rows
    }

    /// The columns, in the order in which each row has them.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }
}
