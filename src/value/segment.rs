//! Values of segments, and how many members they are computed from.

use super::Value;

/// A value of a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentValue {
    /// The value.
    pub value: Value,
    /// How many members have a value of what is averaged; the smallest number if there are several averages. `None` if
    /// the value contains no average.
    pub counted: Option<u64>,
}

impl SegmentValue {
    /// No value.
    pub const MISSING: Self = Self {
        value: Value::Missing,
        counted: None,
    };

    /// A value as read from storage.
    pub fn stored(number: Option<f64>, counted: Option<u64>) -> Self {
        Self {
            value: number.map_or(Value::Missing, Value::Number),
            counted,
        }
    }

    /// The value as a number; `None` if there is none to show.
    pub fn number(&self) -> Option<f64> {
        self.value.as_number()
    }

    /// How many of the `members` the average is computed from; `None` if it is all of them, or if there is no average.
    pub fn of_few(&self, members: u64) -> Option<u64> {
        self.counted.filter(|counted| *counted < members)
    }
}
