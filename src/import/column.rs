//! What a column holds, by its cells.

use super::dates::Sample;
use super::encoding::letters;
use super::number::{Spelling, Spellings};
use crate::config::{Decimal, Encoding};

/// Words in headings of numbers that are names: they are dialled or written on letters, and never added up.
const NAMES: [&str; 10] = [
    "phone", "mobile", "tel", "telefon", "fax", "zip", "postcode", "postal", "plz", "iban",
];

/// A column that is kept.
pub(super) struct Column {
    pub(super) name: String,
    /// Its place in a row, from 0.
    pub(super) place: usize,
    pub(super) spelling: Spelling,
}

/// What the cells of a column have in common.
pub(super) struct Tally {
    /// In how many rows it holds something.
    pub(super) filled: u64,
    spellings: Spellings,
    sample: Sample,
}

/// The mark that all columns agree on which leave no doubt.
pub(super) fn decimal(tallies: &[Tally]) -> Option<Decimal> {
    let sure = tallies.iter().filter(|tally| tally.filled > 0);
    let mut marks = sure.filter_map(|tally| match tally.spellings.spelling(None) {
        Spelling::Decimal(mark, _) => Some(mark),
        Spelling::Whole | Spelling::Either | Spelling::Text => None,
    });
    let first = marks.next()?;
    marks.all(|mark| mark == first).then_some(first)
}

impl Column {
    /// What SQLite makes of what it holds.
    pub(super) fn declared(&self) -> &'static str {
        match self.spelling {
            Spelling::Whole => "INTEGER",
            Spelling::Decimal(..) => "NUMERIC",
            Spelling::Either | Spelling::Text => "TEXT",
        }
    }

    pub(super) fn decimal(&self) -> Option<Decimal> {
        match self.spelling {
            Spelling::Decimal(mark, _) => Some(mark),
            Spelling::Whole | Spelling::Either | Spelling::Text => None,
        }
    }
}

impl Tally {
    pub(super) fn new() -> Self {
        Self {
            filled: 0,
            spellings: Spellings::ALL,
            sample: Sample::default(),
        }
    }

    pub(super) fn see(&mut self, cell: &[u8]) {
        let cell = cell.trim_ascii();
        if cell.is_empty() {
            return;
        }
        self.filled += 1;
        if !self.spellings.is_text() {
            let spelled = match cell.is_ascii() {
                true => Spellings::of(cell),
                false => Spellings::of(&with_plain_blanks(cell)),
            };
            self.spellings = self.spellings.both(spelled);
        }
        self.sample.see(cell);
    }

    /// How its dates are written that are not ISO, in words.
    pub(super) fn dates(&self) -> Option<String> {
        self.sample.dates()
    }

    /// How its numbers are spelled; `known` is the mark of the file.
    pub(super) fn spelling(&self, name: &str, known: Option<Decimal>) -> Spelling {
        let lower = name.to_lowercase();
        let is_name = lower.split(|c: char| !c.is_alphanumeric()).any(|word| {
            NAMES
                .iter()
                .any(|name| word == *name || word.len() > 5 && word.ends_with(name))
        });
        match is_name || self.filled == 0 {
            true => Spelling::Text,
            false => self.spellings.spelling(known),
        }
    }
}

/// Blanks that do not break, in UTF-8 and in Windows-1252, as plain ones.
fn with_plain_blanks(cell: &[u8]) -> Vec<u8> {
    let text = letters(cell, Encoding::Utf8);
    let text = match text.contains('\u{fffd}') {
        true => letters(cell, Encoding::Windows1252),
        false => text,
    };
    text.replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ")
        .into_bytes()
}
