//! The values of the language and their types.

mod money;

pub use money::Money;

/// What kind of value an expression has.
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
    /// Not known because a table or column is gone or an error was already reported: fits any type,
    /// so that one mistake is told once.
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

/// An answer in three-valued logic, as in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Certainly not.
    No,
    /// Some value is missing, and the answer hangs on it.
    Unknown,
    /// Certainly.
    Yes,
}

/// One value.
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

/// How a column's stored values are read.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Deserialize,
    serde::Serialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// An IEEE double.
    Number,
    /// An exact amount with four decimal places.
    Money,
    /// Whole cents, read as money.
    Cents,
    /// Text.
    Text,
    /// 0/1, true/false, t/f, yes/no.
    Boolean,
    /// A calendar date: the first ten characters of its text.
    Date,
    /// A point in time: ISO text, or seconds or milliseconds by size.
    Instant,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
}

impl ColumnType {
    /// The language's type of the values read.
    pub fn value_type(self) -> Type {
        match self {
            Self::Number => Type::Number,
            Self::Money | Self::Cents => Type::Money,
            Self::Text => Type::Text,
            Self::Boolean => Type::Truth,
            Self::Date => Type::Date,
            Self::Instant | Self::Unix | Self::UnixMs => Type::Instant,
        }
    }
}
