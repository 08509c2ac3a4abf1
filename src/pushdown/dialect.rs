//! What differs between the SQLs of databases.

use crate::language::ast::TextTest;
use crate::language::typed::Function;

/// What a column of a table holds, as far as SQL tells values of it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Yes and no.
    Truth,
    /// Whole numbers of eight bytes at most.
    Integer,
    /// Floats of eight bytes.
    Real,
    /// Decimals with so many places.
    Decimal(u32),
    /// Texts.
    Text,
    /// Calendar dates.
    Date,
    /// Times on a clock that the database does not know.
    Local,
    /// Points in time.
    Instant,
}

/// A value that a database reads out of texts, and a condition that holds where each text is one that it reads exactly as the
/// engine does.
#[derive(Debug, Clone)]
pub struct ReadText {
    /// The value in SQL.
    pub value: String,
    /// The condition in SQL.
    pub is_exact: String,
}

/// Whole numbers told apart by a bit each.
#[derive(Debug, Clone)]
pub struct Packets {
    /// The packet of a number.
    pub of: String,
    /// How many different numbers the rows of one packet have: an aggregate.
    pub different: String,
}

/// The SQL of a kind of database. Arguments are SQL, and so are answers; where an answer is none, the database has nothing that
/// is exactly that.
pub trait Dialect: Sync {
    /// What people call it.
    fn name(&self) -> &'static str;

    /// A name in quotes.
    fn quoted(&self, name: &str) -> String;

    /// A text in quotes.
    fn text(&self, text: &str) -> String;

    /// A finite number as a double.
    fn number(&self, x: f64) -> String;

    /// A number as a double.
    fn double(&self, x: &str) -> String;

    /// A decimal as the double that is nearest to it.
    fn double_of_decimal(&self, x: &str) -> String {
        self.double(x)
    }

    /// A number without places as a whole number of eight bytes.
    fn whole(&self, x: &str) -> String;

    /// A whole number of eight bytes with room for sums of many such.
    fn wide(&self, x: &str) -> String;

    /// A number as a text that has all its digits and no exponent.
    fn digits(&self, x: &str) -> String;

    /// A double; NULL where it is infinite or no number.
    fn finite(&self, x: &str) -> String;

    /// A double to nine decimals of its shortest decimal form, halves away from zero, as a decimal.
    fn nine_decimals(&self, x: &str) -> String;

    /// A condition: of a double [`Dialect::nine_decimals`] may be other ones than the engine's; none where it never are.
    fn is_unclear(&self, x: &str) -> Option<String>;

    /// Whether sums of [`Dialect::nine_decimals`] are exact.
    fn sums_decimals(&self) -> bool;

    /// Days since 1970-01-01 of a [`Stored::Date`].
    fn days(&self, date: &str) -> String;

    /// Microseconds since 1970-01-01T00:00 of a [`Stored::Local`] on its clock, or of a [`Stored::Instant`] in UTC.
    fn micros(&self, time: &str, stored: Stored) -> String;

    /// The same backwards: a time of the years 1 to 9999 as a column that stores such has it; none where it is compared as a whole number.
    fn time(&self, micros: i64, stored: Stored) -> Option<String>;

    /// What is left of a whole number by another one above 0: from 0 up to below that.
    fn remainder(&self, n: &str, by: i64) -> String;

    /// The quotient of whole numbers, rounded down; the divisor is above 0.
    fn floor_div(&self, n: &str, by: i64) -> String;

    /// Microseconds since 1970-01-01T00:00 of a text such as `2026-03-11 18:30:00`.
    fn micros_of_text(&self, text: &str) -> Option<ReadText>;

    /// Days since 1970-01-01 of a text such as `2026-03-11`.
    fn days_of_text(&self, text: &str) -> Option<ReadText>;

    /// A text that is compared and sorted by its bytes.
    fn by_bytes(&self, text: &str) -> String;

    /// A text without the white space around it, as keys are read.
    fn trimmed(&self, text: &str) -> String;

    /// Which packet of 64 consecutive whole numbers one of eight bytes belongs to, and how many different ones of a packet rows have;
    /// none where that is not counted so.
    fn packets(&self, n: &str) -> Option<Packets>;

    /// Whether a text contains another one, begins or ends with it.
    fn text_test(&self, test: TextTest, text: &str, part: &str) -> String;

    /// A call of a function of values.
    fn call(&self, function: Function, args: &[&str]) -> Option<String>;

    /// Whether a value is other than its column is declared for; none where that cannot be.
    fn is_other(&self, column: &str, stored: Stored) -> Option<String>;

    /// What puts the rows of a table in the order in which they are read; none where they have no order.
    fn position(&self, table: &str) -> Option<String>;
}
