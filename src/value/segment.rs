//! What is said of many: a value, and how many it is of.

use super::Value;

/// A value of a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentValue {
    /// How much.
    pub value: Value,
    /// How many members the average in it is of: those who have what is averaged. Of several averages, the one
    /// of the fewest. None where there is no average in it.
    pub counted: Option<u64>,
}

impl SegmentValue {
    /// Nothing to show.
    pub const MISSING: Self = Self {
        value: Value::Missing,
        counted: None,
    };

    /// A value as it is stored.
    pub fn stored(number: Option<f64>, counted: Option<u64>) -> Self {
        Self {
            value: number.map_or(Value::Missing, Value::Number),
            counted,
        }
    }

    /// The value as a number; none where there is nothing to show.
    pub fn number(&self) -> Option<f64> {
        self.value.as_number()
    }

    /// Of how many of so many members the average in it is; none where it is of all, or there is none.
    pub fn of_few(&self, members: u64) -> Option<u64> {
        self.counted.filter(|counted| *counted < members)
    }
}
