//! The first reading of a table: what its columns hold.

use std::collections::BTreeSet;

use super::ImportError;
use super::column::Column;
use super::copies::Copies;
use super::encoding;
use super::keyed::Keyed;
use super::layout::Layout;
use super::limits::{Limits, go_on};
use super::notes::Notes;
use super::number::Spelling;
use super::reading::Reading;
use super::repeats::Repeats;
use super::rows::{Row, Rows};
use super::tally::{Tally, decimal};
use crate::config::{Decimal, Encoding, FileForm};
use crate::engine::Watch;

/// What was found in a table.
pub(super) struct Survey {
    pub(super) columns: Vec<Column>,
    /// The number of rows, not counting headings, what stands above them, and rows without any value.
    pub(super) rows: u64,
    /// The same including rows that are left out because a later one replaces them.
    pub(super) seen: u64,
    pub(super) encoding: Encoding,
    /// The names of the encodings of its files.
    pub(super) letters: BTreeSet<&'static str>,
    pub(super) layout: Layout,
    /// The decimal mark of its numbers.
    pub(super) decimal: Option<Decimal>,
    /// Whether thousands are grouped.
    pub(super) is_grouped: bool,
    /// How dates are written, in words, without duplicates.
    pub(super) dates: BTreeSet<String>,
    /// The columns in which some dates are written differently.
    pub(super) of_several_forms: Vec<String>,
    pub(super) notes: Notes,
    /// Rows told apart by a key.
    pub(super) keyed: Option<Keyed>,
    /// Rows that equal an earlier one in every column, if config says nothing of such rows.
    pub(super) copies: Option<Copies>,
    /// Lines about what else has to be reported.
    pub(super) told: Vec<String>,
    /// Lines about values that can hardly be right.
    pub(super) attention: Vec<String>,
}

/// A table to be read: its name, the name of its file or files, what config says of them, and the key that it names for the table.
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    pub(super) table: &'t str,
    pub(super) name: &'t str,
    pub(super) form: &'t FileForm,
    pub(super) key: Option<&'t str>,
}

/// Reads a table once. `files` is what was seen of its columns in all of several files.
///
/// # Errors
/// It cannot be read, holds too much, or is ambiguous.
pub(super) fn survey(
    rows: &dyn Rows,
    table: Table<'_>,
    encoding: Option<Encoding>,
    files: &[Tally],
    limits: &Limits<'_>,
) -> Result<Survey, ImportError> {
    let Table {
        name, form, key, ..
    } = table;
    let layout = Layout::of(rows, name, form)?;
    let mut repeats = Repeats::of(&layout, name, (form, key))?;
    for (first, _) in rows.lacking() {
        repeats.begin_file(first);
    }
    let mut reading = Reading::of(rows, name, &layout, limits, &mut |row, admitted| {
        if admitted.is_ok() {
            repeats.see(row);
        }
    })?;
    for (tally, files) in reading.tallies.iter_mut().zip(files) {
        tally.judge_codes_as(files);
    }
    let mut found = concluded(&reading, layout, repeats, table, encoding)?;
    found.tell_copies(rows, limits.watch)?;
    Ok(found)
}

impl Survey {
    /// Reads the rows once more if rows that are stored alike are to count once: how columns are stored is known only now.
    ///
    /// # Errors
    /// They cannot be read, or `watch` ended it.
    pub(super) fn tell_copies(
        &mut self,
        rows: &dyn Rows,
        watch: &dyn Watch,
    ) -> Result<(), ImportError> {
        let keyed = self.keyed.as_mut();
        let Some(keyed) = keyed.filter(|keyed| keyed.is_of_whole_rows()) else {
            return Ok(());
        };
        rows.read(&mut |row: Row<'_>| {
            go_on(watch)?;
            if self.layout.admits(&row).is_ok() {
                keyed.see_whole(&row, (&self.columns, self.encoding), &mut self.notes);
            }
            Ok(true)
        })?;
        self.rows = self.seen - keyed.earlier;
        Ok(())
    }
}

/// Draws the conclusions from a reading, given what config says of the table, and `said`, the encoding that config or the file names.
///
/// # Errors
/// The encoding is ambiguous.
pub(super) fn concluded(
    reading: &Reading,
    layout: Layout,
    repeats: Repeats,
    table: Table<'_>,
    said: Option<Encoding>,
) -> Result<Survey, ImportError> {
    let tallies = &reading.tallies;
    let form = table.form;
    let Repeats {
        mut keyed,
        copies,
        notes: of_repeats,
    } = repeats;
    let mut notes = reading.notes.clone();
    notes.extend(of_repeats);
    let encoding = reading.letters.encoding(table.name, said, &mut notes)?;
    let known = form.decimal.or_else(|| decimal(tallies));
    let names = layout.names(tallies.len(), encoding);
    let (mut columns, mut told, mut attention) = (Vec::new(), Vec::new(), Vec::new());
    if said.is_some_and(|said| said != encoding) {
        told.push("it is UTF-8, not Windows-1252 as config says, and is read as UTF-8: take `encoding:` out of config".to_owned());
    }
    for (place, (tally, (name, renamed))) in tallies.iter().zip(names).enumerate() {
        // Headings that end in separators leave a column without values and even without a name.
        if tally.filled == 0 && layout.is_unnamed(place) {
            continue;
        }
        told.extend(renamed);
        if let Some(words) = tally.dates.two_orders() {
            told.push(format!(
                "`{name}` has dates as {words}, and most could be either: `muster check` says what becomes of them"
            ));
        }
        if let Some(words) = tally.dates.half_turned() {
            attention.push(format!("`{name}` {words}"));
        }
        let is_link = form.is_link(table.table, &name);
        let is_key = is_link || keyed.as_ref().is_some_and(|keyed| keyed.is_at(place));
        columns.push(Column::of(tally, (name, place), known, is_key));
    }
    if let Some(keyed) = &mut keyed {
        keyed.settle(&columns, encoding, &mut notes);
    }
    let left_out = keyed.as_ref().filter(|keyed| keyed.is_last_alone);
    let (mut dates, mut of_several_forms) = (BTreeSet::new(), Vec::new());
    for column in columns.iter().filter(|c| c.spelling == Spelling::Text) {
        let tally = tallies.get(column.place);
        if let Some((words, is_of_several)) = tally.and_then(|tally| tally.dates.words()) {
            dates.insert(words);
            of_several_forms.extend(is_of_several.then(|| column.name.clone()));
        }
    }
    Ok(Survey {
        seen: reading.count,
        rows: reading.count - left_out.map_or(0, |keyed| keyed.earlier),
        copies,
        keyed,
        encoding,
        letters: BTreeSet::from([encoding::name(encoding)]),
        decimal: columns.iter().find_map(Column::decimal),
        is_grouped: columns
            .iter()
            .any(|column| matches!(column.spelling, Spelling::Decimal(_, true))),
        dates,
        of_several_forms,
        columns,
        layout,
        notes,
        told,
        attention,
    })
}
