//! Access to the database for guessing.

use std::ops::ControlFlow;

use crate::catalog::Schema;
use crate::connector::{Snapshot, TableProfile};
use crate::engine::{Cell, EngineError, OwnedCell};
use crate::value::is_placeholder;

/// The maximum number of rows of a table that are read.
const ENOUGH: u32 = 1_000_000;
/// The maximum number of them that are examined closely.
const SAMPLE: u64 = 1_000;

/// A database to examine. Its answers are partial for large tables, which is enough for guessing.
pub struct Data {
    schema: Schema,
    snapshot: Box<dyn Snapshot>,
}

impl Data {
    /// Examines one state of a database.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of(snapshot: Box<dyn Snapshot>) -> Result<Self, EngineError> {
        let mut schema = snapshot.schema()?;
        for table in schema.tables.values_mut() {
            table.columns.retain(|column| column.unreadable.is_none());
        }
        Ok(Self { schema, snapshot })
    }

    /// The tables and columns.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The properties of a table besides its columns; none where it cannot be read or is not a user table.
    pub(super) fn profile(&self, table: &str) -> Option<TableProfile> {
        self.snapshot.profile(table, ENOUGH)
    }

    /// A few hundred rows spread over a table of `rows` rows, each with all its columns.
    pub(super) fn sample(&self, table: &str, rows: u64) -> Vec<Vec<OwnedCell>> {
        let known = self.schema.tables.get(table).map(|table| &table.columns);
        let columns = known.into_iter().flatten();
        let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        let step = rows.div_ceil(SAMPLE).max(1);
        let sample = self.snapshot.sample(table, &columns, ENOUGH, step);
        sample.unwrap_or_default()
    }

    /// Passes all values of a column to `see` until it breaks; none where they cannot be read.
    pub(super) fn each_value(
        &self,
        table: &str,
        column: &str,
        mut see: impl FnMut(Cell<'_>) -> ControlFlow<()>,
    ) -> Option<()> {
        self.snapshot.each_value(table, column, ENOUGH, &mut see)
    }

    /// All values of a column; empty where they cannot be read.
    pub(super) fn values(&self, table: &str, column: &str) -> Vec<OwnedCell> {
        let values = self.snapshot.values(table, column, ENOUGH);
        values.unwrap_or_default()
    }
}

/// The unmodified text of a cell; none where it is not text in UTF-8.
pub(super) fn as_text(cell: Cell<'_>) -> Option<&str> {
    match cell {
        Cell::Text(text) => std::str::from_utf8(text).ok(),
        _ => None,
    }
}

/// A value as a key: whole numbers are equal however they are stored. None for values that cannot be keys.
pub(super) fn key_of(cell: Cell<'_>) -> Option<String> {
    match cell {
        Cell::Integer(whole) => Some(whole.to_string()),
        Cell::Real(real) if real.fract() == 0.0 && real.abs() < 9e15 => Some(format!("{real:.0}")),
        Cell::Real(real) => Some(real.to_string()),
        text => as_text(text)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned),
    }
}

/// What guessing asks of a cell.
pub(super) trait Guessed {
    /// True for NULL and blank texts.
    fn is_empty(&self) -> bool;

    /// Also true for the placeholders that programs write for a missing value: `NULL`, `0000-00-00`.
    fn is_nothing(&self) -> bool;

    /// The text; none where the value is not text.
    fn text(&self) -> Option<&str>;

    /// The number, even if it is stored as text.
    fn number(&self) -> Option<f64>;

    /// The value as a key: see [`key_of`].
    fn key(&self) -> Option<String>;
}

impl Guessed for OwnedCell {
    fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            other => other.text().is_some_and(str::is_empty),
        }
    }

    fn is_nothing(&self) -> bool {
        self.is_empty()
            || self
                .text()
                .is_some_and(|text| is_placeholder(text.as_bytes()))
    }

    fn text(&self) -> Option<&str> {
        self.as_str().map(str::trim)
    }

    fn number(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss)]
            Self::Integer(whole) => Some(*whole as f64),
            Self::Real(real) => Some(*real),
            other => other.text()?.parse().ok().filter(|n: &f64| n.is_finite()),
        }
    }

    fn key(&self) -> Option<String> {
        key_of(self.lent())
    }
}
