//! The forms of values in SQL, and how they convert to values of the language.

use std::cmp::Ordering;

use chrono_tz::Tz;

use super::dialect::{Dialect, Stored};
use crate::engine::Cell;
use crate::time::{DAY, local_micros, resolve};
use crate::value::{Money, Truth, Type, Value, number};

/// The first and last day that can be written with a four-digit year.
pub(super) const WRITABLE: [i64; 2] = [-719_162, 2_932_896];

/// The form of a [`Term`]'s values in SQL. In each form, NULL is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Finite doubles.
    Number,
    /// Whole numbers: ten-thousandths of the currency unit.
    Money,
    /// Texts, compared by bytes.
    Text,
    /// Yes, no and unknown.
    Truth,
    /// Whole numbers: days since 1970-01-01.
    Days,
    /// Whole numbers: microseconds since 1970-01-01T00:00 on a zone's clock.
    Micros(Tz),
    /// Such times as a column stores them. For servers, converting to microseconds costs as much as comparing.
    Time(Stored, Tz),
}

/// An expression in SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) sql: String,
    pub(super) form: Form,
}

impl Term {
    /// Converts times to whole numbers and leaves everything else as it is.
    pub(super) fn counted(&self, dialect: &dyn Dialect) -> Self {
        match self.form {
            Form::Time(stored, zone) => Self {
                sql: dialect.micros(&self.sql, stored),
                form: Form::Micros(zone),
            },
            _ => self.clone(),
        }
    }

    /// A condition that compares it with a whole number of its form.
    pub(super) fn is(&self, by: &str, bound: i64, dialect: &dyn Dialect) -> String {
        match self.form.literal_of(bound, dialect) {
            Some(bound) => format!("{} {by} {bound}", self.sql),
            None => format!("{} {by} {}", self.counted(dialect).sql, whole(bound)),
        }
    }

    /// The SQL to compare with a value, and the value's bounds; `None` if [`Form::bounds`] is.
    pub(super) fn bounds(&self, value: &Value, dialect: &dyn Dialect) -> Option<(String, Bounds)> {
        let bounded = |term: Self| Some((term.form.bounds(value, dialect)?, term.sql));
        let found = bounded(self.clone()).or_else(|| bounded(self.counted(dialect)));
        found.map(|(bounds, sql)| (sql, bounds))
    }
}

/// Where the values that are equal to another one begin, and where those after them begin: both in SQL.
pub(super) struct Bounds {
    pub(super) from: String,
    pub(super) behind: String,
}

impl Form {
    /// The form of values of a type that Rust has computed.
    pub(super) fn of(ty: Type) -> Self {
        match ty {
            Type::Number => Self::Number,
            Type::Money => Self::Money,
            Type::Text => Self::Text,
            Type::Truth | Type::Missing | Type::Unknown => Self::Truth,
            Type::Date => Self::Days,
            Type::Instant => Self::Micros(Tz::UTC),
        }
    }

    /// A cell as a value of the language; missing if the cell is in another form.
    pub(super) fn read(self, cell: Cell<'_>) -> Value {
        match (self, cell) {
            (Self::Number, Cell::Real(x)) if x.is_finite() => Value::Number(x),
            (Self::Number, Cell::Integer(x)) => Value::Number(x as f64),
            (Self::Money, Cell::Integer(amount)) => Value::Money(Money(amount)),
            (Self::Text, Cell::Text(text)) => match std::str::from_utf8(text) {
                Ok(text) => Value::Text(text.to_owned()),
                Err(_) => Value::Missing,
            },
            (Self::Truth, Cell::Integer(truth)) => Value::Truth(Truth::certain(truth != 0)),
            (Self::Days, Cell::Integer(days)) => {
                i32::try_from(days).map_or(Value::Missing, Value::Date)
            }
            (Self::Micros(zone) | Self::Time(_, zone), Cell::Integer(micros)) => {
                Value::Instant(instant(micros, zone))
            }
            _ => Value::Missing,
        }
    }

    /// A value as an SQL literal; `None` if it is in another form, or missing.
    pub(super) fn literal(self, value: &Value, dialect: &dyn Dialect) -> Option<String> {
        Some(match (self, value) {
            (Self::Number, Value::Number(x)) => dialect.number(*x),
            (Self::Money, Value::Money(amount)) => whole(amount.0),
            (Self::Text, Value::Text(text)) => dialect.text(text),
            (Self::Truth, Value::Truth(Truth::Yes)) => "TRUE".to_owned(),
            (Self::Truth, Value::Truth(Truth::No)) => "FALSE".to_owned(),
            (Self::Days, Value::Date(days)) => whole(i64::from(*days)),
            (Self::Micros(zone), Value::Instant(instant)) => whole(from(*instant, zone)),
            _ => return None,
        })
    }

    /// The zone on whose clock times are; `None` for anything other than a time.
    pub(super) fn zone(self) -> Option<Tz> {
        match self {
            Self::Micros(zone) | Self::Time(_, zone) => Some(zone),
            _ => None,
        }
    }

    /// A whole number as an SQL literal that values of this form compare with; `None` if they must be converted first.
    fn literal_of(self, bound: i64, dialect: &dyn Dialect) -> Option<String> {
        let Self::Time(stored, _) = self else {
            return Some(whole(bound));
        };
        let [first, last] = WRITABLE;
        let is_writable = (first..=last).contains(&bound.div_euclid(DAY));
        is_writable.then(|| dialect.time(bound, stored)).flatten()
    }

    /// How values of this form compare with a value: those from `from` on are not less, those from `behind` on are
    /// greater. `None` for texts and truth values, which are compared directly.
    pub(super) fn bounds(self, value: &Value, dialect: &dyn Dialect) -> Option<Bounds> {
        let between = |from: i64, behind: i64| Bounds {
            from: whole(from),
            behind: whole(behind),
        };
        Some(match (self, value) {
            (Self::Number, Value::Number(x)) => Bounds {
                from: dialect.number(least(*x, |order| order != Ordering::Less)),
                behind: dialect.number(least(*x, |order| order == Ordering::Greater)),
            },
            (Self::Money, Value::Money(amount)) => between(amount.0, amount.0.saturating_add(1)),
            (Self::Days, Value::Date(days)) => between(i64::from(*days), i64::from(*days) + 1),
            (Self::Micros(zone) | Self::Time(_, zone), Value::Instant(instant)) => {
                let [start, behind] = [*instant, instant.saturating_add(1)];
                let bound = |at| self.literal_of(from(at, zone), dialect);
                Bounds {
                    from: bound(start)?,
                    behind: bound(behind)?,
                }
            }
            _ => return None,
        })
    }
}

/// A whole number in SQL.
pub(super) fn whole(n: i64) -> String {
    match n {
        0.. => n.to_string(),
        // Without parentheses, two signs could follow each other and begin a comment.
        _ => format!("({n})"),
    }
}

/// The first time on a zone's clock that is not before an instant.
pub(super) fn from(at: i64, zone: Tz) -> i64 {
    if zone == Tz::UTC {
        return at;
    }
    let shown = local_micros(at, zone);
    if resolve(shown, zone) == at && resolve(shown.saturating_sub(1), zone) < at {
        return shown;
    }
    // No clock has ever been changed by more than this.
    const FAR: i64 = 26 * 3_600 * 1_000_000;
    let (mut before, mut there) = (shown.saturating_sub(FAR), shown.saturating_add(FAR));
    while there - before > 1 {
        let middle = before + (there - before) / 2;
        match resolve(middle, zone) >= at {
            true => there = middle,
            false => before = middle,
        }
    }
    there
}

/// The instant of a time on a zone's clock.
pub(super) fn instant(micros: i64, zone: Tz) -> i64 {
    match zone {
        Tz::UTC => micros,
        zone => resolve(micros, zone),
    }
}

/// The smallest double that compares in this way with another one.
fn least(x: f64, is_so: impl Fn(Ordering) -> bool) -> f64 {
    let is = |candidate: f64| number::order(candidate, x).is_some_and(&is_so);
    let (mut before, mut there) = (key(x - 1.0), key(x + 1.0));
    // Beyond 2^53, adding 1 may not change a double, so the neighbouring double is used.
    if number_of(before) == x {
        before = key(x) - 1;
    }
    if number_of(there) == x {
        there = key(x) + 1;
    }
    while there - before > 1 {
        let middle = before + (there - before) / 2;
        match is(number_of(middle)) {
            true => there = middle,
            false => before = middle,
        }
    }
    number_of(there)
}

/// A double's bits as an integer that sorts as the number does.
fn key(x: f64) -> i64 {
    turned((x + 0.0).to_bits().cast_signed())
}

fn number_of(key: i64) -> f64 {
    f64::from_bits(turned(key).cast_unsigned())
}

/// Reverses the order of negative values. Applying it twice restores the original.
fn turned(bits: i64) -> i64 {
    bits ^ (((bits >> 63).cast_unsigned() >> 1).cast_signed())
}
