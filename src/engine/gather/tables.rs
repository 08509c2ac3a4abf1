//! What a connector lends to be gathered from: tables, read row by row.

use std::ops::ControlFlow;

use super::asked::{Answered, Asked};
use super::part::Part;
use super::select::Select;
use crate::engine::{Cell, EngineError};

/// The tables of one state of the data. Views are tables here.
pub trait Tables: Send {
    /// A row while it is read.
    type Row<'r>: Row;

    /// The columns of a table, in its order; none where there is no such table.
    ///
    /// # Errors
    /// The table cannot be read.
    fn columns(&self, table: &str) -> Result<Option<Vec<String>>, ReadError>;

    /// The type that a table's column was declared with, in its own words; none where that says nothing of
    /// what is stored, as in a view.
    ///
    /// # Errors
    /// The table cannot be read.
    fn declared_type(&self, table: &str, column: &str) -> Result<Option<String>, ReadError>;

    /// Whether a table is made of imported files.
    ///
    /// # Errors
    /// The database cannot be read.
    fn is_of_files(&self, table: &str) -> Result<bool, ReadError> {
        let _ = table;
        Ok(false)
    }

    /// About how many rows a table has, where that costs nothing to know.
    fn estimate(&self, table: &str) -> Option<u64>;

    /// The ids that the rows of a table may have, from the lowest to the highest, as a part; [`Part::Whole`] where
    /// rows have no ids by which ranges of them can be read.
    ///
    /// # Errors
    /// The table cannot be read.
    fn ids(&self, table: &str) -> Result<Part, ReadError>;

    /// The column that holds the ids by which ranges of rows are read; none where no column does.
    ///
    /// # Errors
    /// The table cannot be read.
    fn id_column(&self, table: &str) -> Result<Option<String>, ReadError> {
        let _ = table;
        Ok(None)
    }

    /// Whether the database itself sees to it that no two rows of a table have the same in a column.
    ///
    /// # Errors
    /// The table cannot be read.
    fn is_unique(&self, table: &str, column: &str) -> Result<bool, ReadError> {
        let _ = (table, column);
        Ok(false)
    }

    /// Whether each row tells its id, so that a thread can leave what is behind it to another. Where rows do not, tables are
    /// shared out in pieces.
    fn tells_ids(&self) -> bool {
        true
    }

    /// Whether a selection gives its rows in the same order each time. Where it does not, no row is named by its number, and none is
    /// looked at again as an example.
    fn keeps_order(&self) -> bool {
        true
    }

    /// What a scan finds out, where the database aggregates by itself; none where its rows are to be read.
    ///
    /// # Errors
    /// The table cannot be read.
    fn aggregate(&self, asked: &Asked<'_>) -> Result<Option<Answered>, ReadError> {
        let _ = asked;
        Ok(None)
    }

    /// Why [`Tables::aggregate`] has found nothing out, each reason once: where the database aggregates by itself.
    fn refused(&self) -> Vec<String> {
        Vec::new()
    }

    /// Gives each row of a part in turn, until there are no more or `each` has enough. The same selection gives the
    /// same rows again, in the same order if [`Tables::keeps_order`].
    ///
    /// # Errors
    /// The table cannot be read, or what `each` says.
    fn read<F>(&self, select: &Select, part: Part, each: F) -> Result<(), ReadError>
    where
        F: FnMut(&Self::Row<'_>) -> Result<ControlFlow<()>, ReadError>;
}

/// A row of a [`Select`].
pub trait Row {
    /// The cell at a place of the selected columns; NULL where there is no such place.
    fn cell(&self, place: usize) -> Cell<'_>;

    /// Its id, where a range of ids is read and rows tell theirs.
    fn id(&self) -> Option<i64>;

    /// What the row is called in messages, where the selection asks for it; none where it is counted.
    fn name(&self) -> Option<Cell<'_>>;
}

/// Why reading stopped.
#[derive(Debug)]
pub enum ReadError {
    /// This table cannot be read: the reason in words.
    Table(String),
    /// Nothing can be read.
    Whole(EngineError),
}

impl From<EngineError> for ReadError {
    fn from(error: EngineError) -> Self {
        Self::Whole(error)
    }
}
