//! What an earlier import read and no file holds any more: most likely the file is on its way, unless nothing reads it.

use std::path::Path;

use super::ImportError;
use super::files::{are_empty, files};
use super::part::parts;
use super::series::is_empty;
use crate::config::FileSet;
use crate::connector::{files_in, state_of, tables_in};

/// What there is in place of what an earlier import read.
pub(super) struct Present {
    /// Files, each with its table.
    pub(super) files: Vec<(String, String)>,
    /// The names of files that hold nothing.
    pub(super) empty: Vec<String>,
}

impl Present {
    /// By a look at the files, before they are imported.
    fn of(set: &FileSet) -> Result<Self, ImportError> {
        let mut present = Self {
            files: Vec::new(),
            empty: Vec::new(),
        };
        for file in &files(set)?.0 {
            for part in parts(file)? {
                match is_empty(&*part.rows)? {
                    false => present.files.push((file.name.clone(), part.table)),
                    true if part.is_sheet() => {}
                    true => present.empty.push(file.name.clone()),
                }
            }
        }
        Ok(present)
    }

    fn has_file(&self, name: &str) -> bool {
        self.files.iter().any(|(file, _)| file == name)
    }

    fn has_table(&self, name: &str) -> bool {
        let mut tables = self.files.iter().map(|(_, table)| table);
        tables.any(|table| table.eq_ignore_ascii_case(name))
    }
}

/// That the next import finds what the last one did.
///
/// # Errors
/// It will not: in its words.
pub fn finds_all(set: &FileSet, database: &Path) -> Result<(), ImportError> {
    // What is no database of an import, [`super::build::Built::keep`] refuses.
    match state_of(database).is_ok_and(|state| state.is_some()) {
        true => gone(set, database, &Present::of(set)?).map(drop),
        false => Ok(()),
    }
}

/// The tables of the database that are in no file any more and that config does not name either, in lines.
///
/// # Errors
/// The database has a table that is in no file any more, or rows of such a file, and config names it.
pub(super) fn gone(
    set: &FileSet,
    database: &Path,
    present: &Present,
) -> Result<Vec<String>, ImportError> {
    let is_named = |table: &str| {
        let mut named = set.named.iter();
        set.named.is_empty() || named.any(|named| named.eq_ignore_ascii_case(table))
    };
    let files = files_in(database).map_err(ImportError::World)?;
    // That its table is gone says more.
    let has_more = |table: &String| {
        let of_table = files.iter().filter(|(_, of)| of == table);
        of_table.count() > 1
    };
    let (folder, shown) = (set.folder.display(), database.display());
    let mut of_files = files
        .iter()
        .filter(|(file, table)| !present.has_file(file) && has_more(table) && is_named(table));
    if let Some((gone, table)) = of_files.next() {
        return Err(ImportError::Files(format!(
            "`{shown}` has rows of `{gone}` in the table `{table}` from an earlier import, and `{folder}` has no such file any \
             more; nothing was imported. Put the file back, or, if its rows are not needed any more, delete `{shown}`: the next \
             import makes it anew without them"
        )));
    }
    // Its file may be read as part of another table now.
    let is_elsewhere = |name: &String| {
        let mut of_table = files.iter().filter(|(_, table)| table == name).peekable();
        of_table.peek().is_some() && of_table.all(|(file, _)| present.has_file(file))
    };
    let mut tables = tables_in(database).map_err(ImportError::World)?;
    tables.retain(|name| !present.has_table(name) && !is_elsewhere(name));
    match tables.iter().find(|table| is_named(table)) {
        None => {
            let lines = tables.iter().map(|table| {
                format!("the table `{table}` of an earlier import is dropped: its file is gone, and config does not name it")
            });
            Ok(lines.collect())
        }
        Some(gone) => Err(ImportError::Files(format!(
            "`{shown}` has the table `{gone}` from an earlier import, and the folder `{folder}` has no file for it any \
             more{empty}; nothing was imported. Put the file back, or, if nobody needs the table now, delete `{shown}`: the \
             next import makes it anew without that table",
            empty = match present.empty.as_slice() {
                [] => String::new(),
                empty => format!(" ({})", are_empty(empty)),
            },
        ))),
    }
}
