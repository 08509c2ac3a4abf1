//! Where the headings are, and what the columns are called.

use super::encoding::letters;
use super::number::Spellings;
use super::rows::{Row, Rows};
use super::survey::is_like_date;
use super::{ImportError, MOST_COLUMNS};
use crate::config::{Encoding, FileForm};

/// So many rows are looked at.
const SAMPLE: usize = 200;
/// Titles above the headings take no more rows than this.
const TITLES: usize = 10;
/// The longest name of a column, in letters.
const LONGEST: usize = 120;

/// How a table is laid out.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The place of the row of headings; none where there are none.
    pub(super) headings: Option<u64>,
    /// How many rows stand above them.
    pub(super) above: usize,
    /// The headings as they are written.
    pub(super) written: Vec<Vec<u8>>,
}

impl Layout {
    /// By the first rows, or by what config says.
    ///
    /// # Errors
    /// The rows cannot be read, or there is no such row.
    pub(super) fn of(rows: &dyn Rows, name: &str, form: &FileForm) -> Result<Self, ImportError> {
        let mut sample: Vec<(u64, Vec<Vec<u8>>)> = Vec::new();
        let wanted = form.headings.map(u64::from);
        rows.read(&mut |row: Row<'_>| {
            if !row.is_blank() {
                sample.push((row.place, row.cells.iter().map(<[u8]>::to_vec).collect()));
            }
            Ok(sample.len() < SAMPLE || wanted.is_some_and(|wanted| row.place < wanted))
        })?;
        let place = match wanted {
            Some(0) => None,
            Some(wanted) => {
                let found = sample.iter().position(|(place, _)| *place == wanted);
                let none = || {
                    ImportError::of(
                        name,
                        format_args!(
                            "row {wanted}, which config names as that of the headings, is empty or not there"
                        ),
                    )
                };
                Some(found.ok_or_else(none)?)
            }
            None => guessed(&sample),
        };
        let Some(place) = place else {
            return Ok(Self::default());
        };
        let (line, written) = sample.swap_remove(place);
        Ok(Self {
            headings: Some(line),
            above: place,
            written,
        })
    }

    /// The names of so many columns, and in words what headings were changed.
    pub(super) fn names(&self, width: usize, encoding: Encoding) -> (Vec<String>, Vec<String>) {
        let (mut names, mut told): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for place in 0..width {
            let written = self.written.get(place).map(|cell| letters(cell, encoding));
            let heading = cleaned(written.as_deref().unwrap_or_default());
            let number = place + 1;
            let is_free = |name: &str| {
                !names
                    .iter()
                    .any(|known| known.to_lowercase() == name.to_lowercase())
            };
            let wanted = match heading.is_empty() {
                true => format!("column_{number}"),
                false => heading.clone(),
            };
            let later = (2..=MOST_COLUMNS + 1).map(|more| format!("{wanted}_{more}"));
            let name = std::iter::once(wanted.clone())
                .chain(later)
                .find(|name| is_free(name));
            let name = name.unwrap_or(wanted);
            if heading.is_empty() && place < self.written.len() {
                told.push(format!(
                    "column {number} has no heading: it is called `{name}`"
                ));
            } else if !heading.is_empty() && name != heading {
                told.push(format!("column {number} has a heading that was there already, `{heading}`: it is called `{name}`"));
            }
            names.push(name);
        }
        (names, told)
    }
}

/// The first row that is filled as most are, where it holds names and no values.
fn guessed(sample: &[(u64, Vec<Vec<u8>>)]) -> Option<usize> {
    let filled = |cells: &Vec<Vec<u8>>| {
        cells
            .iter()
            .filter(|cell| !cell.trim_ascii().is_empty())
            .count()
    };
    let widest = sample.iter().map(|(_, cells)| filled(cells)).max()?;
    let place = sample
        .iter()
        .take(TITLES + 1)
        .position(|(_, cells)| filled(cells) * 2 > widest)?;
    let (_, cells) = sample.get(place)?;
    let is_value = |cell: &Vec<u8>| {
        let cell = cell.trim_ascii();
        !cell.is_empty()
            && (!Spellings::of(cell).is_text() || is_like_date(cell) || cell.contains(&b'@'))
    };
    (!cells.iter().any(is_value)).then_some(place)
}

/// A heading on one line, without blanks around it and what nobody can see.
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
