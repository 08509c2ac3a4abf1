//! Values of one type, one per row, with a mark for missing values.
//!
//! A column of length 1 stands for the same value in every row.

use crate::value::{Money, Truth, Type, Value};

/// Marks a missing instant or amount.
pub const MISSING_I64: i64 = i64::MIN;
/// Marks a missing date.
pub const MISSING_DATE: i32 = i32::MIN;

/// One value per row.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Finite numbers; NaN is missing.
    Number(Vec<f64>),
    /// Amounts in ten-thousandths of the currency unit; [`MISSING_I64`] is missing.
    Money(Vec<i64>),
    /// Texts.
    Text(TextColumn),
    /// Truth values; unknown is missing.
    Truth(Vec<Truth>),
    /// Days since 1970-01-01; [`MISSING_DATE`] is missing.
    Date(Vec<i32>),
    /// Microseconds since 1970-01-01T00:00:00Z; [`MISSING_I64`] is missing.
    Instant(Vec<i64>),
}

impl Column {
    /// The same value for every row. `ty` gives the type if the value is missing.
    pub fn constant(value: &Value, ty: Type) -> Self {
        match value {
            Value::Missing => Self::missing(ty),
            Value::Number(x) => Self::Number(vec![*x]),
            Value::Money(amount) => Self::Money(vec![amount.0]),
            Value::Text(text) => Self::Text(TextColumn::from_iter([Some(text)])),
            Value::Truth(truth) => Self::Truth(vec![*truth]),
            Value::Date(days) => Self::Date(vec![*days]),
            Value::Instant(micros) => Self::Instant(vec![*micros]),
        }
    }

    /// A column in which every row is missing.
    pub fn missing(ty: Type) -> Self {
        match ty {
            Type::Number => Self::Number(vec![f64::NAN]),
            Type::Money => Self::Money(vec![MISSING_I64]),
            Type::Text => Self::Text(TextColumn::from_iter([None::<&str>])),
            Type::Truth | Type::Missing | Type::Unknown => Self::Truth(vec![Truth::Unknown]),
            Type::Date => Self::Date(vec![MISSING_DATE]),
            Type::Instant => Self::Instant(vec![MISSING_I64]),
        }
    }

    /// A column of the given type. A value of another type becomes missing.
    pub fn of_values(ty: Type, values: impl IntoIterator<Item = Value>) -> Self {
        let values = values.into_iter();
        match ty {
            Type::Number => Self::Number(
                values
                    .map(|value| match value {
                        Value::Number(x) => x,
                        _ => f64::NAN,
                    })
                    .collect(),
            ),
            Type::Money => Self::Money(
                values
                    .map(|value| match value {
                        Value::Money(amount) => amount.0,
                        _ => MISSING_I64,
                    })
                    .collect(),
            ),
            Type::Text => Self::Text(
                values
                    .map(|value| match value {
                        Value::Text(text) => Some(text),
                        _ => None,
                    })
                    .collect(),
            ),
            Type::Truth | Type::Missing | Type::Unknown => Self::Truth(
                values
                    .map(|value| match value {
                        Value::Truth(truth) => truth,
                        _ => Truth::Unknown,
                    })
                    .collect(),
            ),
            Type::Date => Self::Date(
                values
                    .map(|value| match value {
                        Value::Date(days) => days,
                        _ => MISSING_DATE,
                    })
                    .collect(),
            ),
            Type::Instant => Self::Instant(
                values
                    .map(|value| match value {
                        Value::Instant(micros) => micros,
                        _ => MISSING_I64,
                    })
                    .collect(),
            ),
        }
    }

    /// Appends the values of a column of the same type.
    pub fn append(&mut self, next: Self) {
        match (self, next) {
            (Self::Number(values), Self::Number(next)) => values.extend(next),
            (Self::Money(values), Self::Money(next)) => values.extend(next),
            (Self::Instant(values), Self::Instant(next)) => values.extend(next),
            (Self::Text(values), Self::Text(next)) => values.append(&next),
            (Self::Truth(values), Self::Truth(next)) => values.extend(next),
            (Self::Date(values), Self::Date(next)) => values.extend(next),
            // Both columns hold the same type.
            _ => {}
        }
    }

    /// The type of the values.
    pub fn kind(&self) -> Type {
        match self {
            Self::Number(_) => Type::Number,
            Self::Money(_) => Type::Money,
            Self::Text(_) => Type::Text,
            Self::Truth(_) => Type::Truth,
            Self::Date(_) => Type::Date,
            Self::Instant(_) => Type::Instant,
        }
    }

    /// The length; 1 may stand for any number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Number(values) => values.len(),
            Self::Money(values) | Self::Instant(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::Truth(values) => values.len(),
            Self::Date(values) => values.len(),
        }
    }

    /// The value of a row; missing beyond the end.
    pub fn value(&self, row: usize) -> Value {
        let row = if self.len() == 1 { 0 } else { row };
        match self {
            Self::Number(values) => match values.get(row) {
                Some(x) if !x.is_nan() => Value::Number(*x),
                _ => Value::Missing,
            },
            Self::Money(values) => match values.get(row) {
                Some(&amount) if amount != MISSING_I64 => Value::Money(Money(amount)),
                _ => Value::Missing,
            },
            Self::Text(values) => match values.get(row) {
                Some(text) => Value::Text(text.to_owned()),
                None => Value::Missing,
            },
            Self::Truth(values) => values.get(row).map_or(Value::Missing, |t| Value::Truth(*t)),
            Self::Date(values) => match values.get(row) {
                Some(&days) if days != MISSING_DATE => Value::Date(days),
                _ => Value::Missing,
            },
            Self::Instant(values) => match values.get(row) {
                Some(&micros) if micros != MISSING_I64 => Value::Instant(micros),
                _ => Value::Missing,
            },
        }
    }

    /// The numbers; a single missing number if the column holds another type.
    pub(super) fn numbers(&self) -> &[f64] {
        match self {
            Self::Number(values) => values,
            _ => &[f64::NAN],
        }
    }

    /// The amounts; a single missing amount if the column holds another type.
    pub(super) fn amounts(&self) -> &[i64] {
        match self {
            Self::Money(values) => values,
            _ => &[MISSING_I64],
        }
    }

    /// The instants; a single missing instant if the column holds another type.
    pub(super) fn instants(&self) -> &[i64] {
        match self {
            Self::Instant(values) => values,
            _ => &[MISSING_I64],
        }
    }

    /// The dates; a single missing date if the column holds another type.
    pub(super) fn dates(&self) -> &[i32] {
        match self {
            Self::Date(values) => values,
            _ => &[MISSING_DATE],
        }
    }

    /// The truth values; a single unknown if the column holds another type.
    pub(super) fn truths(&self) -> &[Truth] {
        match self {
            Self::Truth(values) => values,
            _ => &[Truth::Unknown],
        }
    }

    /// The texts; none if the column holds another type (a column without texts is all missing).
    pub(super) fn texts(&self) -> Texts<'_> {
        match self {
            Self::Text(values) => Texts(Some(values)),
            _ => Texts(None),
        }
    }
}

/// A borrowed text column that may stand for one value in every row.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a>(Option<&'a TextColumn>);

impl<'a> Texts<'a> {
    /// The length; 1 may stand for any number of rows.
    pub(super) fn len(self) -> usize {
        self.0.map_or(1, TextColumn::len)
    }

    /// The text of a row.
    pub(super) fn get(self, row: usize) -> Option<&'a str> {
        let texts = self.0?;
        texts.get(if texts.len() == 1 { 0 } else { row })
    }
}

/// Texts stored in one buffer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    bytes: String,
    /// For each text, where it ends in `bytes`, and whether it is present.
    ends: Vec<(usize, bool)>,
}

impl<T: AsRef<str>> FromIterator<Option<T>> for TextColumn {
    fn from_iter<I: IntoIterator<Item = Option<T>>>(texts: I) -> Self {
        let mut column = Self::default();
        for text in texts {
            column.push(text.as_ref().map(AsRef::as_ref));
        }
        column
    }
}

impl TextColumn {
    /// Appends a text; `None` is missing.
    pub fn push(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            self.bytes.push_str(text);
        }
        self.ends.push((self.bytes.len(), text.is_some()));
    }

    /// Appends the texts of another column.
    pub fn append(&mut self, next: &Self) {
        let before = self.bytes.len();
        self.bytes.push_str(&next.bytes);
        let ends = next.ends.iter();
        self.ends
            .extend(ends.map(|(end, is_present)| (before + end, *is_present)));
    }

    /// The number of texts.
    pub fn len(&self) -> usize {
        self.ends.len()
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

    /// Removes all texts but keeps the allocated memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }
}
