//! Stored values, before anything is known of the column's type.

use std::borrow::Cow;
use std::fmt::{Display, Formatter, Result};

/// How much of an odd value is shown, in characters.
const SHOWN: usize = 60;

/// A stored value as a connector lends it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// A text, in UTF-8 if the program that wrote it was careful.
    Text(&'a [u8]),
    /// Bytes that were never meant to be a text.
    Blob(&'a [u8]),
}

/// A [`Cell`] to keep.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnedCell {
    /// NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// A text, not always in UTF-8.
    Text(Box<[u8]>),
    /// Bytes that were never meant to be a text.
    Blob(Box<[u8]>),
}

impl<'a> Cell<'a> {
    /// The value as a text, as rules see it: a whole number without decimals, however it is stored. None for NULL and
    /// for bytes that are no text.
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Integer(whole) => Some(whole.to_string().into()),
            // Zero has no sign as a text.
            Self::Real(real) => Some((real + 0.0).to_string().into()),
            Self::Text(text) => std::str::from_utf8(text).ok().map(Cow::Borrowed),
            Self::Null | Self::Blob(_) => None,
        }
    }
}

impl OwnedCell {
    /// The cell, lent.
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

    /// The text, where it is one in UTF-8.
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

/// For people, shortened.
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
