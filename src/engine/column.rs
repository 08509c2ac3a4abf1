//! Values of one type, one per row, with a mark for the missing.
//!
//! A column of length 1 stands for the same value in every row.

use crate::value::Truth;

/// The mark of a missing instant or amount.
pub const MISSING_I64: i64 = i64::MIN;
/// The mark of a missing date.
pub const MISSING_DATE: i32 = i32::MIN;

/// One value per row.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Finite numbers; NaN is missing.
    Number(Vec<f64>),
    /// Ten-thousandths of the currency unit; [`MISSING_I64`] is missing.
    Money(Vec<i64>),
    /// Texts.
    Text(TextColumn),
    /// Answers; unknown is missing.
    Truth(Vec<Truth>),
    /// Days since 1970-01-01; [`MISSING_DATE`] is missing.
    Date(Vec<i32>),
    /// Microseconds since 1970-01-01T00:00:00Z; [`MISSING_I64`] is missing.
    Instant(Vec<i64>),
}

/// Texts in one buffer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    bytes: String,
    /// End of each text in `bytes`, and whether it is present.
    ends: Vec<(usize, bool)>,
}

impl TextColumn {
    /// Appends one; `None` is missing.
    pub fn push(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            self.bytes.push_str(text);
        }
        self.ends.push((self.bytes.len(), text.is_some()));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a row.
    pub fn get(&self, row: usize) -> Option<&str> {
        let (end, present) = *self.ends.get(row)?;
        let start = match row.checked_sub(1) {
            Some(before) => self.ends.get(before)?.0,
            None => 0,
        };
        if present {
            self.bytes.get(start..end)
        } else {
            None
        }
    }

    /// Forgets all texts and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }
}
