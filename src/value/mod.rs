//! The values of the language and their types.

mod collation;
mod column_type;
mod currency;
mod key_match;
pub mod key_names;
mod money;
mod notation;
pub mod number;
mod placeholder;
mod row_mark;
mod segment;
mod share;
mod terms;
mod words;

use std::hash::{Hash, Hasher};

pub use collation::folded;
pub use column_type::ColumnType;
pub use currency::{Currency, currency_form, currency_forms, is_currency_code, meant_among};
pub use key_match::{KeyMatch, loose_key};
pub use money::{Money, ReadMoney, currency_sign};
pub use notation::Notation;
pub use placeholder::is_placeholder;
pub use row_mark::{ByMark, HalfMarks, Marks, RowMark};
pub use segment::SegmentValue;
pub use share::Share;
pub use terms::Terms;
pub use words::{capitalised, is_same_name};

/// The type of an expression's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// An IEEE double.
    Number,
    /// An exact amount with four decimal places.
    Money,
    /// Text.
    Text,
    /// Yes, no or unknown.
    Truth,
    /// A calendar date.
    Date,
    /// A point in time.
    Instant,
    /// The literal `missing`: fits any type.
    Missing,
    /// Not known because a table or column is gone, or an error was already reported. It fits any type, so that one
    /// mistake is reported only once.
    Unknown,
}

impl Type {
    /// The type in the words of the language reference.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Money => "money",
            Self::Text => "text",
            Self::Truth => "yes/no",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }
}

/// A truth value in three-valued logic, as in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Certainly not.
    No,
    /// Unknown, because the answer depends on a missing value.
    Unknown,
    /// Certainly.
    Yes,
}

impl Truth {
    /// Yes or no.
    #[inline]
    pub fn certain(answer: bool) -> Self {
        if answer { Self::Yes } else { Self::No }
    }

    /// Yes only if both are yes; no if either is no.
    #[must_use]
    #[inline]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Yes if either is yes; no only if both are no.
    #[must_use]
    #[inline]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// The opposite; unknown stays unknown.
    #[must_use]
    #[inline]
    pub fn negated(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Missing,
    /// A finite number.
    Number(f64),
    /// An exact amount.
    Money(Money),
    /// A text.
    Text(String),
    /// Yes, no or unknown.
    Truth(Truth),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
}

/// Hashes by bits, so numbers that are equal may have different hashes, such as `0` and `-0`.
impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Missing => {}
            Self::Number(number) => number.to_bits().hash(state),
            Self::Money(money) => money.hash(state),
            Self::Text(text) => text.hash(state),
            Self::Truth(truth) => truth.hash(state),
            Self::Date(days) => days.hash(state),
            Self::Instant(micros) => micros.hash(state),
        }
    }
}

impl Value {
    /// A number or an amount in units of the currency, as history stores it; `None` for any other type.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Money(amount) => Some(amount.to_f64()),
            _ => None,
        }
    }

    /// True if there is no value; unknown counts as missing.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing | Self::Truth(Truth::Unknown))
    }
}

impl std::fmt::Display for Value {
    /// In the language's notation: `0.75`, `12.50`, `yes`, `2025-06-01`; instants in UTC.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Number(x) => write!(f, "{}", number::to_nine_decimals(*x)),
            Self::Money(amount) => write!(f, "{amount}"),
            Self::Text(text) => f.write_str(text),
            Self::Truth(Truth::Yes) => f.write_str("yes"),
            Self::Truth(Truth::No) => f.write_str("no"),
            Self::Truth(Truth::Unknown) => f.write_str("unknown"),
            Self::Date(days) => match chrono::NaiveDate::from_epoch_days(*days) {
                Some(date) => write!(f, "{date}"),
                None => f.write_str("a date out of range"),
            },
            Self::Instant(micros) => match chrono::DateTime::from_timestamp_micros(*micros) {
                Some(at) => f.write_str(&at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
                None => f.write_str("an instant out of range"),
            },
        }
    }
}

/// What the keys of subjects are: all of them the same.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Deserialize,
    serde::Serialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum KeyType {
    /// Whole numbers.
    Number,
    /// Texts; a whole number is read as the text that writes it.
    Text,
}
