//! Decodes cells from the server's binary formats.

use std::ops::Range;

use super::kind::Sent;
use crate::connector::written::{day, decimal, moment, without_zeros};
use crate::engine::{Cell, OwnedCell};

/// The server's epoch, 2000-01-01, in days from 1970-01-01. It counts days and microseconds from there.
const EPOCH: i64 = 10_957;
/// How many base-10,000 digits of the server fit into the whole number in which they are added up.
const MOST_DIGITS: usize = 9;
/// The value in place of the sign that marks a numeric as not a number.
const NOT_A_NUMBER: u16 = 0xC000;

/// A cell of the current row.
#[derive(Debug, Clone)]
pub(super) enum Stored {
    Null,
    Integer(i64),
    Real(f64),
    /// Text in the bytes that were sent.
    Sent(Range<usize>),
    /// Bytes that are not text.
    Bytes(Range<usize>),
    /// Text that was produced here.
    Written(Range<usize>),
}

/// The texts of the current row: the bytes that were sent, and what was written for some of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Texts<'r> {
    pub(super) sent: &'r [u8],
    pub(super) written: &'r [u8],
}

impl Stored {
    /// The cell, borrowed.
    #[inline]
    pub(super) fn lent<'r>(&self, texts: Texts<'r>) -> Cell<'r> {
        let text = |bytes: &'r [u8], range: &Range<usize>| bytes.get(range.clone()).unwrap_or(&[]);
        match self {
            Self::Null => Cell::Null,
            Self::Integer(whole) => Cell::Integer(*whole),
            Self::Real(real) => Cell::Real(*real),
            Self::Sent(range) => Cell::Text(text(texts.sent, range)),
            Self::Bytes(range) => Cell::Blob(text(texts.sent, range)),
            Self::Written(range) => Cell::Text(text(texts.written, range)),
        }
    }

    /// The cell, owned.
    pub(super) fn owned(&self, texts: Texts<'_>) -> OwnedCell {
        self.lent(texts).into()
    }

    /// Decodes bytes that start at a position of those that were sent. Text that has to be produced goes into
    /// `written`. None where the bytes do not have the expected format.
    #[inline]
    pub(super) fn read(
        sent_as: Sent,
        bytes: &[u8],
        from: usize,
        written: &mut Vec<u8>,
    ) -> Option<Self> {
        match sent_as {
            Sent::Text => Some(Self::Sent(from..from + bytes.len())),
            Sent::Bytes => Some(Self::Bytes(from..from + bytes.len())),
            Sent::Truth => match bytes {
                [truth] => Some(Self::Integer(i64::from(*truth != 0))),
                _ => None,
            },
            Sent::Integer => integer(bytes).map(Self::Integer),
            Sent::Real => real(bytes),
            Sent::Numeric => numeric(bytes, written),
            Sent::Date => of_size::<4>(bytes).map(|days| date(days, written)),
            Sent::Timestamp => of_size::<8>(bytes).map(|at| timestamp(at, "", written)),
            Sent::Instant => of_size::<8>(bytes).map(|at| timestamp(at, "Z", written)),
            Sent::Array => Some(Self::Null),
        }
    }
}

/// An integer of two, four or eight bytes.
fn integer(bytes: &[u8]) -> Option<i64> {
    match bytes.len() {
        2 => Some(i16::from_be_bytes(bytes.try_into().ok()?).into()),
        4 => Some(i32::from_be_bytes(bytes.try_into().ok()?).into()),
        _ => Some(i64::from_be_bytes(bytes.try_into().ok()?)),
    }
}

/// An integer of exactly `N` bytes.
fn of_size<const N: usize>(bytes: &[u8]) -> Option<i64> {
    integer(bytes).filter(|_| bytes.len() == N)
}

/// A float. Not-a-number becomes NULL, as in SQLite. A four-byte float has the value of its shortest decimal form:
/// 0.1 is 0.1.
fn real(bytes: &[u8]) -> Option<Stored> {
    let real = match bytes.len() {
        4 => {
            let short = f32::from_be_bytes(bytes.try_into().ok()?);
            short.to_string().parse().ok()?
        }
        _ => f64::from_be_bytes(bytes.try_into().ok()?),
    };
    Some(of_real(real))
}

fn of_real(real: f64) -> Stored {
    match real.is_nan() {
        true => Stored::Null,
        false => Stored::Real(real),
    }
}

/// A number in base-10,000 digits: their count, the power of the first one, a sign, the number of places shown, and
/// the digits.
fn numeric(bytes: &[u8], written: &mut Vec<u8>) -> Option<Stored> {
    let (words, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let mut words = words.iter().map(|word| u16::from_be_bytes(*word));
    let count = usize::from(words.next()?);
    let weight = i32::from(words.next()?.cast_signed());
    let is_negative = match words.next()? {
        0x0000 => false,
        0x4000 => true,
        0xD000 => return Some(Stored::Real(f64::INFINITY)),
        0xF000 => return Some(Stored::Real(f64::NEG_INFINITY)),
        NOT_A_NUMBER => return Some(Stored::Null),
        _ => return None,
    };
    let places = i32::from(words.next()?);
    if words.len() != count {
        return None;
    }
    let long = |written: &mut Vec<u8>| {
        let digits: Vec<u16> = words.clone().collect();
        long(&digits, weight, places, is_negative, written)
    };
    if count > MOST_DIGITS {
        return Some(long(written));
    }
    let digits = words.clone().map(u128::from);
    let whole = digits.fold(0, |sum, digit| sum * 10_000 + digit);
    let power = (weight + 1 - i32::try_from(count).ok()?) * 4;
    Some(match decimal(whole, power, is_negative) {
        Some(Cell::Integer(whole)) => Stored::Integer(whole),
        Some(Cell::Real(real)) => Stored::Real(real),
        _ => long(written),
    })
}

/// A number written with all its digits.
fn long(
    digits: &[u16],
    weight: i32,
    places: i32,
    is_negative: bool,
    written: &mut Vec<u8>,
) -> Stored {
    let digit = |place: i32| {
        let place = usize::try_from(place).ok();
        place
            .and_then(|place| digits.get(place))
            .copied()
            .unwrap_or(0)
    };
    let mut text = String::new();
    for place in 0..=weight.max(0) {
        // Below one, the first digits are zeros, which are not sent.
        let place = if weight < 0 { -1 } else { place };
        text += &format!("{:04}", digit(place));
    }
    let mut text = text.trim_start_matches('0').to_owned();
    if text.is_empty() {
        text.push('0');
    }
    if places > 0 {
        let behind = (1..=(places + 3) / 4).map(|place| format!("{:04}", digit(weight + place)));
        let mut behind: String = behind.collect();
        behind.truncate(usize::try_from(places).unwrap_or(0));
        text = format!("{text}.{behind}");
    }
    let sign = if is_negative { "-" } else { "" };
    let start = written.len();
    written.extend_from_slice(sign.as_bytes());
    written.extend_from_slice(without_zeros(&text).as_bytes());
    Stored::Written(start..written.len())
}

/// A day as `2025-01-31`. Days before year 1 or after 9999, including the infinite ones, become texts that are not
/// days.
fn date(days: i64, written: &mut Vec<u8>) -> Stored {
    let start = written.len();
    match days == i64::from(i32::MAX) || days == i64::from(i32::MIN) {
        true => endless(days > 0, written),
        false => day(days + EPOCH, written),
    }
    Stored::Written(start..written.len())
}

/// A time as `2025-01-31 18:30:00`, with microseconds if there are any.
fn timestamp(at: i64, zone: &str, written: &mut Vec<u8>) -> Stored {
    let start = written.len();
    if at == i64::MAX || at == i64::MIN {
        endless(at > 0, written);
        return Stored::Written(start..written.len());
    }
    moment(EPOCH, at, zone, written);
    Stored::Written(start..written.len())
}

fn endless(is_late: bool, written: &mut Vec<u8>) {
    let word: &[u8] = if is_late { b"infinity" } else { b"-infinity" };
    written.extend_from_slice(word);
}
