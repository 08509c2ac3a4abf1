//! The second reading: the rows of all files as tables of a new database.

use std::path::{Path, PathBuf};

use super::ImportError;
use super::delimited::Delimited;
use super::encoding;
use super::files::{Found, Kind, files, state};
use super::rows::{Row, Rows};
use super::survey::{Survey, survey};
use super::workbook::sheets;
use crate::config::{Decimal, Encoding, FileForm, FileSet, Marks, Separator};
use crate::connector::{NewDatabase, state_of};
use crate::disk::{Access, Fresh};

/// A database that is complete and not in its place yet. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct Built {
    fresh: Fresh,
    database: PathBuf,
    /// What is in it.
    pub imported: Imported,
}

/// What was imported.
#[derive(Debug)]
pub struct Imported {
    pub tables: Vec<ImportedTable>,
    /// What else lies in the folder, in lines.
    left_out: Vec<String>,
}

/// A table, and how its file is written.
#[derive(Debug)]
pub struct ImportedTable {
    /// The name of the file.
    pub file: String,
    pub table: String,
    pub rows: u64,
    /// How the file is written, as config can say it: what differs from commas, points and UTF-8.
    form: FileForm,
    /// The same in words.
    facts: Vec<String>,
    /// What did not fit, in lines.
    notes: Vec<String>,
}

impl Built {
    /// The file until it is kept.
    pub fn file(&self) -> &Path {
        self.fresh.aside()
    }

    /// Takes down that config will say this of the files: with it they are the same ones.
    ///
    /// # Errors
    /// The folder cannot be read any more, or the file not be written.
    pub fn described(&self, set: &FileSet) -> Result<(), ImportError> {
        let state = state(&files(set)?.0);
        let written = NewDatabase::begin(self.fresh.aside()).and_then(|new| new.finish(state));
        written.map_err(ImportError::World)
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// The disk is full, or the database of another program stands there.
    pub fn keep(self) -> Result<Imported, ImportError> {
        state_of(&self.database).map_err(ImportError::Files)?;
        let unwritable = |error: std::io::Error| cannot_write(&self.database, &error);
        // SQLite would replay what an old file left behind into the new one.
        for suffix in ["-journal", "-wal", "-shm"] {
            let mut beside = self.database.as_os_str().to_owned();
            beside.push(suffix);
            match std::fs::remove_file(beside) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(unwritable(error));
                }
                _ => {}
            }
        }
        self.fresh.keep().map_err(unwritable)?;
        Ok(self.imported)
    }
}

impl Imported {
    /// What config has to say of the files so that they are read as they were, by their names.
    pub fn forms(&self) -> Vec<(String, FileForm)> {
        let mut forms: Vec<(String, FileForm)> = Vec::new();
        for table in self
            .tables
            .iter()
            .filter(|table| table.form != FileForm::default())
        {
            if !forms.iter().any(|(file, _)| *file == table.file) {
                forms.push((table.file.clone(), table.form.clone()));
            }
        }
        forms
    }

    /// In lines for people: one a table, what did not fit under it, and what was left out.
    pub fn told(&self, marks: &Marks) -> Vec<String> {
        let mut lines = Vec::new();
        for table in &self.tables {
            let rows = usize::try_from(table.rows).unwrap_or(usize::MAX);
            let facts = table.facts.iter().map(|fact| format!(", {fact}"));
            lines.push(format!(
                "{}: {}{}",
                table.file,
                marks.counted(rows, "row"),
                facts.collect::<String>()
            ));
            lines.extend(table.notes.iter().map(|note| format!("  {note}")));
        }
        lines.extend(self.left_out.iter().cloned());
        lines
    }
}

/// Imports anew where the files, or what config says of them, differ from what the database was made of; none
/// where they do not.
///
/// # Errors
/// See [`build`] and [`Built::keep`].
pub fn refresh(set: &FileSet, database: &Path) -> Result<Option<Imported>, ImportError> {
    let before = state_of(database).map_err(ImportError::Files)?;
    let (found, _) = files(set)?;
    if before == Some(state(&found)) {
        return Ok(None);
    }
    build(set, database)?.keep().map(Some)
}

/// Makes the database, whose folder has to be there, beside its place.
///
/// # Errors
/// Files cannot be read or meant, two of them would be one table, or the folder cannot be written.
pub fn build(set: &FileSet, database: &Path) -> Result<Built, ImportError> {
    let (found, left_out) = files(set)?;
    // What changes from here on is found to have changed next time.
    let state = state(&found);
    let fresh =
        Fresh::beside(database, Access::Owner).map_err(|error| cannot_write(database, &error))?;
    let unwritable = |words: String| {
        ImportError::World(format!(
            "`{}` cannot be written: {words}",
            database.display()
        ))
    };
    let new = NewDatabase::begin(fresh.aside()).map_err(unwritable)?;
    let mut tables: Vec<ImportedTable> = Vec::new();
    for file in &found {
        for part in parts(file)? {
            let is_taken =
                |table: &&ImportedTable| table.table.to_lowercase() == part.table.to_lowercase();
            if let Some(other) = tables.iter().find(is_taken) {
                return Err(ImportError::of(
                    &file.name,
                    format_args!(
                        "it would be the table `{}`, which {} is: give one of them another name with `table:`",
                        part.table, other.file
                    ),
                ));
            }
            tables.extend(part.imported(file, &new)?);
        }
    }
    new.finish(state).map_err(unwritable)?;
    Ok(Built {
        fresh,
        database: database.to_path_buf(),
        imported: Imported { tables, left_out },
    })
}

fn cannot_write(database: &Path, error: &std::io::Error) -> ImportError {
    ImportError::World(format!(
        "`{}` cannot be written: {error}",
        database.display()
    ))
}

/// A table of a file, not read yet.
struct Part {
    table: String,
    rows: Box<dyn Rows>,
    /// What rows are counted by.
    counted: &'static str,
    separator: Option<Separator>,
    encoding: Option<Encoding>,
    /// Which sheet it is, where there are several.
    sheet: Option<String>,
}

/// The tables of a file.
fn parts(file: &Found) -> Result<Vec<Part>, ImportError> {
    let stem = file
        .path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let name = |name: String| {
        let begins = |begin: &str| name.to_lowercase().starts_with(begin);
        match begins("muster_") || begins("sqlite_") {
            true => format!("file_{name}"),
            false => name,
        }
    };
    let wanted = |otherwise: &str| {
        name(
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
            counted: "line",
            sheet: None,
        }]);
    }
    let mut sheets = sheets(&file.path, &file.name)?;
    if let Some(sheet) = &file.form.sheet {
        let names: Vec<String> = sheets
            .iter()
            .map(|sheet| format!("`{}`", sheet.name))
            .collect();
        sheets.retain(|known| known.name == *sheet);
        if sheets.is_empty() {
            let words = format_args!(
                "it has no sheet `{sheet}`; its sheets are {}",
                names.join(", ")
            );
            return Err(ImportError::of(&file.name, words));
        }
    }
    let is_alone = sheets.len() == 1;
    let parts = sheets.into_iter().map(|sheet| Part {
        table: if is_alone {
            wanted(&stem)
        } else {
            name(sheet.name.trim().to_owned())
        },
        sheet: (!is_alone).then(|| sheet.name.clone()),
        rows: Box::new(sheet),
        counted: "row",
        separator: None,
        encoding: Some(Encoding::Utf8),
    });
    Ok(parts.collect())
}

impl Part {
    /// Reads it into the database; none for a sheet among others that holds nothing.
    fn imported(
        self,
        file: &Found,
        new: &NewDatabase,
    ) -> Result<Option<ImportedTable>, ImportError> {
        let found = survey(&*self.rows, &file.name, &file.form, self.encoding)?;
        if found.columns.is_empty() {
            return match self.sheet {
                Some(_) => Ok(None),
                None => Err(ImportError::of(&file.name, "it is empty")),
            };
        }
        self.write(file, &found, new)?;
        let mut notes = found.notes.lines(self.counted);
        notes.extend(found.told.iter().cloned());
        Ok(Some(ImportedTable {
            file: file.name.clone(),
            facts: self.facts(&found, file),
            form: self.form(&found, file),
            table: self.table,
            rows: found.rows,
            notes,
        }))
    }

    fn write(&self, file: &Found, found: &Survey, new: &NewDatabase) -> Result<(), ImportError> {
        let unwritable = |words: String| ImportError::World(format!("{}: {words}", file.name));
        let declared = found
            .columns
            .iter()
            .map(|column| (column.name.as_str(), column.declared()));
        let mut table = new
            .table(&self.table, &declared.collect::<Vec<_>>())
            .map_err(unwritable)?;
        let mut count = 0;
        self.rows.read(&mut |row: Row<'_>| {
            if !found.layout.is_below(&row) || row.is_blank() {
                return Ok(true);
            }
            count += 1;
            for (place, column) in found.columns.iter().enumerate() {
                let cell = row.cells.get(column.place).unwrap_or_default();
                let text = encoding::letters(cell, found.encoding);
                let value = match column.declared() {
                    _ if text.trim().is_empty() => None,
                    "TEXT" => Some(match text.contains('\0') {
                        true => text.replace('\0', "\u{fffd}").into(),
                        false => text,
                    }),
                    _ => Some(column.spelling.plain(text.trim()).into_owned().into()),
                };
                table.set(place, value.as_deref()).map_err(unwritable)?;
            }
            table.write().map_err(unwritable)?;
            Ok(true)
        })?;
        match count == found.rows {
            true => Ok(()),
            false => Err(ImportError::of(
                &file.name,
                "it changed while it was read; try again",
            )),
        }
    }

    /// How it is written, in words.
    fn facts(&self, found: &Survey, file: &Found) -> Vec<String> {
        let mut facts = Vec::new();
        if let Some(separator) = self.separator {
            facts.push(separator_name(separator).to_owned());
            facts.push(encoding::name(found.encoding).to_owned());
        }
        facts.extend(self.sheet.iter().map(|sheet| format!("sheet `{sheet}`")));
        match (found.layout.headings, found.layout.above) {
            (None, _) => facts.push("no headings".to_owned()),
            (Some(_), 0) => {}
            (Some(place), _) => facts.push(format!("headings in {} {place}", self.counted)),
        }
        facts.extend((found.decimal == Some(Decimal::Comma)).then(|| "decimal commas".to_owned()));
        facts.extend(found.is_grouped.then(|| "thousands set apart".to_owned()));
        facts.extend(found.dates.words().map(str::to_owned));
        let stem = file.path.file_stem().unwrap_or_default().to_string_lossy();
        facts.extend((stem != self.table).then(|| format!("as table `{}`", self.table)));
        facts
    }

    /// What config says of it from now on, so that a file that looks otherwise one day is not read otherwise.
    fn form(&self, found: &Survey, file: &Found) -> FileForm {
        if self.separator.is_none() {
            return file.form.clone();
        }
        let headings = found
            .layout
            .headings
            .map_or(0, |place| u32::try_from(place).unwrap_or(u32::MAX));
        FileForm {
            encoding: Some(found.encoding).filter(|encoding| *encoding != Encoding::Utf8),
            separator: self
                .separator
                .filter(|separator| *separator != Separator::Comma),
            decimal: found.decimal.filter(|decimal| *decimal != Decimal::Point),
            headings: Some(headings).filter(|place| *place != 1),
            ..file.form.clone()
        }
    }
}

fn separator_name(separator: Separator) -> &'static str {
    match separator {
        Separator::Comma => "commas",
        Separator::Semicolon => "semicolons",
        Separator::Tab => "tabs",
        Separator::Bar => "bars",
    }
}
