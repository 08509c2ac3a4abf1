//! A builder for tables with one row per item: each column has a heading and a function from item to cell.

use super::table::{Cell, Heading, Table};

/// A table whose columns are still being added.
pub struct Columns<'r, R> {
    rows: &'r [R],
    table: Table,
}

impl Table {
    /// Starts a table with one row for each of these.
    pub fn of<R>(rows: &[R]) -> Columns<'_, R> {
        Columns {
            rows,
            table: Self {
                headings: Vec::new(),
                rows: rows.iter().map(|_| Vec::new()).collect(),
            },
        }
    }
}

impl<R> Columns<'_, R> {
    /// Adds a column.
    #[must_use]
    pub fn column<C: Into<Cell>>(mut self, heading: Heading, cell: impl Fn(&R) -> C) -> Self {
        self.table.headings.push(heading);
        for (cells, row) in self.table.rows.iter_mut().zip(self.rows) {
            cells.push(cell(row).into());
        }
        self
    }

    /// Adds a column if it is wanted.
    #[must_use]
    pub fn column_if<C: Into<Cell>>(
        self,
        wanted: bool,
        heading: Heading,
        cell: impl Fn(&R) -> C,
    ) -> Self {
        match wanted {
            true => self.column(heading, cell),
            false => self,
        }
    }

    /// The finished table.
    pub fn done(self) -> Table {
        self.table
    }
}
