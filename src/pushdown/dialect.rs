//! The differences between the SQL of databases.

use crate::language::ast::TextTest;
use crate::language::typed::Function;

/// What a column of a table holds, as far as SQL distinguishes its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Yes and no.
    Truth,
    /// Whole numbers of at most eight bytes.
    Integer,
    /// Floats of eight bytes.
    Real,
    /// Decimals with this many decimal places.
    Decimal(u32),
    /// Texts.
    Text,
    /// Calendar dates.
    Date,
    /// Times on a clock whose zone the database does not know.
    Local,
    /// Points in time.
    Instant,
}

/// A value that a database parses from texts, with a condition that holds if the database reads a text exactly as the
/// engine does.
#[derive(Debug, Clone)]
pub struct ReadText {
    /// The value in SQL.
    pub value: String,
    /// The condition in SQL.
    pub is_exact: String,
}

/// Packs whole numbers so that one bit each tells them apart.
#[derive(Debug, Clone)]
pub struct Packets {
    /// The packet of a number.
    pub of: String,
    /// How many distinct numbers the rows of a packet have: an aggregate.
    pub different: String,
}

/// The SQL of one kind of database. Arguments and results are SQL; `None` means that the database has no exact
/// equivalent.
pub trait Dialect: Sync {
    /// The name that people know it by.
    fn name(&self) -> &'static str;

    /// A quoted name.
    fn quoted(&self, name: &str) -> String;

    /// A quoted text.
    fn text(&self, text: &str) -> String;

    /// A finite number as a double.
    fn number(&self, x: f64) -> String;

    /// A number as a double.
    fn double(&self, x: &str) -> String;

    /// A decimal, converted to the nearest double.
    fn double_of_decimal(&self, x: &str) -> String {
        self.double(x)
    }

    /// A number without decimal places, as an eight-byte whole number.
    fn whole(&self, x: &str) -> String;

    /// An eight-byte whole number, widened so that sums of many fit.
    fn wide(&self, x: &str) -> String;

    /// A number as text, with all its digits and without an exponent.
    fn digits(&self, x: &str) -> String;

    /// A double; NULL if it is infinite or NaN.
    fn finite(&self, x: &str) -> String;

    /// A double rounded to nine decimals of its shortest decimal form, halves away from zero, as a decimal.
    fn nine_decimals(&self, x: &str) -> String;

    /// A condition: for this double, [`Dialect::nine_decimals`] may differ from the engine's; `None` if it never does.
    fn is_unclear(&self, x: &str) -> Option<String>;

    /// Whether sums of [`Dialect::nine_decimals`] are exact.
    fn sums_decimals(&self) -> bool;

    /// A [`Stored::Date`] as days since 1970-01-01.
    fn days(&self, date: &str) -> String;

    /// Microseconds since 1970-01-01T00:00: of a [`Stored::Local`] on its own clock, of a [`Stored::Instant`] in UTC.
    fn micros(&self, time: &str, stored: Stored) -> String;

    /// The reverse: a time in the years 1 to 9999, in the form that such a column stores; `None` if it is compared as a
    /// whole number.
    fn time(&self, micros: i64, stored: Stored) -> Option<String>;

    /// The remainder of a whole number divided by another one above 0: from 0 to less than the divisor.
    fn remainder(&self, n: &str, by: i64) -> String;

    /// The quotient of two whole numbers, rounded down; the divisor is above 0.
    fn floor_div(&self, n: &str, by: i64) -> String;

    /// Microseconds since 1970-01-01T00:00, read from a text such as `2026-03-11 18:30:00`.
    fn micros_of_text(&self, text: &str) -> Option<ReadText>;

    /// Days since 1970-01-01, read from a text such as `2026-03-11`.
    fn days_of_text(&self, text: &str) -> Option<ReadText>;

    /// A text that is compared and sorted by bytes.
    fn by_bytes(&self, text: &str) -> String;

    /// A text without surrounding white space, as keys are read.
    fn trimmed(&self, text: &str) -> String;

    /// The packet of 64 consecutive whole numbers that an eight-byte number belongs to, and how many distinct numbers
    /// of a packet the rows have; `None` if the dialect does not count this way.
    fn packets(&self, n: &str) -> Option<Packets>;

    /// Whether a text contains another one, or begins or ends with it.
    fn text_test(&self, test: TextTest, text: &str, part: &str) -> String;

    /// A call of a function of values.
    fn call(&self, function: Function, args: &[&str]) -> Option<String>;

    /// Whether a value is of another type than its column declares; `None` if that cannot happen.
    fn is_other(&self, column: &str, stored: Stored) -> Option<String>;

    /// The expression that sorts the rows of a table in the order in which they are read; `None` if they have no order.
    fn position(&self, table: &str) -> Option<String>;
}
