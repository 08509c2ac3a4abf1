//! What divides the cells of a text file.

use std::collections::BTreeMap;
use std::io::Read;

use csv::{Reader, ReaderBuilder};

use crate::config::Separator;

/// How many rows are examined.
const ROWS: usize = 200;

/// The unit in which shares of rows are counted: thousandths.
pub(super) const ALL: usize = 1_000;

/// The separators, starting with the one least likely to occur inside a cell.
const SEPARATORS: [Separator; 4] = [
    Separator::Tab,
    Separator::Semicolon,
    Separator::Bar,
    Separator::Comma,
];

/// A reader that accepts rows of any length.
pub(super) fn reader<R: Read>(inner: R, separator: u8, has_quotes: bool) -> Reader<R> {
    let mut builder = ReaderBuilder::new();
    builder
        .delimiter(separator)
        .quoting(has_quotes)
        .has_headers(false)
        .flexible(true);
    builder.buffer_capacity(256 * 1024).from_reader(inner)
}

/// Its byte.
pub(super) fn byte(separator: Separator) -> u8 {
    match separator {
        Separator::Comma => b',',
        Separator::Semicolon => b';',
        Separator::Tab => b'\t',
        Separator::Bar => b'|',
    }
}

/// The separator that divides the most rows into equally many cells; if several do, the one that makes the most cells.
pub(super) fn separator(sample: &[u8], has_quotes: bool) -> Separator {
    let said = sample.strip_prefix(b"sep=").and_then(|rest| rest.first());
    if let Some(said) = SEPARATORS
        .into_iter()
        .find(|separator| Some(&byte(*separator)) == said)
    {
        return said;
    }
    let mut best = (Separator::Comma, (0, 0));
    for separator in SEPARATORS {
        let merit = merit(sample, byte(separator), has_quotes);
        if merit > best.1 {
            best = (separator, merit);
        }
    }
    best.0
}

/// Its name for people.
pub(super) fn name(separator: Separator) -> &'static str {
    match separator {
        Separator::Comma => "commas",
        Separator::Semicolon => "semicolons",
        Separator::Tab => "tabs",
        Separator::Bar => "bars",
    }
}

/// How many rows out of a thousand have the most common number of cells, and that number; zeros if that number is one.
pub(super) fn merit(sample: &[u8], separator: u8, has_quotes: bool) -> (usize, usize) {
    let records = reader(sample, separator, has_quotes).into_byte_records();
    let widths: Vec<usize> = records
        .take(ROWS)
        .filter_map(|row| Some(row.ok()?.len()))
        .collect();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for width in &widths {
        *counts.entry(*width).or_default() += 1;
    }
    let common = counts
        .into_iter()
        .max_by_key(|(width, count)| (*count, *width));
    match common {
        Some((width, count)) if width > 1 => (count * ALL / widths.len().max(1), width),
        _ => (0, 0),
    }
}
