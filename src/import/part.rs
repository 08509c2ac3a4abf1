//! A table of one file or several: surveyed, then written.

mod described;
mod joining;
mod opening;
mod written;

use std::collections::BTreeMap;

pub(super) use self::opening::{parts, tables_of};
use self::written::Written;
use super::ImportError;
use super::ahead::read_ahead;
use super::contested::contested;
use super::currencies::Currencies;
use super::files::ends_line;
use super::keyed::Keyed;
use super::layout::Layout;
use super::limits::Limits;
use super::meant::{By, told_by};
use super::rows::{Row, Rows};
use super::source::{Source, Unit, files_of, name_of};
use super::survey::{Survey, Table, survey};
use crate::config::{Encoding, FileForm, RowsOf, Separator, Sheets};
use crate::connector::NewDatabase;
use crate::engine::Watch;

/// An imported table, and how its files are written.
#[derive(Debug)]
pub(super) struct ImportedTable {
    /// The name of the file, or that of the first of several and how many more there are.
    pub(super) file: String,
    /// Whether it is made of files or of sheets.
    pub(super) unit: Unit,
    /// All its files or sheets.
    pub(super) files: Vec<ImportedFile>,
    /// How each of its files is written, in the form that config takes: what differs from commas, points and UTF-8. The keys are the names or
    /// patterns by which config refers to the files.
    pub(super) forms: BTreeMap<String, FileForm>,
    pub(super) table: String,
    pub(super) rows: u64,
    /// How many rows equal an earlier one in every column, if config says nothing of such rows.
    pub(super) copies: u64,
    /// How its files are written, in words.
    pub(super) facts: Vec<String>,
    /// Lines about what did not fit.
    pub(super) notes: Vec<String>,
    /// What may have cost rows, each with its file.
    pub(super) grave: Vec<String>,
    /// What needs attention, each with its file.
    pub(super) attention: Vec<String>,
}

/// A file of a table, or a sheet of one.
#[derive(Debug)]
pub(super) struct ImportedFile {
    pub(super) name: String,
    /// The sheet, if the workbook has several.
    pub(super) sheet: Option<String>,
    /// Its name for people.
    pub(super) shown: String,
    /// The name that tells which time it is for.
    pub(super) dated: String,
    /// How many rows it holds, including those that are left out.
    pub(super) rows: u64,
    /// Whether its last line has a line ending.
    pub(super) ends_line: bool,
}

/// A table of one file or several that is not read yet.
pub(super) struct Part<'f> {
    pub(super) table: String,
    pub(super) rows: Box<dyn Rows + 'f>,
    /// The result of the first reading, if there was one.
    found: Option<Survey>,
    /// What in its file is not read, for people.
    pub(super) left_out: Option<String>,
    /// The sources of its rows, at least one.
    sources: Vec<Source<'f>>,
    /// What config says of these.
    form: FileForm,
    /// What rows are counted by: `line` or `row`.
    counted: &'static str,
    separator: Option<Separator>,
    pub(super) encoding: Option<Encoding>,
}

/// A name for a table that collides neither with Muster's own names nor with SQLite's.
fn own_name(name: String) -> String {
    let begins = |begin: &str| name.to_lowercase().starts_with(begin);
    match begins("muster_") || begins("_muster_") || begins("sqlite_") {
        true => format!("file_{name}"),
        false => name,
    }
}

impl<'f> Part<'f> {
    /// Whether it is one of the sheets of its file.
    pub(super) fn is_sheet(&self) -> bool {
        let mut sources = self.sources.iter();
        !self.is_series() && sources.any(|source| source.sheet.is_some())
    }

    /// Whether config makes one table of the sheets with the same name.
    fn is_of_sheets(&self) -> bool {
        self.is_sheet() && self.form.sheets == Some(Sheets::ByName)
    }

    /// Whether config makes one table of the sheets of its file.
    pub(super) fn is_together(&self) -> bool {
        self.unit() == Unit::Sheet
    }

    /// Whether config takes only the last of several files.
    pub(super) fn is_last_alone(&self) -> bool {
        self.form.rows == Some(RowsOf::LastFile)
    }

    /// Whether config names the table.
    fn is_named(&self) -> bool {
        let mut sources = self.sources.iter();
        sources.any(|source| source.file.form.table.is_some())
    }

    /// The name of its file, or of its files.
    pub(super) fn name(&self) -> String {
        name_of(&self.sources)
    }

    /// The first of its files, or sheets.
    pub(super) fn source(&self) -> Option<&Source<'f>> {
        self.sources.first()
    }

    fn unit(&self) -> Unit {
        Unit::of(self.sources.iter())
    }

    fn is_series(&self) -> bool {
        self.sources.len() > 1
    }

    /// Finds its headings.
    ///
    /// # Errors
    /// It cannot be read, or does not have the row that config names as its headings.
    pub(super) fn layout(&self) -> Result<Layout, ImportError> {
        Layout::of(&*self.rows, &self.name(), &self.form)
    }

    /// Whether there is a row below its headings.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn has_rows(&self) -> Result<bool, ImportError> {
        let layout = self.layout()?;
        let mut has_rows = false;
        self.rows.read(&mut |row: Row<'_>| {
            has_rows = layout.admits(&row).is_ok();
            Ok(!has_rows)
        })?;
        Ok(has_rows)
    }

    fn limits<'a>(&self, name: &'a str, watch: &'a dyn Watch) -> Limits<'a> {
        Limits::of(name, files_of(&self.sources).into_iter(), watch)
    }

    /// Reads it for the first time, unless that was done already. `key` is the column that config names as its key. `None` if it holds nothing, not
    /// even headings.
    pub(super) fn surveyed(
        mut self,
        key: Option<&str>,
        watch: &dyn Watch,
    ) -> Result<Option<(Self, Survey)>, ImportError> {
        let name = self.name();
        let limits = self.limits(&name, watch);
        let found = match self.found.take() {
            Some(found) => found,
            None => survey(
                &*self.rows,
                Table {
                    table: &self.table,
                    name: &name,
                    form: &self.form,
                    key,
                },
                self.encoding,
                &[],
                &limits,
            )?,
        };
        Ok((!found.columns.is_empty()).then_some((self, found)))
    }

    /// Writes its rows into the database, based on what the survey found.
    pub(super) fn imported(
        self,
        found: &Survey,
        is_of_people: bool,
        new: &NewDatabase,
        watch: &dyn Watch,
    ) -> Result<ImportedTable, ImportError> {
        let name = self.name();
        let limits = self.limits(&name, watch);
        let currencies = self.write(&name, found, new, &limits)?;
        let seen = found.notes.clone();
        let seen = if is_of_people { seen.of_people() } else { seen };
        let (grave, others) = seen.parted();
        let own = grave.lines(self.counted, self.unit()).into_iter();
        let of_series = self.rows.grave();
        let mut notes = self.rows.told();
        let mut attention = self.rows.attention();
        notes.extend(
            own.clone()
                .chain(of_series.iter().chain(&attention).cloned()),
        );
        if !self.is_series() {
            notes.extend(found.attention.iter().cloned());
            let lines = found.attention.iter();
            attention.extend(lines.map(|line| format!("{name}: {line}")));
        }
        let missing = found.keyed.as_ref().filter(|_| is_of_people);
        notes.extend(missing.and_then(|keyed| self.missing(keyed)));
        let not_corrected = found
            .keyed
            .iter()
            .flat_map(|keyed| self.not_corrected(keyed));
        notes.extend(not_corrected);
        notes.extend(others.lines(self.counted, self.unit()));
        notes.extend(contested(&*self.rows, found, self.counted, watch)?);
        let copies = found.copies.iter();
        notes.extend(copies.flat_map(|copies| copies.told(self.counted)));
        notes.extend(found.told.iter().cloned());
        notes.extend(found.layout.doubted(self.counted));
        let columns = found.columns.iter();
        notes.extend(columns.filter_map(|column| column.told(self.counted)));
        let columns = found.columns.iter().zip(&currencies);
        notes.extend(columns.filter_map(|(column, of)| of.told(&column.name, self.counted)));
        Ok(ImportedTable {
            unit: self.unit(),
            files: self.imported_files(found),
            forms: self.forms(found),
            grave: own
                .map(|line| format!("{name}: {line}"))
                .chain(of_series)
                .collect(),
            attention,
            facts: self.facts(found),
            file: name,
            table: self.table,
            rows: found.rows,
            copies: found.copies.as_ref().map_or(0, |copies| copies.count),
            notes,
        })
    }

    /// The message that people of earlier files are missing from the last one that has rows, if it lists most of them: they may have left.
    fn missing(&self, keyed: &Keyed) -> Option<String> {
        let firsts = self.rows.lacking().into_iter().map(|(first, _)| first);
        let mut all = self.sources.iter().zip(firsts).zip(self.rows.of_each());
        let ((last, first), _) = all.rfind(|(_, rows)| *rows > 0)?;
        let missing = keyed.missing_from(first)?;
        let (one, several) = (self.unit().one(), self.unit().several());
        let of_earlier = match missing {
            1 => format!("1 key of earlier {several} is not in it: its row stays"),
            more => format!("{more} keys of earlier {several} are not in it: their rows stay"),
        };
        Some(format!(
            "{}: {of_earlier}; with `rows: last_file`, only this {one} is imported",
            last.name()
        ))
    }

    /// The message that a file whose name is that of another plus something, as that of a corrected month is, replaces most rows of the other but
    /// not all.
    fn not_corrected(&self, keyed: &Keyed) -> Vec<String> {
        let firsts = self.rows.lacking().into_iter().map(|(first, _)| first);
        let files = self.sources.iter().zip(firsts).zip(self.rows.of_each());
        let files: Vec<((&Source<'_>, u64), u64)> = files.collect();
        let told = files.windows(2).filter_map(|pair| {
            let [((source, first), rows), ((later, _), _)] = pair else {
                return None;
            };
            let is_more = told_by(&source.dated_name(), &later.dated_name()) == By::More;
            let left = keyed.left_among(&(*first..first + rows)).filter(|_| is_more)?;
            let left = u64::try_from(left).ok()?;
            let (name, one) = (source.name(), self.unit().one());
            let of_it = match left {
                0 => return None,
                1 => format!("1 of the {rows} rows of {name} is not in it and stays"),
                left => format!("{left} of the {rows} rows of {name} are not in it and stay"),
            };
            (left * 2 <= *rows).then(|| {
                format!(
                    "{}: {of_it}; if this {one} is a correction that leaves them out on purpose, remove {name}",
                    later.name()
                )
            })
        });
        told.collect()
    }

    /// Its files, or sheets, with their numbers of rows.
    fn imported_files(&self, found: &Survey) -> Vec<ImportedFile> {
        let rows = match self.is_series() {
            true => self.rows.of_each(),
            false => vec![found.seen],
        };
        let files = self.sources.iter().zip(rows);
        let files = files.map(|(source, rows)| ImportedFile {
            name: source.file.name.clone(),
            sheet: source.sheet.clone(),
            shown: source.name(),
            dated: source.dated_name(),
            rows,
            ends_line: ends_line(source.file),
        });
        files.collect()
    }

    /// Writes the rows. Returns the currencies of the amounts in each column.
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
            limits.show(count, || Some(found.rows));
            table.begin(row.place);
            let columns = found.columns.iter().zip(&mut currencies);
            for (place, ((column, of), text)) in columns.zip(row.cells).enumerate() {
                of.see(text, row.place);
                table.set(place, column.value(text)).map_err(unwritable)?;
            }
            table.write().map_err(unwritable)?;
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
}
