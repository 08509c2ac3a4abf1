//! Numbers as people spell them, and whether a whole column uses one spelling.

use std::borrow::Cow;

use super::encoding::letters;
use crate::config::{Decimal, Encoding};

/// The most digits of a whole number that are kept exactly.
const WHOLE: usize = 18;
/// The most digits before decimals that are kept exactly.
const EXACT: usize = 15;
/// The most digits of a number with decimals, not counting zeros at either end: a computer writes no more for a number that it stores.
const WRITTEN: usize = 17;

/// The spellings that a cell, or nearly every cell of a column, may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spellings {
    /// `1234`
    whole: bool,
    /// `1234.5`
    point: bool,
    /// `1,234.5`, also without decimals.
    grouped_point: bool,
    /// `1234,5`
    comma: bool,
    /// `1.234,5`, `1 234,5`, `1'234,5`, also without decimals.
    grouped_comma: bool,
}

/// What a column holds, and how it is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    Whole,
    /// The decimal mark, and whether thousands are grouped.
    Decimal(Decimal, bool),
    /// Decimals or thousands: nothing in the column tells which.
    Either,
    Text,
}

/// What the mark in a cell can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The cell has none, or is not a number.
    None,
    Before(Decimal),
    /// A decimal mark, or one between thousands.
    Either,
}

impl Spellings {
    pub(super) const NONE: Self = Self::those([false; 5]);

    /// In the order of [`Spellings::each`].
    pub(super) const fn those(
        [whole, point, grouped_point, comma, grouped_comma]: [bool; 5],
    ) -> Self {
        Self {
            whole,
            point,
            grouped_point,
            comma,
            grouped_comma,
        }
    }

    /// Each spelling as a flag, ungrouped ones first.
    pub(super) fn each(self) -> [bool; 5] {
        [
            self.whole,
            self.point,
            self.grouped_point,
            self.comma,
            self.grouped_comma,
        ]
    }

    /// The spellings with this decimal mark.
    pub(super) const fn of_mark(mark: Decimal) -> Self {
        match mark {
            Decimal::Point => Self::those([false, true, true, false, false]),
            Decimal::Comma => Self::those([false, false, false, true, true]),
        }
    }

    pub(super) fn mark(self) -> Mark {
        let point = self.point || self.grouped_point;
        let comma = self.comma || self.grouped_comma;
        match (point, comma) {
            (false, false) => Mark::None,
            // It fits with either mark, so it has none.
            _ if self.point && self.comma => Mark::None,
            (true, false) => Mark::Before(Decimal::Point),
            (false, true) => Mark::Before(Decimal::Comma),
            (true, true) => Mark::Either,
        }
    }

    /// The spellings of a cell that a workbook holds as a number, which has a decimal point however it is displayed.
    pub(super) fn of_number(cell: &[u8]) -> Self {
        Self {
            point: true,
            grouped_point: true,
            comma: false,
            grouped_comma: false,
            ..Self::of(cell)
        }
    }

    /// The spellings of a cell that is not empty.
    pub(super) fn of(cell: &[u8]) -> Self {
        let digits = cell.strip_prefix(b"-").unwrap_or(cell);
        let plain = |mark| decimals(digits, mark, |whole| is_whole(whole, EXACT));
        match digits.iter().find(|byte| !byte.is_ascii_digit()) {
            None => {
                let is_exact = is_whole(digits, EXACT);
                return Self {
                    whole: is_whole(digits, WHOLE) && digits != b"0" || cell == b"0",
                    ..Self::those([is_exact; 5])
                };
            }
            // A date, a time, a word: most cells.
            Some(mark) if !b".,' ".contains(mark) => return Self::NONE,
            Some(_) => {}
        }
        Self {
            whole: false,
            point: plain(b'.'),
            comma: plain(b','),
            grouped_point: decimals(digits, b'.', |whole| is_grouped(whole, b",'")),
            grouped_comma: decimals(digits, b',', |whole| is_grouped(whole, b".' ")),
        }
    }

    /// The spelling that these amount to. `known` is the decimal mark that the file uses elsewhere or config names.
    pub(super) fn spelling(self, known: Option<Decimal>) -> Spelling {
        let point = self.point || self.grouped_point;
        let comma = self.comma || self.grouped_comma;
        let decimal = match (point, comma, known) {
            _ if self.whole => return Spelling::Whole,
            (false, false, _) => return Spelling::Text,
            (true, false, _) => Decimal::Point,
            (false, true, _) => Decimal::Comma,
            (true, true, None) => return Spelling::Either,
            (true, true, Some(known)) => known,
        };
        let is_grouped = match decimal {
            Decimal::Point => !self.point,
            Decimal::Comma => !self.comma,
        };
        Spelling::Decimal(decimal, is_grouped)
    }
}

impl Spelling {
    /// Whether a cell without surrounding blanks is spelled this way.
    pub(super) fn fits(self, cell: &str) -> bool {
        let spellings = Spellings::of(&with_plain_blanks(cell.as_bytes()));
        match self {
            Self::Whole => spellings.whole,
            Self::Decimal(Decimal::Point, false) => spellings.point,
            Self::Decimal(Decimal::Point, true) => spellings.grouped_point,
            Self::Decimal(Decimal::Comma, false) => spellings.comma,
            Self::Decimal(Decimal::Comma, true) => spellings.grouped_comma,
            Self::Either | Self::Text => false,
        }
    }

    /// A cell of the column in the form in which SQLite reads numbers.
    pub(super) fn plain(self, cell: &str) -> Cow<'_, str> {
        let Self::Decimal(decimal, is_grouped) = self else {
            return Cow::Borrowed(cell);
        };
        let mark = match decimal {
            Decimal::Point if !is_grouped => return Cow::Borrowed(cell),
            Decimal::Point => '.',
            Decimal::Comma => ',',
        };
        let kept = cell
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '-' || *c == mark);
        Cow::Owned(kept.map(|c| if c == mark { '.' } else { c }).collect())
    }
}

/// Whether a cell without surrounding blanks is a number that a column of numbers may store as another text: `1.0`, `1,001`.
pub(super) fn may_be_written_otherwise(cell: &[u8]) -> bool {
    let digits = cell.strip_prefix(b"-").unwrap_or(cell);
    digits.first().is_some_and(u8::is_ascii_digit)
        && !digits.iter().all(u8::is_ascii_digit)
        && Spellings::of(&with_plain_blanks(cell)) != Spellings::NONE
}

/// A cell, with numbers in one form however they are written: `1001` for `1,001` and for `1001.0`. A mark that may be between thousands is taken as
/// that.
pub(super) fn value_of(cell: &[u8]) -> Cow<'_, [u8]> {
    if !may_be_written_otherwise(cell) {
        return Cow::Borrowed(cell);
    }
    let cell = with_plain_blanks(cell);
    let (mark, text) = (Spellings::of(&cell).mark(), String::from_utf8_lossy(&cell));
    let value = match mark {
        Mark::Before(mark) => without_tail(&Spelling::Decimal(mark, true).plain(&text)).to_owned(),
        Mark::None | Mark::Either => text
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '-')
            .collect(),
    };
    Cow::Owned(value.into_bytes())
}

/// A plain number without trailing zeros in its decimals.
pub(super) fn without_tail(number: &str) -> &str {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    }
}

/// Whether digits, with or without a mark and more digits, are a number whose whole part passes `is_whole`.
fn decimals(digits: &[u8], mark: u8, is_whole: impl Fn(&[u8]) -> bool) -> bool {
    let Some(at) = digits.iter().position(|byte| *byte == mark) else {
        return is_whole(digits);
    };
    let (whole, rest) = digits.split_at(at);
    let part = rest.get(1..).unwrap_or_default();
    !part.is_empty()
        && part.iter().all(u8::is_ascii_digit)
        && is_whole(whole)
        && (digits.len() <= WRITTEN || digits_told(digits) <= WRITTEN)
}

/// How many digits a number with decimals has, not counting zeros at either end.
fn digits_told(number: &[u8]) -> usize {
    let is_told = |byte: &u8| (b'1'..=b'9').contains(byte);
    let (Some(first), Some(last)) = (
        number.iter().position(is_told),
        number.iter().rposition(is_told),
    ) else {
        return 0;
    };
    let told = number.get(first..=last).unwrap_or_default();
    told.iter().filter(|byte| byte.is_ascii_digit()).count()
}

/// Whether these are at most `most` digits without a leading zero, which postcodes and membership numbers have.
fn is_whole(digits: &[u8], most: usize) -> bool {
    let first = digits.first();
    digits.iter().all(u8::is_ascii_digit)
        && (1..=most).contains(&digits.len())
        && (first != Some(&b'0') || digits.len() == 1)
}

/// Whether digits are grouped in threes with one of these marks between them, or are a whole number.
fn is_grouped(digits: &[u8], marks: &[u8]) -> bool {
    // A non-breaking space is two bytes in UTF-8; non-ASCII spaces were replaced by plain ones before.
    let Some(mark) = digits.iter().find(|byte| !byte.is_ascii_digit()) else {
        return is_whole(digits, EXACT);
    };
    let mut groups = digits.split(|byte| byte == mark);
    let first = groups.next().unwrap_or_default();
    marks.contains(mark)
        && is_whole(first, 3)
        && first != b"0"
        && digits.len() <= EXACT + 4
        && groups.all(|group| group.len() == 3 && group.iter().all(u8::is_ascii_digit))
}

/// Replaces non-breaking spaces, in UTF-8 and in Windows-1252, by plain ones.
pub(super) fn with_plain_blanks(cell: &[u8]) -> Vec<u8> {
    let text = letters(cell, Encoding::Utf8);
    let text = match text.contains('\u{fffd}') {
        true => letters(cell, Encoding::Windows1252),
        false => text,
    };
    text.replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ")
        .into_bytes()
}
