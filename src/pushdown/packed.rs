//! Times and keys in one number each: the largest of a group is found in one pass, in which a window has to sort.

use super::dialect::Dialect;

/// More whole numbers than there are of eight bytes.
const KEYS: &str = "20000000000000000000";
/// What makes each of them positive.
const LEAST_KEY: &str = "9223372036854775808";
/// The first microsecond that four digits of a year can write, from which times are counted.
const FIRST: i64 = -62_135_596_800_000_000;

/// A row's time in microseconds, within four digits of a year, and its key, a whole number of eight bytes, as one number of 38
/// digits at most: rows are in order by it as by their times and then their keys.
pub(super) struct Packed {
    /// The number; NULL where a row has no time or no key.
    pub(super) sql: String,
    /// The key.
    pub(super) key: String,
}

impl Packed {
    pub(super) fn new(micros: &str, key: &str, dialect: &dyn Dialect) -> Self {
        let (when, wide) = (
            dialect.wide(&format!("({micros} + {})", -FIRST)),
            dialect.wide(key),
        );
        Self {
            sql: format!("({when} * {KEYS} + ({wide} + {LEAST_KEY}))"),
            key: key.to_owned(),
        }
    }

    /// The key in such a number.
    pub(super) fn key_of(number: &str, dialect: &dyn Dialect) -> String {
        dialect.whole(&format!("({number} % {KEYS} - {LEAST_KEY})"))
    }
}
