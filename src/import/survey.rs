//! The first reading of a table: what its columns hold.

use std::collections::BTreeSet;
use std::iter::repeat;

use super::ahead::read_ahead;
use super::column::Column;
use super::copies::Copies;
use super::keyed::Keyed;
use super::layout::{Layout, too_wide};
use super::limits::Limits;
use super::notes::{Notes, Oddity};
use super::number::Spelling;
use super::rows::{Row, Rows};
use super::tally::{Tally, decimal};
use super::{ImportError, MOST_COLUMNS};
use crate::config::{Decimal, Encoding, FileForm};

/// What was found in a table.
pub(super) struct Survey {
    pub(super) columns: Vec<Column>,
    /// Without headings, what stands above them, and rows without any value.
    pub(super) rows: u64,
    /// The same with those that are left out for a later one.
    pub(super) seen: u64,
    pub(super) encoding: Encoding,
    pub(super) layout: Layout,
    /// What numbers have before their decimals.
    pub(super) decimal: Option<Decimal>,
    /// Whether thousands are set apart.
    pub(super) is_grouped: bool,
    /// How dates are written, in words, each once.
    pub(super) dates: BTreeSet<String>,
    pub(super) notes: Notes,
    /// Which rows are told apart by a key.
    pub(super) keyed: Option<Keyed>,
    /// Rows that are the same as an earlier one in every column, where nothing is said of such.
    pub(super) copies: Option<Copies>,
    /// What else has to be said, in lines.
    pub(super) told: Vec<String>,
}

/// What the letters of a file can be.
#[derive(Default)]
struct Letters {
    /// The first row with letters beyond ASCII that are UTF-8, and the first that has others.
    good: Option<u64>,
    bad: Option<u64>,
}

/// Reads a table once; `key` is what config names as its key, beside what it says of the file.
///
/// # Errors
/// It cannot be read or holds too much, or nobody can tell how it is meant.
pub(super) fn survey(
    rows: &dyn Rows,
    name: &str,
    (form, key): (&FileForm, Option<&str>),
    encoding: Option<Encoding>,
    limits: &Limits<'_>,
) -> Result<Survey, ImportError> {
    let layout = Layout::of(rows, name, form)?;
    let mut keyed = Keyed::of(&layout, name, (form, key))?;
    let mut copies = form.copies.is_none().then(Copies::default);
    let mut tallies: Vec<Tally> = layout.written.iter().map(|_| Tally::default()).collect();
    let (mut seen, mut count, mut notes) = (Letters::default(), 0, Notes::default());
    let written = read_ahead(rows, &mut |row: Row<'_>| {
        limits.count(&row)?;
        seen.see(&row);
        if let Err(why) = layout.admits(&row) {
            if let Some(oddity) = why {
                notes.add(oddity, row.place);
            }
            return Ok(true);
        }
        count += 1;
        match (&mut keyed, &mut copies) {
            // A repeated key says more than a repeated row.
            (Some(keyed), _) => keyed.see(&row, &mut notes),
            (None, Some(copies)) => copies.see(&row),
            (None, None) => {}
        }
        let headed = layout.written.len();
        let width = row.cells.len();
        if width > MOST_COLUMNS {
            return Err(too_wide(name, &row));
        }
        let further = row.cells.iter().skip(headed);
        if headed > 0 && width < headed {
            notes.add(Oddity::Short, row.place);
        } else if headed > 0
            && further
                .into_iter()
                .any(|cell| !cell.trim_ascii().is_empty())
        {
            notes.add(Oddity::Long, row.place);
        }
        while tallies.len() < width {
            tallies.push(Tally::default());
        }
        let numbers = row.numbers.iter().copied().chain(repeat(false));
        for ((tally, cell), is_number) in tallies.iter_mut().zip(row.cells).zip(numbers) {
            tally.see(cell, row.place, is_number);
        }
        if row.cells.as_slice().contains(&0) {
            notes.add(Oddity::Nul, row.place);
        }
        Ok(true)
    })?;
    notes.extend(written);
    let said = encoding;
    let encoding = seen.encoding(name, said, &mut notes)?;
    let known = form.decimal.or_else(|| decimal(&tallies));
    let names = layout.names(tallies.len(), encoding);
    let (mut columns, mut told) = (Vec::new(), Vec::new());
    if said.is_some_and(|said| said != encoding) {
        told.push("it is UTF-8, not Windows-1252 as config says, and is read as UTF-8: take `encoding:` out of config".to_owned());
    }
    for (place, (tally, (name, renamed))) in tallies.iter().zip(names).enumerate() {
        // Where headings end in separators there is nothing, not even a name.
        if tally.filled == 0 && layout.is_unnamed(place) {
            continue;
        }
        told.extend(renamed);
        if let Some(words) = tally.dates.two_orders() {
            told.push(format!(
                "`{name}` has dates as {words}, and most could be either: `muster check` says what becomes of them"
            ));
        }
        columns.push(Column::of(tally, name, place, known));
    }
    if let Some(keyed) = &mut keyed {
        keyed.settle(&columns, encoding, &mut notes);
    }
    let left_out = keyed.as_ref().filter(|keyed| keyed.is_last_alone);
    Ok(Survey {
        seen: count,
        rows: count - left_out.map_or(0, |keyed| keyed.earlier),
        copies,
        keyed,
        encoding,
        decimal: columns.iter().find_map(Column::decimal),
        is_grouped: columns
            .iter()
            .any(|column| matches!(column.spelling, Spelling::Decimal(_, true))),
        dates: columns
            .iter()
            .filter(|column| column.spelling == Spelling::Text)
            .filter_map(|column| tallies.get(column.place)?.dates.words())
            .collect(),
        columns,
        layout,
        notes,
        told,
    })
}

impl Letters {
    fn see(&mut self, row: &Row<'_>) {
        let all = row.cells.as_slice();
        if !all.is_ascii() {
            let is_good = row
                .cells
                .iter()
                .all(|cell| std::str::from_utf8(cell).is_ok());
            let first = if is_good {
                &mut self.good
            } else {
                &mut self.bad
            };
            first.get_or_insert(row.place);
        }
    }

    fn encoding(
        &self,
        name: &str,
        said: Option<Encoding>,
        notes: &mut Notes,
    ) -> Result<Encoding, ImportError> {
        match (said, self.good, self.bad) {
            // The export is another one than it was: in Windows-1252 such pairs of letters are no words.
            (Some(Encoding::Windows1252), Some(_), None) => Ok(Encoding::Utf8),
            (Some(said), _, bad) => {
                if let (Encoding::Utf8, Some(bad)) = (said, bad) {
                    notes.add(Oddity::NoLetter, bad);
                }
                Ok(said)
            }
            (None, _, None) => Ok(Encoding::Utf8),
            (None, None, Some(_)) => Ok(Encoding::Windows1252),
            (None, Some(good), Some(bad)) => Err(ImportError::of(
                name,
                format_args!(
                    "line {good} is UTF-8, and line {bad} is not: write which one is meant, `encoding: utf-8` or `encoding: windows-1252`"
                ),
            )),
        }
    }
}
