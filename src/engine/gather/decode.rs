//! Converts stored values to values of the language, by the type of the column.

use chrono_tz::Tz;

use crate::engine::Cell;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::engine::{Column, TextColumn};
use crate::time::{
    InstantReader, Stored, TimeForms, instant_of_milliseconds, instant_of_seconds, is_seconds,
    read_date,
};
use crate::value::{ColumnType, Currency, Money, Notation, Truth, Type, Value, is_placeholder};

/// Whole numbers up to this limit are exact.
const EXACT: u64 = 1 << 53;

/// How well a stored value fits its column's type. One byte, because each value that is kept has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit(u8);

impl Fit {
    /// The value fits.
    pub(super) const GOOD: Self = Self(0);
    /// A time as text.
    pub(super) const TEXT: Self = Self(1);
    /// A time as seconds.
    pub(super) const SECONDS: Self = Self(2);
    /// A time as milliseconds.
    pub(super) const MILLISECONDS: Self = Self(3);
    /// A time as a number, in a form that config states.
    pub(super) const COUNTED: Self = Self(4);
    /// Read with a loss of precision.
    pub(super) const INEXACT: Self = Self(5);
    /// No value.
    pub(super) const MISSING: Self = Self(6);
    /// A placeholder for "no value" that some program writes: `N/A`, `0000-00-00`.
    pub(super) const PLACEHOLDER: Self = Self(7);
    /// A value of another type; read as missing.
    pub(super) const MISFIT: Self = Self(8);
    /// A time with day and month swapped; read as missing.
    pub(super) const SWAPPED: Self = Self(9);

    /// The number of fits without a currency. After them come the good fits of each currency, then those read with a
    /// loss.
    const PLAIN: u8 = 10;
    /// The number of fits.
    pub(super) const COUNT: usize = Self::PLAIN as usize + 2 * Currency::COUNT;

    /// The same fit for an amount with a currency beside it. What cannot be read counts for no currency.
    pub(super) fn beside(self, currency: Currency) -> Self {
        let place = Self::PLAIN + currency as u8;
        match self {
            Self::GOOD => Self(place),
            Self::INEXACT => Self(place + Currency::COUNT as u8),
            fit => fit,
        }
    }

    /// Whether this is the fit of an amount with a currency beside it.
    #[inline]
    pub(super) fn has_currency(self) -> bool {
        self.0 >= Self::PLAIN
    }

    /// Its place among all fits.
    #[inline]
    pub(super) fn place(self) -> usize {
        usize::from(self.0)
    }

    /// Whether there is a value that cannot be read.
    pub(super) fn is_unread(self) -> bool {
        matches!(self, Self::MISFIT | Self::SWAPPED)
    }
}

type Read<T> = (Option<T>, Fit);

/// An empty column for values of this type, with room for a batch.
pub(super) fn empty(ty: ColumnType) -> Column {
    match ty.value_type() {
        Type::Number => Column::Number(Vec::new()),
        Type::Money => Column::Money(Vec::new()),
        Type::Text => Column::Text(TextColumn::default()),
        Type::Date => Column::Date(Vec::new()),
        Type::Instant => Column::Instant(Vec::new()),
        Type::Truth | Type::Missing | Type::Unknown => Column::Truth(Vec::new()),
    }
}

/// Empties a column but keeps the allocated memory.
pub(super) fn clear(column: &mut Column) {
    match column {
        Column::Number(values) => values.clear(),
        Column::Money(values) | Column::Instant(values) => values.clear(),
        Column::Text(values) => values.clear(),
        Column::Truth(values) => values.clear(),
        Column::Date(values) => values.clear(),
    }
}

/// Reads a stored value as the type of its column; missing if it is not of that type.
pub fn read_cell(cell: Cell<'_>, ty: ColumnType, zone: Tz) -> Value {
    let mut column = empty(ty);
    push(&mut column, cell, ty, &mut InstantReader::new(zone));
    column.value(0)
}

/// Appends a stored value. In a column of instants whose type is a date, the midnight of each date is stored.
#[inline]
pub(super) fn push(
    column: &mut Column,
    value: Cell<'_>,
    ty: ColumnType,
    times: &mut InstantReader,
) -> Fit {
    match column {
        Column::Instant(values) => {
            let (read, fit) = instant(value, ty, times);
            values.push(read.unwrap_or(MISSING_I64));
            fit
        }
        Column::Number(values) => {
            let (read, fit) = match ty {
                ColumnType::NumberAs(notation) => written_number(value, notation),
                _ => number(value),
            };
            values.push(read.unwrap_or(f64::NAN));
            fit
        }
        Column::Money(values) => {
            let (read, fit) = match ty {
                ColumnType::MoneyAs(notation) => written_money(value, notation),
                _ => money(value, ty == ColumnType::Cents),
            };
            values.push(read.map_or(MISSING_I64, |amount| amount.0));
            fit
        }
        Column::Text(values) => push_text(values, value),
        Column::Truth(values) => {
            let (read, fit) = truth(value);
            values.push(read.unwrap_or(Truth::Unknown));
            fit
        }
        Column::Date(values) => {
            let (read, fit) = date(value, ty);
            values.push(read.unwrap_or(MISSING_DATE));
            fit
        }
    }
}

fn good<T>(value: T) -> Read<T> {
    (Some(value), Fit::GOOD)
}

/// NULL and empty text are missing; anything else that gets here is of another type.
fn other<T>(value: Cell<'_>) -> Read<T> {
    let fit = match value {
        Cell::Null => Fit::MISSING,
        Cell::Text(text) => match text.trim_ascii() {
            [] => Fit::MISSING,
            text if is_placeholder(text) => Fit::PLACEHOLDER,
            _ => Fit::MISFIT,
        },
        _ => Fit::MISFIT,
    };
    (None, fit)
}

/// The same for a value that is not a time in any of the given forms.
fn no_time<T>(value: Cell<'_>, forms: TimeForms) -> Read<T> {
    let is_swapped = || stored(value).is_some_and(|stored| forms.reads_swapped(stored));
    match other(value) {
        (none, Fit::MISFIT) if is_swapped() => (none, Fit::SWAPPED),
        none => none,
    }
}

fn number(value: Cell<'_>) -> Read<f64> {
    match value {
        Cell::Integer(whole) => number_of_integer(whole),
        Cell::Real(real) if real.is_finite() => good(real),
        Cell::Text(text) => match numeric(text) {
            Some(text) => match (text.parse(), text.parse::<f64>()) {
                (Ok(whole), _) => number_of_integer(whole),
                (_, Ok(real)) if real.is_finite() => good(real),
                _ => (None, Fit::MISFIT),
            },
            None => other(value),
        },
        _ => other(value),
    }
}

/// Reads text in a notation; numbers are taken as they are.
fn written_number(value: Cell<'_>, notation: Notation) -> Read<f64> {
    match value {
        Cell::Text(text) => match plain(text, |text| notation.number(text)) {
            Some(plain) => number(Cell::Text(plain.as_bytes())),
            None => other(value),
        },
        _ => number(value),
    }
}

/// Reads text in a notation; numbers are taken as they are.
fn written_money(value: Cell<'_>, notation: Notation) -> Read<Money> {
    match value {
        Cell::Text(text) => match plain(text, |text| notation.amount(text)) {
            Some(plain) => {
                let (amount, fit) = money(Cell::Text(plain.as_bytes()), false);
                let beside = currency(text).map(|currency| fit.beside(currency));
                (amount, beside.unwrap_or(fit))
            }
            None => other(value),
        },
        _ => money(value, false),
    }
}

/// The currency in a text that has digits.
fn currency(text: &[u8]) -> Option<Currency> {
    // Most amounts begin and end with a digit.
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    if is_plain(text.first()) && is_plain(text.last()) {
        return None;
    }
    Currency::in_amount(std::str::from_utf8(text).ok()?)
}

fn plain(text: &[u8], read: impl Fn(&str) -> Option<String>) -> Option<String> {
    read(std::str::from_utf8(text).ok()?)
}

fn number_of_integer(whole: i64) -> Read<f64> {
    let exact = whole.unsigned_abs() <= EXACT;
    let fit = if exact { Fit::GOOD } else { Fit::INEXACT };
    (Some(whole as f64), fit)
}

/// The text, if it begins like a number (and is neither `inf` nor `nan`).
fn numeric(text: &[u8]) -> Option<&str> {
    let text = text.trim_ascii();
    let digit = text.iter().find(|c| !matches!(c, b'+' | b'-' | b'.'))?;
    digit.is_ascii_digit().then_some(())?;
    std::str::from_utf8(text).ok()
}

fn money(value: Cell<'_>, cents: bool) -> Read<Money> {
    let read = match value {
        Cell::Integer(whole) if cents => Money::from_cents(whole).map(|amount| (amount, false)),
        Cell::Integer(whole) => {
            Money::from_i128(i128::from(whole) * 10_000).map(|amount| (amount, false))
        }
        Cell::Real(real) => Money::from_f64(real).map(|read| (read.amount, read.lossy)),
        Cell::Text(text) => match numeric(text).and_then(Money::parse) {
            Some(read) => Some((read.amount, read.lossy)),
            None => return other(value),
        },
        Cell::Null | Cell::Blob(_) => return other(value),
    };
    let read = match (read, value) {
        // Cents with a fraction, or as text: the amount is a hundredth of the written number.
        (Some((amount, lossy)), Cell::Real(_) | Cell::Text(_)) if cents => {
            let hundredth = amount.over(100.0);
            hundredth.map(|exact| (exact, lossy || amount.0 % 100 != 0))
        }
        (read, _) => read,
    };
    match read {
        Some((amount, false)) => good(amount),
        Some((amount, true)) => (Some(amount), Fit::INEXACT),
        None => (None, Fit::MISFIT),
    }
}

fn push_text(values: &mut TextColumn, value: Cell<'_>) -> Fit {
    let text = value.text();
    values.push(text.as_deref());
    match (text, value) {
        (Some(_), _) => Fit::GOOD,
        (None, Cell::Null) => Fit::MISSING,
        (None, _) => Fit::MISFIT,
    }
}

fn truth(value: Cell<'_>) -> Read<Truth> {
    let is = |text: &[u8], words: [&str; 4]| {
        let text = text.trim_ascii();
        words
            .iter()
            .any(|w| text.eq_ignore_ascii_case(w.as_bytes()))
    };
    match value {
        Cell::Integer(0) => good(Truth::No),
        Cell::Integer(1) => good(Truth::Yes),
        Cell::Real(0.0) => good(Truth::No),
        Cell::Real(1.0) => good(Truth::Yes),
        Cell::Text(text) if is(text, ["1", "true", "t", "yes"]) => good(Truth::Yes),
        Cell::Text(text) if is(text, ["0", "false", "f", "no"]) => good(Truth::No),
        _ => other(value),
    }
}

fn date(value: Cell<'_>, ty: ColumnType) -> Read<i32> {
    if let ColumnType::DateAs(forms) = ty {
        return match stored(value).and_then(|stored| forms.date(stored)) {
            Some(days) => good(days),
            None => no_time(value, forms),
        };
    }
    match value {
        Cell::Text(text) => match read_date(text.trim_ascii_start()) {
            Some(days) => good(days),
            None => other(value),
        },
        _ => other(value),
    }
}

#[inline]
fn instant(value: Cell<'_>, ty: ColumnType, times: &mut InstantReader) -> Read<i64> {
    let zone = match ty {
        ColumnType::InstantIn(zone) => Some(zone),
        ColumnType::InstantAs(forms, zone) => return in_forms(value, forms, zone, times),
        ColumnType::Date | ColumnType::DateAs(_) => {
            let (read, fit) = date(value, ty);
            return (read.map(|day| times.midnight(day)), fit);
        }
        _ => None,
    };
    if let (Cell::Text(text), ColumnType::Instant | ColumnType::InstantIn(_)) = (value, ty) {
        return match times.read_in(text, zone) {
            Some(instant) => (Some(instant), Fit::TEXT),
            None => other(value),
        };
    }
    let stored = match value {
        Cell::Integer(whole) => Some(whole as f64),
        Cell::Real(real) => Some(real),
        Cell::Text(text) => numeric(text).and_then(|text| text.parse().ok()),
        Cell::Null | Cell::Blob(_) => None,
    };
    let Some(stored) = stored else {
        return other(value);
    };
    let (read, form) = match ty {
        ColumnType::Unix => (instant_of_seconds(stored), Fit::SECONDS),
        ColumnType::UnixMs => (instant_of_milliseconds(stored), Fit::MILLISECONDS),
        _ if is_seconds(stored) => (instant_of_seconds(stored), Fit::SECONDS),
        _ => (instant_of_milliseconds(stored), Fit::MILLISECONDS),
    };
    match read {
        Some(instant) => (Some(instant), form),
        None => (None, Fit::MISFIT),
    }
}

/// Reads a time in the forms of its column.
#[inline]
fn in_forms(
    value: Cell<'_>,
    forms: TimeForms,
    zone: Option<Tz>,
    times: &mut InstantReader,
) -> Read<i64> {
    let fit = match value {
        Cell::Text(_) => Fit::TEXT,
        _ => Fit::COUNTED,
    };
    match stored(value).and_then(|stored| forms.instant(stored, times, zone)) {
        Some(instant) => (Some(instant), fit),
        None => no_time(value, forms),
    }
}

/// A value that may be a time.
fn stored(value: Cell<'_>) -> Option<Stored<'_>> {
    match value {
        Cell::Text(text) => Some(Stored::Text(text)),
        Cell::Integer(whole) => Some(Stored::Integer(whole)),
        Cell::Real(real) => Some(Stored::Real(real)),
        Cell::Null | Cell::Blob(_) => None,
    }
}
