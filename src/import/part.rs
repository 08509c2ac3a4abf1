//! A table of a file: found, surveyed, written.

mod joining;

use std::collections::BTreeSet;

use csv::ByteRecord;

use super::ImportError;
use super::ahead::read_ahead;
use super::currencies::Currencies;
use super::delimited::Delimited;
use super::encoding;
use super::files::{Found, Kind};
use super::limits::{Limits, go_on};
use super::notes::Notes;
use super::rows::{Row, Rows, Take};
use super::survey::{Survey, survey};
use super::workbook::{Sheet, sheets};

use crate::config::{Decimal, Encoding, FileForm, Separator};
use crate::connector::NewDatabase;
use crate::engine::Watch;

/// A table, and how its file is written.
#[derive(Debug)]
pub(super) struct ImportedTable {
    /// The name of the file, or of the first of several and how many more they are.
    pub(super) file: String,
    /// The names of all its files.
    pub(super) files: Vec<String>,
    /// By what config names its files.
    pub(super) named: BTreeSet<String>,
    pub(super) table: String,
    pub(super) rows: u64,
    /// How many of them are the same as an earlier one in every column, where nothing is said of such.
    pub(super) copies: u64,
    /// How the file is written, as config can say it: what differs from commas, points and UTF-8.
    pub(super) form: FileForm,
    /// The same in words.
    pub(super) facts: Vec<String>,
    /// What did not fit, in lines.
    pub(super) notes: Vec<String>,
}

/// A table of a file, or of several, not read yet.
pub(super) struct Part<'f> {
    pub(super) table: String,
    pub(super) rows: Box<dyn Rows + 'f>,
    /// The files, at least one.
    files: Vec<&'f Found>,
    /// What config says of them.
    form: FileForm,
    /// What rows are counted by.
    counted: &'static str,
    separator: Option<Separator>,
    pub(super) encoding: Option<Encoding>,
    /// Which sheet it is, where there are several.
    sheet: Option<String>,
}

/// What came of a table of a file.
pub(super) enum Came {
    Imported(Box<ImportedTable>),
    /// It holds nothing, not even headings.
    Empty,
}

/// The rows of a table as they are written: the columns that are kept, in UTF-8, empty where they hold nothing.
struct Written<'a> {
    rows: &'a dyn Rows,
    found: &'a Survey,
    watch: &'a dyn Watch,
}

impl Rows for Written<'_> {
    fn read(&self, take: Take<'_>) -> Result<Notes, ImportError> {
        let Survey {
            layout,
            columns,
            encoding,
            keyed,
            ..
        } = self.found;
        let mut cells = ByteRecord::new();
        self.rows.read(&mut |row: Row<'_>| {
            // Rows that are left out can be all that follow.
            go_on(self.watch)?;
            let is_kept = || keyed.as_ref().is_none_or(|keyed| keyed.keeps(&row));
            if layout.admits(&row).is_err() || !is_kept() {
                return Ok(true);
            }
            cells.clear();
            for column in columns {
                let cell = row.cells.get(column.place).unwrap_or_default();
                let text = encoding::letters(cell, *encoding);
                match text.trim().is_empty() {
                    true => cells.push_field(&[]),
                    false => cells.push_field(column.written(text).as_bytes()),
                }
            }
            take(Row {
                cells: &cells,
                numbers: &[],
                ..row
            })
        })
    }
}

/// The name of a table, which is none of ours and none of SQLite's.
fn own_name(name: String) -> String {
    let begins = |begin: &str| name.to_lowercase().starts_with(begin);
    match begins("muster_") || begins("_muster_") || begins("sqlite_") {
        true => format!("file_{name}"),
        false => name,
    }
}

/// The tables of a file.
pub(super) fn parts(file: &Found) -> Result<Vec<Part<'_>>, ImportError> {
    let stem = file
        .path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let wanted = |otherwise: &str| {
        own_name(
            file.form
                .table
                .clone()
                .unwrap_or_else(|| otherwise.trim().to_owned()),
        )
    };
    if file.kind == Kind::Text {
        let rows = Delimited::look(&file.path, &file.name, &file.form)?;
        return Ok(vec![Part {
            table: wanted(&stem),
            separator: Some(rows.separator),
            encoding: rows.encoding,
            rows: Box::new(rows),
            files: vec![file],
            form: file.form.clone(),
            counted: "line",
            sheet: None,
        }]);
    }
    let mut sheets = sheets(&file.path, &file.name)?;
    if let Some(sheet) = &file.form.sheet {
        if !sheets.iter().any(|known| known.name == *sheet) {
            let words = format_args!(
                "it has no sheet `{sheet}`; its sheets are {}",
                listed(&sheets)
            );
            return Err(ImportError::of(&file.name, words));
        }
        sheets.retain(|known| known.name == *sheet);
    }
    let is_alone = sheets.len() == 1;
    if let Some(key) = file.form.key.as_ref().filter(|_| !is_alone) {
        let words = format_args!(
            "it has several sheets, and `key: {key}` is of one: write `sheet:` too, one of {}",
            listed(&sheets)
        );
        return Err(ImportError::of(&file.name, words));
    }
    if let Some(table) = file.form.table.as_ref().filter(|_| !is_alone) {
        let words = format_args!(
            "it has several sheets, and only one can be the table `{table}`: write `sheet:` too, one of {}",
            listed(&sheets)
        );
        return Err(ImportError::of(&file.name, words));
    }
    let parts = sheets.into_iter().map(|sheet| Part {
        table: if is_alone {
            wanted(&stem)
        } else {
            own_name(sheet.name.trim().to_owned())
        },
        sheet: (!is_alone).then(|| sheet.name.clone()),
        rows: Box::new(sheet),
        files: vec![file],
        form: file.form.clone(),
        counted: "row",
        separator: None,
        encoding: Some(Encoding::Utf8),
    });
    Ok(parts.collect())
}

impl<'f> Part<'f> {
    /// Whether it is one of the sheets of its file.
    pub(super) fn is_sheet(&self) -> bool {
        self.sheet.is_some()
    }

    /// Whether config names the table.
    fn is_named(&self) -> bool {
        self.files.iter().any(|file| file.form.table.is_some())
    }

    /// What its file is called, or its files.
    pub(super) fn name(&self) -> String {
        match self.files.as_slice() {
            [first, rest @ ..] if !rest.is_empty() => {
                let files = if rest.len() == 1 { "file" } else { "files" };
                format!("{} and {} more {files}", first.name, rest.len())
            }
            files => files.iter().map(|file| file.name.as_str()).collect(),
        }
    }

    /// The first of its files, and whether there are more.
    pub(super) fn file(&self) -> Option<&'f Found> {
        self.files.first().copied()
    }

    fn is_series(&self) -> bool {
        self.files.len() > 1
    }

    /// Reads it into the database; `key` is the column that config names as its key.
    pub(super) fn imported(
        self,
        key: Option<&str>,
        new: &NewDatabase,
        watch: &dyn Watch,
    ) -> Result<Came, ImportError> {
        let name = self.name();
        let limits = Limits::of_all(&name, self.files.iter().copied(), watch);
        let mut said = self.form.clone();
        if self.is_series() {
            // A series begins with them.
            said.headings = Some(1);
        }
        let found = survey(&*self.rows, &name, (&said, key), self.encoding, &limits)?;
        if found.columns.is_empty() {
            return Ok(Came::Empty);
        }
        let currencies = self.write(&name, &found, new, &limits)?;
        let mut notes = self.rows.told();
        notes.extend(found.notes.lines(self.counted));
        notes.extend(found.told.iter().cloned());
        notes.extend(
            found
                .columns
                .iter()
                .filter_map(|column| column.told(self.counted)),
        );
        let columns = found.columns.iter().zip(&currencies);
        notes.extend(columns.filter_map(|(column, of)| of.told(&column.name, self.counted)));
        let files = self.files.iter();
        Ok(Came::Imported(Box::new(ImportedTable {
            files: files.clone().map(|file| file.name.clone()).collect(),
            named: files.map(|file| file.named.clone()).collect(),
            facts: self.facts(&found),
            form: self.form(&found),
            file: name,
            table: self.table,
            rows: found.rows,
            copies: found.copies,
            notes,
        })))
    }

    /// Gives for each column in what its amounts are.
    fn write(
        &self,
        name: &str,
        found: &Survey,
        new: &NewDatabase,
        limits: &Limits<'_>,
    ) -> Result<Vec<Currencies>, ImportError> {
        let unwritable = |words: String| ImportError::World(format!("{name}: {words}"));
        let declared = found
            .columns
            .iter()
            .map(|column| (column.name.as_str(), column.declared()));
        let mut table = new
            .table(&self.table, &declared.collect::<Vec<_>>())
            .map_err(unwritable)?;
        let mut count = 0;
        let mut currencies: Vec<Currencies> = found
            .columns
            .iter()
            .map(|_| Currencies::default())
            .collect();
        let written = Written {
            rows: &*self.rows,
            found,
            watch: limits.watch,
        };
        read_ahead(&written, &mut |row: Row<'_>| {
            count += 1;
            let columns = found.columns.iter().zip(&mut currencies);
            for (place, ((column, of), text)) in columns.zip(row.cells).enumerate() {
                of.see(text, row.place);
                table.set(place, column.value(text)).map_err(unwritable)?;
            }
            table.write(row.place).map_err(unwritable)?;
            Ok(true)
        })?;
        match count == found.rows {
            true => Ok(currencies),
            false => Err(ImportError::of(
                name,
                "it changed while it was read; try again",
            )),
        }
    }

    /// How it is written, in words.
    fn facts(&self, found: &Survey) -> Vec<String> {
        let mut facts = Vec::new();
        if let Some(separator) = self.separator {
            facts.push(separator_name(separator).to_owned());
        }
        if self.separator.is_some() && !self.is_series() {
            facts.push(encoding::name(found.encoding).to_owned());
        }
        facts.extend(self.sheet.iter().map(|sheet| format!("sheet `{sheet}`")));
        match (found.layout.headed, found.layout.above) {
            _ if self.is_series() => {}
            (None, _) => facts.push("no headings".to_owned()),
            (Some(_), 0) => {}
            (Some(place), _) => facts.push(format!("headings in {} {place}", self.counted)),
        }
        facts.extend((found.decimal == Some(Decimal::Comma)).then(|| "decimal commas".to_owned()));
        facts.extend(found.is_grouped.then(|| "thousands set apart".to_owned()));
        let dates = found.dates.iter();
        facts.extend(dates.map(|words| format!("dates as {words}")));
        let stem = self.file().and_then(|file| file.path.file_stem());
        let stem = stem.unwrap_or_default().to_string_lossy();
        facts.extend((stem != self.table).then(|| format!("as table `{}`", self.table)));
        facts
    }

    /// What config says of it from now on, so that a file that looks otherwise one day is not read otherwise.
    fn form(&self, found: &Survey) -> FileForm {
        let said = self.form.clone();
        let separator = self
            .separator
            .filter(|separator| *separator != Separator::Comma);
        let decimal = found.decimal.filter(|decimal| *decimal != Decimal::Point);
        let headings = found
            .layout
            .headed
            .map_or(0, |place| u32::try_from(place).unwrap_or(u32::MAX));
        match self.separator {
            None => said,
            // Titles and letters are each file's own.
            Some(_) if self.is_series() => FileForm {
                separator,
                decimal,
                ..said
            },
            Some(_) => FileForm {
                encoding: Some(found.encoding).filter(|encoding| *encoding != Encoding::Utf8),
                separator,
                decimal,
                headings: Some(headings).filter(|place| *place != 1),
                ..said
            },
        }
    }
}

fn listed(sheets: &[Sheet]) -> String {
    let names = sheets.iter().map(|sheet| format!("`{}`", sheet.name));
    names.collect::<Vec<_>>().join(", ")
}

fn separator_name(separator: Separator) -> &'static str {
    match separator {
        Separator::Comma => "commas",
        Separator::Semicolon => "semicolons",
        Separator::Tab => "tabs",
        Separator::Bar => "bars",
    }
}
