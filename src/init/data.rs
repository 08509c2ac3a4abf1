//! What the guesses ask of a database.

use std::ops::ControlFlow;

use crate::catalog::Schema;
use crate::connector::{Snapshot, TableProfile};
use crate::engine::{Cell, EngineError, OwnedCell};
use crate::value::is_placeholder;

/// So many rows of a table are looked at.
const ENOUGH: u32 = 1_000_000;
/// So many of them are looked at closely.
const SAMPLE: u64 = 1_000;

/// A database that can be looked into. Its answers are partial on large tables: guesses need no more.
pub struct Data {
    schema: Schema,
    snapshot: Box<dyn Snapshot>,
}

impl Data {
    /// Of one state of a database.
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

    /// What tables and columns there are.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What a table is beside its columns; none where it cannot be read, or is no table of the user's own.
    pub(super) fn profile(&self, table: &str) -> Option<TableProfile> {
        self.snapshot.profile(table, ENOUGH)
    }

    /// Some hundred rows from all over a table of so many, each with all its columns.
    pub(super) fn sample(&self, table: &str, rows: u64) -> Vec<Vec<OwnedCell>> {
        let known = self.schema.tables.get(table).map(|table| &table.columns);
        let columns = known.into_iter().flatten();
        let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        let step = rows.div_ceil(SAMPLE).max(1);
        let sample = self.snapshot.sample(table, &columns, ENOUGH, step);
        sample.unwrap_or_default()
    }

    /// Lends all values of a column to `see`, until that breaks; none where they cannot be read.
    pub(super) fn each_value(
        &self,
        table: &str,
        column: &str,
        mut see: impl FnMut(Cell<'_>) -> ControlFlow<()>,
    ) -> Option<()> {
        self.snapshot.each_value(table, column, ENOUGH, &mut see)
    }

    /// All values of a column; none where they cannot be read.
    pub(super) fn values(&self, table: &str, column: &str) -> Vec<OwnedCell> {
        let values = self.snapshot.values(table, column, ENOUGH);
        values.unwrap_or_default()
    }
}

/// The text of a cell as it stands, where it is one in UTF-8.
pub(super) fn as_text(cell: Cell<'_>) -> Option<&str> {
    match cell {
        Cell::Text(text) => std::str::from_utf8(text).ok(),
        _ => None,
    }
}

/// A value as a key: whole numbers are equal however they are stored; none for what is no key.
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

/// What guesses ask of a cell.
pub(super) trait Guessed {
    /// True for what says nothing: NULL and a text of blanks.
    fn is_empty(&self) -> bool;

    /// True also for what programs write for no value: `NULL`, `0000-00-00`.
    fn is_nothing(&self) -> bool;

    /// The text, where it is one.
    fn text(&self) -> Option<&str>;

    /// The number, also where a text writes it.
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
