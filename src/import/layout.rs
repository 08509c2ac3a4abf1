//! Where the headings are, and what the columns are called.

use std::borrow::Cow;
use std::collections::HashSet;

use super::encoding::letters;
use super::first_line::{Doubt, LONGEST, Sampled, guessed};
use super::notes::Oddity;
use super::rows::{Row, Rows};

use super::{ImportError, MOST_COLUMNS};
use crate::config::{Encoding, FileForm};
use crate::value::is_same_name;

/// How many rows are examined.
const SAMPLE: usize = 200;
/// The byte order mark that some UTF-8 files begin with.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// How a table is laid out.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The place of the row of headings; `None` if there is none.
    pub(super) headed: Option<u64>,
    /// The number of the first row below the headings.
    first: u64,
    /// How many rows stand above the headings.
    pub(super) above: usize,
    /// The headings as they are written, or the names that config gives to the columns.
    pub(super) written: Vec<Vec<u8>>,
    /// The headings as they are written.
    in_file: Vec<Vec<u8>>,
    /// A row that was taken for data but may hold headings.
    doubt: Option<Doubt>,
}

impl Layout {
    /// Finds the layout by the first rows, or by what config says.
    ///
    /// # Errors
    /// The rows cannot be read, or there is no row that config names as the headings.
    pub(super) fn of(rows: &dyn Rows, name: &str, form: &FileForm) -> Result<Self, ImportError> {
        let mut sample: Vec<Sampled> = Vec::new();
        let wanted = form.headings.map(u64::from);
        rows.read(&mut |row: Row<'_>| {
            if row.cells.len() > MOST_COLUMNS {
                return Err(too_wide(name, &row));
            }
            let is_wanted = wanted == Some(row.place);
            if !row.is_blank() && (sample.len() < SAMPLE || is_wanted) {
                sample.push(Sampled::of(&row));
            }
            Ok(sample.len() < SAMPLE || wanted.is_some_and(|wanted| row.place < wanted))
        })?;
        let mut doubt = None;
        let place = match wanted {
            _ if sample.is_empty() => None,
            Some(0) => None,
            Some(wanted) => {
                let found = sample.iter().position(|row| row.place == wanted);
                let none = || {
                    ImportError::of(
                        name,
                        format_args!(
                            "row {wanted}, where config says the headings are, is empty or missing"
                        ),
                    )
                };
                Some(found.ok_or_else(none)?)
            }
            None => {
                let (place, doubted) = guessed(&sample);
                doubt = doubted;
                place
            }
        };
        let Some(place) = place else {
            return Ok(Self {
                doubt,
                ..Self::default()
            });
        };
        let mut row = sample.swap_remove(place);
        // Separators after the last heading make no columns if nothing stands below them.
        let width = |row: &Sampled| without_end(row.cells.iter().map(Vec::as_slice)).len();
        let widest = sample.iter().map(width).max().unwrap_or(0);
        row.cells.truncate(width(&row).max(widest));
        Ok(Self {
            headed: Some(row.place),
            first: row.number + 1,
            above: place,
            written: renamed(&row.cells, name, &form.columns)?,
            in_file: row.cells,
            doubt,
        })
    }

    /// The layout of rows that begin with these headings.
    pub(super) fn headed_by(headings: &[String]) -> Self {
        let written = headings.iter().map(|heading| heading.clone().into_bytes());
        let written: Vec<Vec<u8>> = written.collect();
        Self {
            headed: Some(1),
            first: 1,
            above: 0,
            in_file: written.clone(),
            written,
            doubt: None,
        }
    }

    /// Whether a row belongs to the table.
    ///
    /// # Errors
    /// The row is left out: because of something odd, or silently if it stands above the table.
    pub(super) fn admits(&self, row: &Row<'_>) -> Result<(), Option<Oddity>> {
        match row {
            row if row.number < self.first => Err(None),
            row if row.is_blank() => Err(Some(Oddity::Blank)),
            row if self.repeats(row) => Err(Some(Oddity::Headings)),
            _ => Ok(()),
        }
    }

    /// Whether a row below the headings repeats them, as in files that were concatenated: with a byte order mark of its own, in another encoding,
    /// or with separators at the end. A single heading may be a value.
    fn repeats(&self, row: &Row<'_>) -> bool {
        let heading = |place: usize| unmarked(place, self.in_file.get(place).map(Vec::as_slice));
        let is_same = |place| is_same_cell(heading(place), unmarked(place, row.cells.get(place)));
        let mut behind_first = (1..self.in_file.len()).map(heading);
        (0..self.in_file.len().max(row.cells.len())).all(is_same)
            && behind_first.any(|heading| !heading.is_empty())
    }

    /// Whether the row of headings has no heading for a column, counted from 0.
    pub(super) fn is_unnamed(&self, place: usize) -> bool {
        let written = self.written.get(place);
        let is_empty = written.is_none_or(|cell| cell.trim_ascii().is_empty());
        !self.written.is_empty() && is_empty
    }

    /// The message that the first row was taken for data but may hold headings. `counted` is what rows are counted by: `line` or `row`.
    pub(super) fn doubted(&self, counted: &str) -> Option<String> {
        let Doubt { place, number } = self.doubt.as_ref()?;
        Some(format!(
            "{counted} {place} holds numbers (`{number}`), so it was read as data; write `headings: {place}` if it holds the headings"
        ))
    }

    /// The headings as the names of columns.
    pub(super) fn headings(&self) -> Vec<String> {
        let names = self
            .names(self.written.len(), Encoding::Windows1252)
            .into_iter();
        names.map(|(name, _)| name).collect()
    }

    /// The index of the column with this heading in a row; the first of several. Without headings, the numbers in the names of columns tell.
    pub(super) fn place_of(&self, heading: &str) -> Option<usize> {
        if self.written.is_empty() {
            let number: usize = heading.strip_prefix("column_")?.parse().ok()?;
            return number.checked_sub(1);
        }
        place_among(&self.written, heading)
    }

    /// The names of `width` columns, each with a message if it is not the heading.
    pub(super) fn names(&self, width: usize, encoding: Encoding) -> Vec<(String, Option<String>)> {
        // SQLite treats `Name` and `name` as the same.
        let mut taken: HashSet<String> = HashSet::new();
        let named = (0..width).map(|place| {
            let written = self.written.get(place);
            let heading = written.map_or_else(String::new, |cell| called(cell, encoding));
            let number = place + 1;
            let wanted = match heading.is_empty() {
                true => format!("column_{number}"),
                false => heading.clone(),
            };
            let later = (2..=MOST_COLUMNS + 1).map(|more| format!("{wanted}_{more}"));
            let name = std::iter::once(wanted.clone())
                .chain(later)
                .find(|name| taken.insert(name.to_lowercase()))
                .unwrap_or(wanted);
            let told = match heading.is_empty() {
                true if place < self.written.len() => Some(format!(
                    "column {number} has no heading: it is called `{name}`"
                )),
                false if name != heading => Some(format!(
                    "column {number} repeats the heading `{heading}`: it is called `{name}`"
                )),
                _ => None,
            };
            (name, told)
        });
        named.collect()
    }
}

/// The headings, with some replaced by the names that config gives to their columns.
///
/// # Errors
/// There is no such heading.
fn renamed(
    headings: &[Vec<u8>],
    name: &str,
    columns: &[(String, String)],
) -> Result<Vec<Vec<u8>>, ImportError> {
    let mut renamed = headings.to_vec();
    for (heading, column) in columns {
        let place = place_among(headings, heading);
        let Some(cell) = place.and_then(|place| renamed.get_mut(place)) else {
            let words = format_args!(
                "it has no heading `{heading}`, which `columns:` in config renames to `{column}`"
            );
            return Err(ImportError::of(name, words));
        };
        *cell = column.clone().into_bytes();
    }
    Ok(renamed)
}

/// The index of a heading among others; the first of several.
fn place_among(headings: &[Vec<u8>], heading: &str) -> Option<usize> {
    let mut headings = headings.iter();
    headings.position(|cell| is_same_name(&called(cell, Encoding::Windows1252), heading))
}

/// Whether two cells are the same, compared as headings.
fn is_same_cell(one: &[u8], other: &[u8]) -> bool {
    // The usual case, in every row.
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    let (one, other) = (
        text(one, Encoding::Windows1252),
        text(other, Encoding::Windows1252),
    );
    is_same_name(&one, &other)
}

/// The name of a column with this heading. Valid UTF-8 is read as such whatever the encoding of the file, as config is UTF-8.
fn called(heading: &[u8], encoding: Encoding) -> String {
    cleaned(&text(heading, encoding))
}

/// Decodes a cell as UTF-8 if it is valid, whatever the encoding of the file.
fn text(cell: &[u8], encoding: Encoding) -> Cow<'_, str> {
    let encoding = match std::str::from_utf8(cell) {
        Ok(_) => Encoding::Utf8,
        Err(_) => encoding,
    };
    letters(cell, encoding)
}

/// The error for a row with more cells than a table may have columns.
pub(super) fn too_wide(name: &str, row: &Row<'_>) -> ImportError {
    let place = row.place;
    ImportError::of(
        name,
        format_args!(
            "row {place} has more than {MOST_COLUMNS} cells: is another `separator:` meant?"
        ),
    )
}

/// The cells of a row without surrounding blanks, without a byte order mark in front, and without empty cells at the end.
fn without_end<'c>(cells: impl Iterator<Item = &'c [u8]>) -> Vec<&'c [u8]> {
    let cells = cells.enumerate();
    let mut cells: Vec<&[u8]> = cells
        .map(|(place, cell)| unmarked(place, Some(cell)))
        .collect();
    let filled = cells.iter().rposition(|cell| !cell.is_empty());
    cells.truncate(filled.map_or(0, |last| last + 1));
    cells
}

/// The cell at an index without surrounding blanks, and without a byte order mark if it is the first; empty if there is no cell.
fn unmarked(place: usize, cell: Option<&[u8]>) -> &[u8] {
    let cell = cell.unwrap_or_default().trim_ascii();
    match cell.strip_prefix(MARK) {
        Some(unmarked) if place == 0 => unmarked.trim_ascii(),
        _ => cell,
    }
}

/// A heading on one line, without surrounding blanks and invisible characters.
fn cleaned(heading: &str) -> String {
    let visible: String = heading
        .chars()
        .map(|c| {
            if crate::diagnostic::is_unprintable(c) {
                ' '
            } else {
                c
            }
        })
        .take(LONGEST)
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}
