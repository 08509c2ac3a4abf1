//! Reads texts by a pattern, strictly: a value matches the pattern as a whole, or it is not read.

use super::code::{Code, MONTHS, WEEKDAYS};
use super::parts::Parts;
use super::{LAST_YEAR, Pattern, Piece};
use crate::time::read::{Written, digits, read_fraction, read_offset};

/// Spaces in UTF-8: the plain one, the two non-breaking ones, and the thin one.
const BLANKS: [&[u8]; 4] = [b" ", b"\xc2\xa0", b"\xe2\x80\xaf", b"\xe2\x80\x89"];

impl Pattern {
    /// Reads a time from a text.
    #[inline]
    pub(in crate::time) fn read(&self, text: &[u8]) -> Option<Written> {
        self.parts(text)?.written()
    }

    /// Whether it would read a text if day and month were swapped.
    pub(in crate::time) fn reads_swapped(&self, text: &[u8]) -> bool {
        let parts = self.parts(text).filter(|_| self.has_order());
        let swapped = parts.map(|parts| Parts {
            day: parts.month,
            month: parts.day,
            ..parts
        });
        swapped.is_some_and(|parts| parts.written().is_some())
    }

    /// The parts in a text, whether or not such a time exists.
    #[inline]
    fn parts(&self, text: &[u8]) -> Option<Parts> {
        let mut rest = text.trim_ascii();
        let mut parts = Parts {
            last_year: self.last_year.unwrap_or(LAST_YEAR).into(),
            ..Parts::default()
        };
        for piece in &self.pieces {
            rest = match (piece, rest) {
                (Piece::Byte(byte), [first, after @ ..]) if first == byte => after,
                (Piece::Byte(_), _) => return None,
                (Piece::Code(code), _) => parts.take(*code, rest, up_to_two)?,
                (Piece::Joined(code), _) => parts.take(*code, rest, two)?,
                (Piece::Blank, _) => behind_blanks(rest)?,
            };
        }
        rest.is_empty().then_some(parts)
    }
}

impl Parts {
    /// Reads one part, with `number` reading its digits; returns the rest.
    #[inline]
    fn take<'t>(
        &mut self,
        code: Code,
        text: &'t [u8],
        number: impl Fn(&'t [u8]) -> Option<(u32, &'t [u8])>,
    ) -> Option<&'t [u8]> {
        let (slot, (read, rest)) = match code {
            Code::Day => (&mut self.day, number(text)?),
            Code::Month => (&mut self.month, number(text)?),
            Code::Hour => (&mut self.hour, number(text)?),
            Code::Minute => (&mut self.minute, two(text)?),
            Code::Second => (&mut self.second, two(text)?),
            Code::Year => {
                let (century, rest) = two(text)?;
                let (year, rest) = two(rest)?;
                (&mut self.year, (century * 100 + year, rest))
            }
            Code::ShortYear => {
                let (year, rest) = two(text)?;
                self.set_short_year(year);
                return Some(rest);
            }
            Code::HourOfHalf => {
                let hour = number(text).filter(|(hour, _)| (1..=12).contains(hour));
                (&mut self.hour, hour?)
            }
            Code::MonthName => (&mut self.month, word(text, &MONTHS, false)?),
            Code::ShortMonthName => (&mut self.month, word(text, &MONTHS, true)?),
            Code::Weekday => {
                let day = word(text, &WEEKDAYS, false).or_else(|| word(text, &WEEKDAYS, true));
                (self.weekday.insert(0), day?)
            }
            Code::Half => {
                let (is_afternoon, rest) = half(text)?;
                self.is_afternoon = Some(is_afternoon);
                return Some(rest);
            }
            Code::Fraction => {
                let (fraction, rest) = read_fraction(text)?;
                self.fraction = fraction;
                return Some(rest);
            }
            Code::Offset => {
                let (offset, rest) = read_offset(text)?;
                self.offset = Some(offset);
                return Some(rest);
            }
        };
        *slot = read;
        Some(rest)
    }
}

/// The rest after one or more spaces.
fn behind_blanks(text: &[u8]) -> Option<&[u8]> {
    let behind_one = |text| {
        let mut blanks = BLANKS.iter();
        blanks.find_map(|blank| <[u8]>::strip_prefix(text, *blank))
    };
    let mut rest = behind_one(text)?;
    while let Some(after) = behind_one(rest) {
        rest = after;
    }
    Some(rest)
}

fn two(text: &[u8]) -> Option<(u32, &[u8])> {
    let ([tens, ones], rest) = text.split_first_chunk::<2>()?;
    Some((digits(*tens, *ones)?, rest))
}

/// Two digits, or one if no second digit follows.
fn up_to_two(text: &[u8]) -> Option<(u32, &[u8])> {
    two(text).or_else(|| {
        let (ones, rest) = text.split_first()?;
        Some((digits(b'0', *ones)?, rest))
    })
}

/// One of some words, in any case, as its place among them, from 1. Short words are the first three letters, and
/// `Sept`.
fn word<'t>(text: &'t [u8], words: &[&str], short: bool) -> Option<(u32, &'t [u8])> {
    let length = text.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    let (written, rest) = text.split_at_checked(length)?;
    let fits = |word: &&str| {
        let short = short.then(|| word.as_bytes().get(..length)).flatten();
        let is_short = length == 3 || length == 4 && *word == "september";
        match short {
            Some(start) => is_short && start.eq_ignore_ascii_case(written),
            None => word.as_bytes().eq_ignore_ascii_case(written),
        }
    };
    let place = words.iter().position(fits)?;
    Some((u32::try_from(place).ok()? + 1, rest))
}

/// `AM`, `pm`, `p.m.`: returns whether it is the afternoon.
fn half(text: &[u8]) -> Option<(bool, &[u8])> {
    let (first, rest) = text.split_first()?;
    let is_afternoon = match first {
        b'p' | b'P' => true,
        b'a' | b'A' => false,
        _ => return None,
    };
    let is_m = |c: &u8| matches!(c, b'm' | b'M');
    match rest {
        [b'.', m, b'.', rest @ ..] | [m, rest @ ..] if is_m(m) => Some((is_afternoon, rest)),
        _ => None,
    }
}
