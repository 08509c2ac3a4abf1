//! What the guesses ask of a database.

use crate::catalog::Schema;

/// A database that can be looked into. Its answers are partial on large tables: guesses need no more.
pub trait Data {
    /// What tables and columns there are.
    fn schema(&self) -> &Schema;
    /// What a table is beside its columns; none where it cannot be read, or is no table of the user's own.
    fn about(&self, table: &str) -> Option<About>;
    /// Some hundred rows from all over a table, each with all its columns.
    fn sample(&self, table: &str) -> Vec<Vec<Cell>>;
    fn values(&self, table: &str, column: &str) -> Vec<Cell>;
}

/// A table beside its columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    pub rows: u64,
    /// The definition of a view; none for a table.
    pub view: Option<String>,
    /// Columns that are unique by themselves, by the word of an index.
    pub unique: Vec<String>,
    /// Columns that point at another table's key: the column, the table.
    pub references: Vec<(String, String)>,
}

/// A stored value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
    Text(String),
    /// Bytes that are no text.
    Bytes,
}

impl Cell {
    /// True for what says nothing: NULL and a text of blanks.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The text, where it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()),
            _ => None,
        }
    }

    /// The number, also where a text writes it.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss)]
            Self::Integer(whole) => Some(*whole as f64),
            Self::Real(real) => Some(*real),
            Self::Text(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
            Self::Null | Self::Bytes => None,
        }
    }

    /// The value as a key: whole numbers are equal however they are stored; none for what is no key.
    pub(super) fn key(&self) -> Option<String> {
        match self {
            Self::Integer(whole) => Some(whole.to_string()),
            Self::Real(real) if real.fract() == 0.0 && real.abs() < 9e15 => {
                Some(format!("{real:.0}"))
            }
            Self::Real(real) => Some(real.to_string()),
            Self::Text(text) if !self.is_empty() => Some(text.clone()),
            _ => None,
        }
    }
}
