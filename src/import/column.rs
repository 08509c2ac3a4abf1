//! A column of the database, and how its cells are written.

use std::borrow::Cow;

use super::notes::shown;
use super::number::{Spelling, without_tail};
use super::tally::{Odd, Tally};
use crate::catalog::UNFILLED;
use crate::config::Decimal;
use crate::connector::NewCell;
use crate::value::key_names::is_named_key;

/// Words in the headings of numbers that serve as names: people dial them or write them on envelopes, and never add them up.
const NAMES: [&str; 10] = [
    "phone", "mobile", "tel", "telefon", "fax", "zip", "postcode", "postal", "plz", "iban",
];

/// What happens to numbers whose decimal mark differs from the column's.
const STRAY: &str = ": values written like `12.50` become numbers, all others stay text";

pub(super) struct Column {
    pub(super) name: String,
    /// Its index in a row, from 0.
    pub(super) place: usize,
    pub(super) spelling: Spelling,
    /// Whether it holds any value.
    is_filled: bool,
    /// Whether it holds codes that would lose zeros if stored as numbers.
    has_codes: bool,
    odd: Odd,
}

impl Column {
    /// Makes a column from what was seen of it. `known` is the decimal mark of the file. `is_key` says whether config names the column as a key, or
    /// its heading does: `7.1` and `7.10` are two keys but one number.
    pub(super) fn of(
        tally: &Tally,
        (name, place): (String, usize),
        known: Option<Decimal>,
        is_key: bool,
    ) -> Self {
        let has_codes = match is_key || is_named_key(&name) {
            true => tally.has_codes_of_a_key(),
            false => tally.has_codes(),
        };
        let (spelling, odd) = match has_codes || is_name(&name) {
            true => (Spelling::Text, Odd::default()),
            false => tally.spelling(known),
        };
        Self {
            name,
            place,
            spelling,
            is_filled: tally.filled > 0,
            has_codes,
            odd,
        }
    }

    /// The type under which SQLite stores the column.
    pub(super) fn declared(&self) -> &'static str {
        match self.spelling {
            Spelling::Whole => "INTEGER",
            Spelling::Decimal(..) => "NUMERIC",
            Spelling::Either | Spelling::Text if self.is_filled => "TEXT",
            Spelling::Either | Spelling::Text => UNFILLED,
        }
    }

    /// Whether its values are stored as numbers.
    pub(super) fn is_of_numbers(&self) -> bool {
        matches!(self.spelling, Spelling::Whole | Spelling::Decimal(..))
    }

    pub(super) fn is_filled(&self) -> bool {
        self.is_filled
    }

    pub(super) fn decimal(&self) -> Option<Decimal> {
        match self.spelling {
            Spelling::Decimal(mark, _) => Some(mark),
            Spelling::Whole | Spelling::Either | Spelling::Text => None,
        }
    }

    /// A text as the database stores it; it may be a whole number.
    pub(super) fn value<'t>(&self, text: &'t [u8]) -> NewCell<'t> {
        let whole = || std::str::from_utf8(text).ok()?.parse().ok();
        match (text, self.spelling) {
            ([], _) => NewCell::Null,
            // SQLite would convert it by itself.
            (_, Spelling::Whole) => whole().map_or(NewCell::Text(text), NewCell::Whole),
            _ => NewCell::Text(text),
        }
    }

    /// A cell as it is written to the database: a number in the form that SQLite reads, anything else unchanged.
    pub(super) fn written<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        let is_number = match self.spelling {
            Spelling::Either | Spelling::Text => false,
            Spelling::Whole | Spelling::Decimal(..) => {
                self.odd.count == 0 || self.spelling.fits(text.trim())
            }
        };
        match is_number {
            true => self.spelling.plain(text.trim()).into_owned().into(),
            false if text.as_bytes().contains(&0) => text.replace('\0', "\u{fffd}").into(),
            false => text,
        }
    }

    /// A cell as the database stores it, without surrounding blanks. A number has one form, however it is spelled.
    pub(super) fn stored(&self, text: Cow<'_, str>) -> String {
        let written = self.written(text);
        let written = written.trim();
        let is_number =
            matches!(self.spelling, Spelling::Decimal(..)) && written.parse::<f64>().is_ok();
        match is_number {
            true => without_tail(written).to_owned(),
            false => written.to_owned(),
        }
    }

    /// The message about its odd cells. `place` is what rows are counted by: `line` or `row`.
    pub(super) fn told(&self, place: &str) -> Option<String> {
        let name = &self.name;
        let Odd {
            count,
            places,
            has_stray,
        } = &self.odd;
        let rows = match places.as_slice() {
            [] => String::new(),
            places => format!(" ({})", shown(*count, places, place)),
        };
        match (self.spelling, count) {
            (Spelling::Either, _) => Some(format!(
                "`{name}` has decimals or thousands, {}: it stays text; write `decimal: comma` or `decimal: point`",
                match places.is_empty() {
                    true => "but nothing tells which".to_owned(),
                    false => format!("and only a few cells tell which{rows}"),
                }
            )),
            (Spelling::Text, _) if self.has_codes => Some(format!(
                "`{name}` has decimals with and without trailing zeros, as codes do (`12.1` and `12.10`): it stays text; if they are \
                 amounts, say so with `types:` where config names the table"
            )),
            (Spelling::Text, _) | (_, 0) => None,
            (_, 1) if *has_stray => Some(format!(
                "`{name}` holds numbers except for 1 cell with another decimal mark{STRAY}{rows}"
            )),
            _ if *has_stray => Some(format!(
                "`{name}` holds numbers except for {count} cells, some with another decimal mark{STRAY}{rows}"
            )),
            (_, 1) => Some(format!(
                "`{name}` holds numbers except for 1 cell, which stays text{rows}"
            )),
            _ => Some(format!(
                "`{name}` holds numbers except for {count} cells, which stay text{rows}"
            )),
        }
    }
}

/// Whether the numbers under this heading serve as names.
fn is_name(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|word| {
        NAMES
            .iter()
            .any(|name| word == *name || word.len() > 5 && word.ends_with(name))
    })
}
