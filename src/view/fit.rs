//! Fits a table to a terminal width. No number or time is split, and no word that fits on a line. Columns that do not
//! fit are left out, least important first. If not even the essential columns fit, each row becomes a block of lines.

mod columns;

use columns::Column;

use super::table::{Heading, Table};
use crate::config::Marks;
use crate::diagnostic::{brief, longest_word, text_width, visible, wrapped, wrapped_whole};

/// The gap between two columns, in terminal cells.
const GAP: usize = 2;
/// The margin before the first column and after the last, in total.
const EDGES: usize = 2;
/// The gap between the heading and the value in a block.
const BLOCK_GAP: usize = 2;
/// The minimum width for values beside their headings.
const BESIDE: usize = 16;

/// The maximum number of characters shown of a cell; formats other than tables for people show everything.
const MOST: usize = 1_000;

/// A table, laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fitted {
    /// Columns under headings; each cell is split into lines that fit its column.
    Columns {
        /// The indices of the columns shown.
        kept: Vec<usize>,
        /// Their headings.
        headings: Vec<String>,
        /// Their cells.
        rows: Vec<Vec<String>>,
        /// The headings of the columns left out.
        left_out: Vec<String>,
    },
    /// One block per row, each a list of lines.
    Blocks(Vec<Vec<String>>),
}

/// Fits a table to a terminal width; without a width, as in a file, it stays as it is.
pub fn fitted(table: &Table, marks: &Marks, room: Option<usize>) -> Fitted {
    let heading = |place: usize| table.headings.get(place).map_or("", |h| h.label.as_str());
    let mut texts = table.shown(marks);
    for text in texts.iter_mut().flatten() {
        let short = brief(text, MOST).into_owned();
        *text = visible(&short).into_owned();
    }
    let mut columns: Vec<Column> = table
        .headings
        .iter()
        .enumerate()
        .map(|(place, heading)| Column::new(place, heading, table, &texts))
        .collect();
    let Some(room) = room else {
        return drawn(columns, &texts, heading, Vec::new());
    };
    let mut left_out = Vec::new();
    while needed(&columns) > room {
        let spare = columns.iter().enumerate().filter(|(_, c)| c.spare > 0);
        // Of two equally dispensable columns, the later one is dropped.
        let Some((at, _)) = spare.max_by_key(|(_, column)| column.spare) else {
            return Fitted::Blocks(blocks(&texts, table, room));
        };
        left_out.push(columns.remove(at));
    }
    let left_out = put_back(left_out, &mut columns, room);
    columns::widen(&mut columns, room.saturating_sub(EDGES));
    drawn(columns, &texts, heading, left_out)
}

/// Puts the most important dropped column, the last in `left_out`, back into the space that is now free, if it fits on
/// several lines. Returns the indices of the others.
fn put_back(mut left_out: Vec<Column>, columns: &mut Vec<Column>, room: usize) -> Vec<usize> {
    if let Some(last) = left_out.last() {
        let at = columns.partition_point(|other| other.place < last.place);
        columns.insert(at, last.squeezed());
        match needed(columns) <= room {
            true => drop(left_out.pop()),
            false => drop(columns.remove(at)),
        }
    }
    let mut places: Vec<usize> = left_out.iter().map(|column| column.place).collect();
    places.sort_unstable();
    places
}

/// The minimum total width of the columns.
fn needed(columns: &[Column]) -> usize {
    let widths: usize = columns.iter().map(|column| column.least).sum();
    widths + EDGES + GAP * columns.len().saturating_sub(1)
}

fn drawn<'t>(
    columns: Vec<Column>,
    texts: &[Vec<String>],
    heading: impl Fn(usize) -> &'t str,
    left_out: Vec<usize>,
) -> Fitted {
    let lines = |text: &str, column: &Column| wrapped(text, column.width).join("\n");
    let row = |row: &Vec<String>| {
        let cell = |column: &Column| {
            let text = row.get(column.place).map_or("", String::as_str);
            match column.wraps {
                true => lines(text, column),
                false => text.to_owned(),
            }
        };
        columns.iter().map(cell).collect()
    };
    Fitted::Columns {
        kept: columns.iter().map(|column| column.place).collect(),
        headings: columns
            .iter()
            .map(|column| lines(&visible(heading(column.place)), column))
            .collect(),
        rows: texts.iter().map(row).collect(),
        left_out: left_out
            .into_iter()
            .map(|place| visible(heading(place)).into_owned())
            .collect(),
    }
}

/// Every row as lines of heading and value, side by side if there is space.
fn blocks(texts: &[Vec<String>], table: &Table, room: usize) -> Vec<Vec<String>> {
    let label = |h: &Heading| h.alone.as_ref().unwrap_or(&h.label).clone();
    let labels: Vec<String> = table.headings.iter().map(label).collect();
    let headings: Vec<_> = labels.iter().map(|label| visible(label)).collect();
    let indent = headings.iter().map(|h| text_width(h)).max().unwrap_or(0) + BLOCK_GAP;
    let beside = room.checked_sub(indent).filter(|left| *left >= BESIDE);
    let cells = |row: &Vec<String>| {
        let mut lines = Vec::new();
        for (heading, text) in headings
            .iter()
            .zip(row)
            .filter(|(_, text)| !text.is_empty())
        {
            let pad = |words: &str| {
                let blanks = indent.saturating_sub(text_width(words));
                format!("{words}{}", " ".repeat(blanks))
            };
            let values = beside.map(|left| wrapped(text, left));
            let fit = |values: &Vec<String>| {
                let mut values = values.iter();
                values.all(|value| text_width(value) + indent <= room)
            };
            match values.filter(fit) {
                Some(values) => {
                    let firsts = std::iter::once(heading.as_ref()).chain(std::iter::repeat(""));
                    lines.extend(firsts.zip(values).map(|(f, v)| format!("{}{v}", pad(f))));
                }
                None => {
                    lines.extend(wrapped(heading, room));
                    let inside = room.saturating_sub(BLOCK_GAP);
                    // A value that takes the whole width starts at the edge.
                    let (indent, values) = match longest_word(text, 1) <= inside {
                        true => (BLOCK_GAP, wrapped(text, inside)),
                        false => (0, wrapped_whole(text, room)),
                    };
                    let values = values.into_iter();
                    lines.extend(values.map(|value| format!("{}{value}", " ".repeat(indent))));
                }
            }
        }
        lines
    };
    texts.iter().map(cells).collect()
}
