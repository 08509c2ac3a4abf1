//! Patterns: how the dates and times of a column are written, in percent codes such as `%d/%m/%Y %H:%M`.

mod advice;
mod code;
mod parts;
mod read;

use std::ops::Range;

use chrono::{DateTime, Utc};

use code::Code;
pub(super) use code::{MONTHS, WEEKDAYS};

/// The instant that examples show, in seconds since 1970: 31 March 2026, 18:30 in UTC. Its day can be no month.
const EXAMPLE: i64 = 1_774_981_800;

/// The last year that two digits are where nothing else is said: 69 to 99 are of the century before.
const LAST_YEAR: u16 = 2068;

/// One way to write dates and times; it is compiled once and then read by for each value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    text: String,
    pieces: Vec<Piece>,
    /// The last year that two digits can be, where somebody says so.
    last_year: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Piece {
    Code(Code),
    /// The same directly behind a number, so that it has all its digits.
    Joined(Code),
    /// One blank or several, those that do not break included.
    Blank,
    /// A byte as it stands.
    Byte(u8),
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedPattern {
    /// Where in the text: a code, or all of it.
    pub place: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Which number of a date stands first, of those that could be taken for each other.
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
    /// A code that there is not, a part that is told twice, or no whole date.
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

    /// The pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it tells the time of day.
    pub fn has_time(&self) -> bool {
        self.codes().any(|code| code.part() == "hour")
    }

    /// The last year that its two digits can be, where somebody says so.
    pub fn last_year(&self) -> Option<u16> {
        self.last_year
    }

    /// The same with two digits that are of the hundred years up to this one.
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

    /// Whether digits are all that it reads, so that a whole number can be written by it.
    pub(super) fn is_digits(&self) -> bool {
        let digits = |piece: &Piece| match piece {
            Piece::Code(code) | Piece::Joined(code) => code.is_number(),
            Piece::Blank | Piece::Byte(_) => false,
        };
        self.pieces.iter().all(digits)
    }

    /// Whether it begins with four digits of a year, by which it is known, and what stands first else; none where the month
    /// has a name.
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

    /// Whether it has day and month in one of the two orders that people write before the year.
    pub(super) fn has_order(&self) -> bool {
        matches!(self.order(), Some((false, Order::Day | Order::Month)))
    }

    /// A time as it writes it: `31/03/2026 18:30`.
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
