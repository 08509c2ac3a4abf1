//! Stored values, before the type of their column is known.

use std::borrow::Cow;
use std::fmt::{Display, Formatter, Result};

/// How many characters of an odd value are shown.
const SHOWN: usize = 60;

/// A stored value, borrowed from a connector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// A text. It may not be valid UTF-8.
    Text(&'a [u8]),
    /// Bytes that are not a text.
    Blob(&'a [u8]),
}

/// An owned [`Cell`].
#[derive(Debug, Clone, PartialEq)]
pub enum OwnedCell {
    /// NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// A text. It may not be valid UTF-8.
    Text(Box<[u8]>),
    /// Bytes that are not a text.
    Blob(Box<[u8]>),
}

impl<'a> Cell<'a> {
    /// The value as the text that rules see: a whole number without decimals, however it is stored. `None` for NULL and
    /// for bytes that are not a text.
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Integer(whole) => Some(whole.to_string().into()),
            // Adding 0 drops the sign of a negative zero.
            Self::Real(real) => Some((real + 0.0).to_string().into()),
            Self::Text(text) => std::str::from_utf8(text).ok().map(Cow::Borrowed),
            Self::Null | Self::Blob(_) => None,
        }
    }
}

impl OwnedCell {
    /// Borrows the cell.
    #[inline]
    pub fn lent(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Integer(value) => Cell::Integer(*value),
            Self::Real(value) => Cell::Real(*value),
            Self::Text(text) => Cell::Text(text),
            Self::Blob(bytes) => Cell::Blob(bytes),
        }
    }

    /// The text, if it is valid UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => std::str::from_utf8(text).ok(),
            _ => None,
        }
    }
}

impl From<Cell<'_>> for OwnedCell {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Integer(value) => Self::Integer(value),
            Cell::Real(value) => Self::Real(value),
            Cell::Text(text) => Self::Text(text.into()),
            Cell::Blob(bytes) => Self::Blob(bytes.into()),
        }
    }
}

/// Shortened, for people to read.
impl Display for Cell<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Null => f.write_str("nothing"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Real(value) => write!(f, "{value}"),
            Self::Text(text) => {
                let text = String::from_utf8_lossy(text);
                let mut short: String = text.chars().take(SHOWN).collect();
                if short.len() < text.len() {
                    short.push('…');
                }
                write!(f, "{short:?}")
            }
            Self::Blob(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}
