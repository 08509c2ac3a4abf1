//! What a connector provides for gathering: tables that are read row by row.

use std::ops::ControlFlow;

use super::asked::{Answered, Asked};
use super::part::Part;
use super::select::Select;
use crate::engine::{Cell, EngineError};

/// The tables of one state of the data, including views.
pub trait Tables: Send {
    /// A row while it is being read.
    type Row<'r>: Row;

    /// The columns of a table, in order; `None` if there is no such table.
    ///
    /// # Errors
    /// If the table cannot be read.
    fn columns(&self, table: &str) -> Result<Option<Vec<String>>, ReadError>;

    /// The type that a column was declared with, in the database's own words; `None` if that says nothing about what is
    /// stored, as in a view.
    ///
    /// # Errors
    /// If the table cannot be read.
    fn declared_type(&self, table: &str, column: &str) -> Result<Option<String>, ReadError>;

    /// Whether a table is made of imported files.
    ///
    /// # Errors
    /// If the database cannot be read.
    fn is_of_files(&self, table: &str) -> Result<bool, ReadError> {
        let _ = table;
        Ok(false)
    }

    /// About how many rows a table has, if that can be found out at no cost.
    fn estimate(&self, table: &str) -> Option<u64>;

    /// The ids that the rows of a table may have, from lowest to highest, as a part; [`Part::Whole`] if the rows have
    /// no ids by which ranges can be read.
    ///
    /// # Errors
    /// If the table cannot be read.
    fn ids(&self, table: &str) -> Result<Part, ReadError>;

    /// The column that holds the ids by which ranges of rows are read; `None` if no column does.
    ///
    /// # Errors
    /// If the table cannot be read.
    fn id_column(&self, table: &str) -> Result<Option<String>, ReadError> {
        let _ = table;
        Ok(None)
    }

    /// Whether the database itself enforces that no two rows of a table have the same value in a column.
    ///
    /// # Errors
    /// If the table cannot be read.
    fn is_unique(&self, table: &str, column: &str) -> Result<bool, ReadError> {
        let _ = (table, column);
        Ok(false)
    }

    /// Whether each row exposes its id, so that a thread can leave what comes after it to another. If rows do not,
    /// tables are shared out in pieces.
    fn tells_ids(&self) -> bool {
        true
    }

    /// Whether a selection returns its rows in the same order each time. If it does not, no row is named by its number,
    /// and none is read again as an example.
    fn keeps_order(&self) -> bool {
        true
    }

    /// The result of a scan, if the database aggregates by itself; `None` if the rows must be read.
    ///
    /// # Errors
    /// If the table cannot be read.
    fn aggregate(&self, asked: &Asked<'_>) -> Result<Option<Answered>, ReadError> {
        let _ = asked;
        Ok(None)
    }

    /// If the database aggregates by itself: why [`Tables::aggregate`] returned no result, each reason once.
    fn refused(&self) -> Vec<String> {
        Vec::new()
    }

    /// Calls `each` with each row of a part in turn, until there are no more rows or `each` has enough. The same
    /// selection returns the same rows again, in the same order if [`Tables::keeps_order`].
    ///
    /// # Errors
    /// If the table cannot be read; or the error that `each` returns.
    fn read<F>(&self, select: &Select, part: Part, each: F) -> Result<(), ReadError>
    where
        F: FnMut(&Self::Row<'_>) -> Result<ControlFlow<()>, ReadError>;
}

/// A row of a [`Select`].
pub trait Row {
    /// The cell at a place of the selected columns; NULL if there is no such place.
    fn cell(&self, place: usize) -> Cell<'_>;

    /// Its id, if a range of ids is read and rows expose their ids.
    fn id(&self) -> Option<i64>;

    /// The row's name in messages, if the selection asks for it; `None` if rows are numbered.
    fn name(&self) -> Option<Cell<'_>>;
}

/// Why reading stopped.
#[derive(Debug)]
pub enum ReadError {
    /// This table cannot be read; holds the reason in words.
    Table(String),
    /// Nothing can be read at all.
    Whole(EngineError),
}

impl From<EngineError> for ReadError {
    fn from(error: EngineError) -> Self {
        Self::Whole(error)
    }
}
