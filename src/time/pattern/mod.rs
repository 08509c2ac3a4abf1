//! Patterns: how the dates and times of a column are written, in percent codes such as `%d/%m/%Y %H:%M`.

mod advice;
mod code;
mod parts;
mod read;

use std::ops::Range;

use chrono::{DateTime, Utc};

use code::Code;
pub(super) use code::{MONTHS, WEEKDAYS};

/// The instant in examples, in seconds since 1970: 31 March 2026, 18:30 in UTC. Its day cannot be mistaken for a month.
const EXAMPLE: i64 = 1_774_981_800;

/// The default last year for two digits: 69 to 99 belong to the previous century.
const LAST_YEAR: u16 = 2068;

/// One way of writing dates and times. It is compiled once and then applied to each value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    text: String,
    pieces: Vec<Piece>,
    /// The last year that two digits can mean, if it is stated.
    last_year: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Piece {
    Code(Code),
    /// A code directly after a number, so all its digits must be there.
    Joined(Code),
    /// One or more spaces, including non-breaking ones.
    Blank,
    /// A literal byte.
    Byte(u8),
}

/// Why a text is not a valid pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedPattern {
    /// The place in the text: a code, or the whole text.
    pub place: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Which number of a date comes first, among those that could be confused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// `17.10.2026`, or `2026.17.10`.
    Day,
    /// `10/17/2026`, or `2026-10-17`.
    Month,
    /// `26-10-17`.
    ShortYear,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// If there is an unknown code, if a part occurs twice, or if there is no whole date.
    pub fn new(text: &str) -> Result<Self, RefusedPattern> {
        let text = text.trim();
        if !text.contains('%') {
            return Err(advice::without_codes(text));
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (here, after) = rest.split_at(first.len_utf8());
            rest = after;
            match first {
                '%' => {
                    let letter = rest.chars().next();
                    rest = letter.map_or("", |letter| rest.split_at(letter.len_utf8()).1);
                    if letter == Some('%') {
                        pieces.push(Piece::Byte(b'%'));
                        continue;
                    }
                    let code = letter.and_then(Code::of);
                    let behind = text.len() - rest.len();
                    let code = code.ok_or_else(|| advice::unknown_code(letter, (text, behind)))?;
                    pieces.push(match pieces.last() {
                        Some(Piece::Code(before) | Piece::Joined(before)) if before.is_number() => {
                            Piece::Joined(code)
                        }
                        _ => Piece::Code(code),
                    });
                }
                _ if first.is_whitespace() => {
                    if pieces.last() != Some(&Piece::Blank) {
                        pieces.push(Piece::Blank);
                    }
                }
                _ => pieces.extend(here.bytes().map(Piece::Byte)),
            }
        }
        let pattern = Self {
            text: text.to_owned(),
            pieces,
            last_year: None,
        };
        advice::check(&pattern)?;
        Ok(pattern)
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it contains a time of day.
    pub fn has_time(&self) -> bool {
        self.codes().any(|code| code.part() == "hour")
    }

    /// The last year that its two digits can mean, if it is stated.
    pub fn last_year(&self) -> Option<u16> {
        self.last_year
    }

    /// The same, but two digits are in the hundred years up to this one.
    pub(super) fn up_to(&self, last_year: Option<u16>) -> Self {
        Self {
            last_year: last_year.filter(|_| self.has_short_year()),
            ..self.clone()
        }
    }

    /// Whether its year has two digits.
    pub(super) fn has_short_year(&self) -> bool {
        self.codes().any(|code| code == Code::ShortYear)
    }

    /// Whether it reads only digits, so that a whole number can be in this form.
    pub(super) fn is_digits(&self) -> bool {
        let digits = |piece: &Piece| match piece {
            Piece::Code(code) | Piece::Joined(code) => code.is_number(),
            Piece::Blank | Piece::Byte(_) => false,
        };
        self.pieces.iter().all(digits)
    }

    /// Whether it begins with a four-digit year, which is easy to recognize, and which number comes first otherwise;
    /// `None` if the month is a name.
    pub(super) fn order(&self) -> Option<(bool, Order)> {
        if self.codes().any(Code::is_month_name) {
            return None;
        }
        let date = |code: &Code| matches!(code.part(), "year" | "month" | "day");
        let codes: Vec<Code> = self.codes().filter(date).collect();
        let order = match codes.as_slice() {
            [Code::ShortYear, ..] => Order::ShortYear,
            [Code::Day, ..] | [Code::Year, Code::Day, ..] => Order::Day,
            _ => Order::Month,
        };
        Some((codes.first() == Some(&Code::Year), order))
    }

    /// Whether day and month come before the year, in one of the two orders that people use.
    pub(super) fn has_order(&self) -> bool {
        matches!(self.order(), Some((false, Order::Day | Order::Month)))
    }

    /// A time in this form: `31/03/2026 18:30`.
    pub fn example(&self) -> String {
        let at = DateTime::<Utc>::from_timestamp(EXAMPLE, 0).unwrap_or_default();
        at.format(&self.text).to_string()
    }

    fn codes(&self) -> impl Iterator<Item = Code> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Code(code) | Piece::Joined(code) => Some(*code),
            Piece::Blank | Piece::Byte(_) => None,
        })
    }
}
