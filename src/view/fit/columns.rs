//! How wide each column of a table is.

use super::{GAP, Table};
use crate::diagnostic::{longest_word, text_width, wrapped};
use crate::view::{Cell, Heading};

/// A word that is longer may be broken, and one of letters shortened, to so much.
const WORD: usize = 16;
/// A text may be broken over so many lines before its column would rather not be there.
const LINES: usize = 4;
/// So many lines a heading may have.
const HEADING_LINES: usize = 2;
/// For one long text a column takes no more than so much of the others' room.
const TEXT: usize = 40;
/// The narrowest that the column of a long text is made before it is left out.
const SQUEEZED: usize = 20;

/// One column on its way to a width.
#[derive(Debug)]
pub(super) struct Column {
    /// Its place in the table.
    pub(super) place: usize,
    /// How soon it is left out; 0 for never.
    pub(super) spare: u8,
    /// Whether its cells may be broken over several lines, between words.
    pub(super) wraps: bool,
    /// The narrowest that it may be beside others.
    pub(super) least: usize,
    /// The narrowest that it may be where it would else be left out.
    squeezed: usize,
    /// How wide it is.
    pub(super) width: usize,
    /// What it would take to show everything on one line.
    most: usize,
}

impl Column {
    /// As wide as it would like to be.
    pub(super) fn new(
        place: usize,
        heading: &Heading,
        table: &Table,
        texts: &[Vec<String>],
    ) -> Self {
        let cells = || table.rows.iter().filter_map(move |row| row.get(place));
        let texts = || texts.iter().filter_map(move |row| row.get(place));
        let is_text = |cell: &Cell| matches!(cell, Cell::Text(_) | Cell::List(_) | Cell::Empty);
        let wraps = heading.whole < usize::MAX && cells().all(is_text);
        let widest = texts().map(|text| text_width(text)).max().unwrap_or(0);
        let label = &heading.label;
        let (inside, squeezed) = match wraps {
            false => (widest, widest),
            true => {
                let words = texts().map(|text| longest_word(text, WORD));
                let words = words.max().unwrap_or(0);
                let (usual, least) = match heading.whole {
                    0 => (widest.div_ceil(LINES).min(TEXT), SQUEEZED),
                    whole => (widest.min(whole), whole),
                };
                (words.max(usual), words.max(usual.min(least)))
            }
        };
        let most = widest.max(text_width(label));
        let within_heading = least_of_heading(label);
        Self {
            place,
            spare: heading.spare,
            wraps,
            least: inside.max(within_heading),
            squeezed: squeezed.max(within_heading),
            width: most,
            most,
        }
    }

    /// As narrow as it may be where it would else be left out.
    pub(super) fn squeezed(&self) -> Self {
        Self {
            least: self.squeezed,
            ..*self
        }
    }
}

/// The narrowest that a heading may be: never broken within a word, and not into many lines.
fn least_of_heading(label: &str) -> usize {
    let fits = |room: &usize| wrapped(label, *room).len() <= HEADING_LINES;
    let widths = longest_word(label, usize::MAX)..text_width(label);
    widths.into_iter().find(fits).unwrap_or(text_width(label))
}

/// Gives columns that need at most so much room all of it, those first that are furthest from what they
/// would like.
pub(super) fn widen(columns: &mut [Column], room: usize) {
    let gaps = GAP * columns.len().saturating_sub(1);
    let least: usize = columns.iter().map(|column| column.least).sum();
    let mut left = room.saturating_sub(gaps + least);
    for column in columns.iter_mut() {
        column.width = column.least;
    }
    while left > 0 {
        let wanting = columns.iter_mut().filter(|c| c.width < c.most);
        // How many lines the longest text takes, in thousandths.
        let lines = |c: &&mut Column| c.most * 1000 / c.width.max(1);
        let Some(column) = wanting.max_by_key(lines) else {
            break;
        };
        column.width += 1;
        left -= 1;
    }
}
