//! Which cells the sheets of a workbook refer to: calamine computes their positions without checking that the numbers fit.

use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::LONGEST_ROW;

/// The columns and rows of the largest sheet that Excel writes, whose last cell is [`LAST`].
const COLUMNS: u32 = 16_384;
const ROWS: u32 = 1_048_576;
const LAST: &str = "XFD1048576";
/// The longest text, tag or comment, in bytes: far more than the 32,767 characters of a cell take, and small enough to be kept in memory.
const LONGEST: u64 = LONGEST_ROW as u64;
/// How many characters of a reference are shown.
const SHOWN: usize = 16;

/// What was found in a part of a workbook.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Why it cannot be part of a sheet; `None` if all its references are possible and no text is endless.
    pub(super) trouble: Option<String>,
    /// Whether a cell has a formula but no result, as written by programs that do not compute.
    pub(super) has_unstored: bool,
}

/// Examines a part, up to where it is no longer XML: calamine does not get past that point either.
pub(super) fn look(part: impl Read) -> Seen {
    let mut reader = Reader::from_reader(BufReader::new(part.take(LONGEST)));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    // An image can contain anything, including a text without an end.
    let mut is_xml = false;
    let (mut seen, mut cell) = (Seen::default(), Cell::default());
    loop {
        buffer.clear();
        reader.get_mut().get_mut().set_limit(LONGEST);
        let event = reader.read_event_into(&mut buffer);
        if is_xml && reader.get_ref().get_ref().limit() == 0 {
            seen.trouble = Some(format!(
                "one of its texts is longer than {} MiB",
                LONGEST >> 20
            ));
            return seen;
        }
        is_xml |= !matches!(event, Ok(Event::Text(_)));
        match &event {
            Ok(Event::Start(tag) | Event::Empty(tag)) => seen.trouble = in_tag(tag),
            Ok(Event::Eof) | Err(_) => return seen,
            Ok(_) => {}
        }
        if seen.trouble.is_some() {
            return seen;
        }
        if let Ok(event) = &event {
            seen.has_unstored |= cell.see(event);
        }
    }
}

/// A cell, as far as it has been read.
#[derive(Debug, Default)]
struct Cell {
    has_formula: bool,
    has_result: bool,
    /// Whether its result is being read.
    is_in_result: bool,
}

impl Cell {
    /// Processes an event. Returns true if it ends a cell whose formula has no result.
    fn see(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => {
                    *self = Self {
                        // A text may be empty.
                        has_result: is_text(tag),
                        ..Self::default()
                    }
                }
                "f" => self.has_formula = true,
                "v" | "is" => self.is_in_result = true,
                _ => {}
            },
            Event::Empty(tag) => self.has_formula |= tag.local_name().as_ref() == "f",
            Event::Text(_) => self.has_result |= self.is_in_result,
            Event::End(tag) => match tag.local_name().as_ref() {
                "c" => return std::mem::take(self).lacks_result(),
                "v" | "is" => self.is_in_result = false,
                _ => {}
            },
            _ => {}
        }
        false
    }

    fn lacks_result(&self) -> bool {
        self.has_formula && !self.has_result
    }
}

/// Whether the result of a cell is declared to be a text.
fn is_text(cell: &BytesStart<'_>) -> bool {
    let mut attributes = cell.attributes();
    let mut attributes = attributes.with_checks(false).filter_map(Result::ok);
    attributes.any(|attribute| attribute.key.as_ref() == "t" && &*attribute.value == "str")
}

fn in_tag(tag: &BytesStart<'_>) -> Option<String> {
    let name = match tag.local_name().as_ref() {
        "c" | "row" => "r",
        "dimension" => "ref",
        _ => return None,
    };
    let mut attributes = tag.attributes();
    let values = attributes.with_checks(false).filter_map(Result::ok);
    let mut named = values.filter(|attribute| attribute.key.as_ref() == name);
    named.find_map(|attribute| in_reference(&attribute.value))
}

/// The trouble with a reference such as `B7`, `7` or `A1:B7`.
fn in_reference(reference: &str) -> Option<String> {
    let shown: String = reference.chars().take(SHOWN).collect();
    let mut cells = Vec::new();
    for cell in reference.split(':') {
        match place(cell) {
            Some(place) => cells.push(place),
            None => {
                return Some(format!(
                    "it names the cell `{shown}`, beyond {LAST}, the last one that a sheet can have"
                ));
            }
        }
    }
    match cells.as_slice() {
        [(left, top), (right, bottom)] if right < left || bottom < top => Some(format!(
            "it gives the range of its sheet as `{shown}`, which ends before it begins"
        )),
        _ => None,
    }
}

/// The column and the row of a cell, from 1, or 0 if the reference names none; `None` if a sheet has no such place. Anything that is not a
/// reference is left to calamine, which refuses it.
fn place(cell: &str) -> Option<(u32, u32)> {
    let letters = cell.chars().take_while(char::is_ascii_alphabetic);
    let column = letters.clone().try_fold(0_u32, |column, letter| {
        let letter = u32::from(letter.to_ascii_uppercase()) - u32::from('A') + 1;
        Some(column * 26 + letter).filter(|column| *column <= COLUMNS)
    })?;
    let digits = cell.chars().skip(letters.count());
    let row = digits
        .map_while(|digit| digit.to_digit(10))
        .try_fold(0_u32, |row, digit| {
            Some(row * 10 + digit).filter(|row| *row <= ROWS)
        })?;
    Some((column, row))
}
