//! The widths of a table's columns.

use super::{GAP, Table};
use crate::diagnostic::{longest_word, text_width, wrapped};
use crate::view::{Cell, Heading};

/// Longer words may be broken, and those made of letters shortened, to this width.
const WORD: usize = 16;
/// The number of lines that a text may take before its column is dropped instead.
const LINES: usize = 4;
/// The maximum number of lines of a heading.
const HEADING_LINES: usize = 2;
/// The maximum width that a column takes from others for one long text.
const TEXT: usize = 40;
/// The minimum width to which a column with a long text is squeezed before it is dropped.
const SQUEEZED: usize = 20;

/// A column while its width is being determined.
#[derive(Debug)]
pub(super) struct Column {
    /// Its index in the table.
    pub(super) place: usize,
    /// How soon it is dropped; 0 for never.
    pub(super) spare: u8,
    /// Whether its cells may wrap between words.
    pub(super) wraps: bool,
    /// Its minimum width beside other columns.
    pub(super) least: usize,
    /// Its minimum width if it would otherwise be dropped.
    squeezed: usize,
    /// Its current width.
    pub(super) width: usize,
    /// The width that shows everything on one line.
    most: usize,
}

impl Column {
    /// A column with its preferred widths.
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

    /// The column at the width that it accepts instead of being dropped.
    pub(super) fn squeezed(&self) -> Self {
        Self {
            least: self.squeezed,
            ..*self
        }
    }
}

/// The minimum width of a heading: words are not broken, and the number of lines is limited.
fn least_of_heading(label: &str) -> usize {
    let fits = |room: &usize| wrapped(label, *room).len() <= HEADING_LINES;
    let widths = longest_word(label, usize::MAX)..text_width(label);
    widths.into_iter().find(fits).unwrap_or(text_width(label))
}

/// Distributes spare width to the columns that need it, first to those furthest from their preferred width.
pub(super) fn widen(columns: &mut [Column], room: usize) {
    let gaps = GAP * columns.len().saturating_sub(1);
    let least: usize = columns.iter().map(|column| column.least).sum();
    let mut left = room.saturating_sub(gaps + least);
    for column in columns.iter_mut() {
        column.width = column.least;
    }
    while left > 0 {
        let wanting = columns.iter_mut().filter(|c| c.width < c.most);
        // The number of lines of the longest text, in thousandths.
        let lines = |c: &&mut Column| c.most * 1000 / c.width.max(1);
        let Some(column) = wanting.max_by_key(lines) else {
            break;
        };
        column.width += 1;
        left -= 1;
    }
}
