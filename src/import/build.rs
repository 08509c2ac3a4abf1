//! The second reading: writes the rows of all files as tables of a new database.

use std::path::{Path, PathBuf};

use super::ImportError;
use super::by_table::plan;
use super::files::{Folder, LeftOut, are_empty, files, state};
use super::gone::finds_all;
use super::imported::Imported;
use super::part::ImportedTable;
use super::surveys::{Said, each_surveyed};
use crate::config::FileSet;
use crate::connector::{NewDatabase, SourceFile, Told, files_in, state_of};
use crate::disk::{Access, Fresh, folder_of, sweep};
use crate::engine::Watch;

/// A complete database that is not in its place yet. Dropping it leaves nothing behind.
#[derive(Debug)]
pub struct Built {
    fresh: Fresh,
    database: PathBuf,
    /// What the database is made of, and the state of those files before they were read.
    read: (FileSet, i32),
    /// What the database holds.
    pub imported: Imported,
}

impl Built {
    /// The path of the file until it is kept.
    pub fn file(&self) -> &Path {
        self.fresh.aside()
    }

    /// Records in the database that config will say this of the files, so that they still count as the same files.
    ///
    /// # Errors
    /// The folder can no longer be read, or the file cannot be written.
    pub fn described(&self, set: &FileSet) -> Result<(), ImportError> {
        let state = state(&files(set)?);
        let written = NewDatabase::begin(self.fresh.aside()).and_then(|new| new.finish(state));
        written.map_err(ImportError::World)
    }

    /// Moves the database into its place.
    ///
    /// # Errors
    /// The files have changed since, the disk is full, or another program's database is in that place.
    pub fn keep(self) -> Result<Imported, ImportError> {
        let (set, before) = &self.read;
        if state(&files(set)?) != *before {
            let words = "the files changed while they were read; nothing was imported: try again";
            return Err(ImportError::World(words.to_owned()));
        }
        state_of(&self.database).map_err(ImportError::Files)?;
        let unwritable = |error: std::io::Error| cannot_write(&self.database, &error);
        // SQLite would replay leftovers of an old file into the new one.
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

/// Whether the files, or what config says of them, differ from what the database was made of.
///
/// # Errors
/// The files cannot be read or are missing, or the database was not made by an import.
pub(super) fn is_outdated(set: &FileSet, database: &Path) -> Result<bool, ImportError> {
    let before = state_of(database).map_err(ImportError::Files)?;
    Ok(before != Some(state(&files(set)?)))
}

/// Imports again if the files, or what config says of them, differ from what the database was made of. `None` if they do not differ.
///
/// # Errors
/// See [`import`].
pub fn refresh(
    set: &FileSet,
    database: &Path,
    watch: &dyn Watch,
) -> Result<Option<Imported>, ImportError> {
    match is_outdated(set, database)? {
        true => import(set, database, watch).map(Some),
        false => Ok(None),
    }
}

/// Builds the database from scratch and moves it into its place.
///
/// # Errors
/// See [`finds_all`], [`build`] and [`Built::keep`].
pub fn import(set: &FileSet, database: &Path, watch: &dyn Watch) -> Result<Imported, ImportError> {
    let before = state(&files(set)?);
    let dropped = finds_all(set, database)?;
    let mut built = build(set, database, watch)?;
    built.read.1 = before;
    built.imported.left_out.extend(dropped);
    // `keep` refuses a database that no import made.
    if state_of(database).is_ok_and(|state| state.is_some()) {
        let before = files_in(database).map_err(ImportError::World)?;
        let shrunk = built.imported.shrunk(&before);
        built.imported.left_out.extend(shrunk);
    }
    built.keep()
}

/// Builds the database next to its final place. The folder must exist.
///
/// # Errors
/// Files cannot be read or interpreted, two of them would become one table, the folder cannot be written to, or `watch` ended the build.
pub fn build(set: &FileSet, database: &Path, watch: &dyn Watch) -> Result<Built, ImportError> {
    let folder = files(set)?;
    let state = state(&folder);
    sweep(folder_of(database));
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
    let said = each_surveyed(plan(&folder.found)?, set, watch, &mut |part, found| {
        let mut people = set.people.iter();
        let is_of_people = people.any(|table| table.eq_ignore_ascii_case(&part.table));
        tables.push(part.imported(found, is_of_people, &new, watch)?);
        Ok(())
    })?;
    let Said {
        empty,
        apart,
        doubts,
        ..
    } = said;
    let left_out = folder.left_out.iter();
    let mut left_out: Vec<String> = left_out.map(LeftOut::line).collect();
    left_out.extend(said.left_out);
    has_rows(set, tables.iter().map(|table| &*table.table), &empty)?;
    left_out.extend(apart.iter().map(|apart| apart.line.clone()));
    left_out.extend(
        empty
            .iter()
            .map(|(name, _)| format!("{name}: left out: it is empty")),
    );
    let called_so = folder.left_out.iter().filter(|left| left.is_called_so);
    let grave = tables.iter().flat_map(|table| table.grave.iter().cloned());
    // A table that config names itself is meant to be separate.
    let is_read = |table: &String| {
        set.named
            .iter()
            .any(|named| named.eq_ignore_ascii_case(table))
    };
    let apart = apart
        .into_iter()
        .filter(|apart| !apart.is_beside && !is_read(&apart.table));
    let told = grave.chain(called_so.map(LeftOut::line));
    let told = told.chain(apart.map(|apart| apart.line));
    let told = told.map(|line| Told {
        line,
        needs_attention: false,
    });
    let attention = tables.iter().flat_map(|table| table.attention.iter());
    let attention = attention.cloned().chain(doubts).map(|line| Told {
        line,
        needs_attention: true,
    });
    let told: Vec<Told> = told.chain(attention).collect();
    let made_of = new.made_of(&source_files(&tables), &told);
    made_of
        .and_then(|()| new.finish(state))
        .map_err(unwritable)?;
    Ok(Built {
        fresh,
        database: database.to_path_buf(),
        read: (set.clone(), state),
        imported: Imported { tables, left_out },
    })
}

/// Reads all files as an import does before it writes their rows.
///
/// # Errors
/// The import would fail: see [`build`].
pub(super) fn can_be_read(
    set: &FileSet,
    folder: &Folder,
    watch: &dyn Watch,
) -> Result<(), ImportError> {
    let mut tables: Vec<String> = Vec::new();
    let said = each_surveyed(plan(&folder.found)?, set, watch, &mut |part, _| {
        tables.push(part.table);
        Ok(())
    })?;
    has_rows(set, tables.iter().map(String::as_str), &said.empty)
}

/// Checks that there is something to import, and something for each table that config names.
///
/// # Errors
/// The files are empty.
fn has_rows<'t>(
    set: &FileSet,
    tables: impl Iterator<Item = &'t str>,
    empty: &[(String, String)],
) -> Result<(), ImportError> {
    let tables: Vec<&str> = tables.collect();
    match without_rows(set, &tables, empty) {
        Some(why) => Err(ImportError::Files(format!("{why}; nothing was imported"))),
        None => Ok(()),
    }
}

/// Why there is nothing to import, or nothing for a table that config names: its files are empty.
fn without_rows(set: &FileSet, tables: &[&str], empty: &[(String, String)]) -> Option<String> {
    let names = |is_of: &dyn Fn(&str) -> bool| -> Vec<String> {
        let files = empty.iter().filter(|(_, table)| is_of(table));
        files.map(|(file, _)| file.clone()).collect()
    };
    if tables.is_empty() {
        return Some(are_empty(&names(&|_| true)));
    }
    set.named.iter().find_map(|named| {
        let is_it = |table: &str| table.eq_ignore_ascii_case(named);
        let files = names(&is_it);
        let is_there = tables.iter().any(|table| is_it(table));
        (!is_there && !files.is_empty()).then(|| {
            format!(
                "{}, and the table `{named}`, which config names, is made of nothing else",
                are_empty(&files)
            )
        })
    })
}

fn source_files(tables: &[ImportedTable]) -> Vec<SourceFile> {
    let files = tables.iter().flat_map(|table| {
        let files = table.files.iter();
        files.map(|file| SourceFile {
            name: file.name.clone(),
            sheet: file.sheet.clone(),
            table: table.table.clone(),
            rows: Some(file.rows),
            ends_line: file.ends_line,
        })
    });
    files.collect()
}

fn cannot_write(database: &Path, error: &std::io::Error) -> ImportError {
    ImportError::World(format!(
        "`{}` cannot be written: {error}",
        database.display()
    ))
}
