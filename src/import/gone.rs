//! What an earlier import read and no file holds any more: most likely the file is on its way or its export failed, unless nothing reads it.

use std::fs::symlink_metadata;
use std::path::Path;

use super::ImportError;
use super::files::{Found, are_empty, ends_line, files};
use super::layout::Layout;
use super::part::parts;
use crate::config::FileSet;
use crate::connector::{SourceFile, files_in, state_of, tables_in};

/// A table of a file as it is now.
struct Now {
    file: String,
    table: String,
    is_sheet: bool,
    /// Whether it holds anything, if only headings.
    is_filled: bool,
    /// How many rows it has, but no more than are asked for.
    rows: u64,
    ends_line: bool,
}

/// The files that an import would read, beside those of the last one.
struct Comparison<'a> {
    set: &'a FileSet,
    /// The database as it is shown.
    shown: String,
    before: Vec<SourceFile>,
    now: Vec<Now>,
}

/// That the next import finds what the last one did. Gives the tables that it will drop, as no file holds them any more and config does not
/// name them either, in lines.
///
/// # Errors
/// Config names a table, and its file is not there any more or has lost its rows: in words.
pub(super) fn finds_all(set: &FileSet, database: &Path) -> Result<Vec<String>, ImportError> {
    // What is no database of an import, [`super::build::Built::keep`] refuses.
    if !state_of(database).is_ok_and(|state| state.is_some()) {
        return Ok(Vec::new());
    }
    let before = files_in(database).map_err(ImportError::World)?;
    let mut now = Vec::new();
    for file in &files(set)?.found {
        now.extend(tables_now(file, &before)?);
    }
    let comparison = Comparison {
        set,
        shown: database.display().to_string(),
        before,
        now,
    };
    comparison.files()?;
    comparison.tables(tables_in(database).map_err(ImportError::World)?)
}

/// The tables of a file, of whose rows no more are counted than tell whether some are missing.
fn tables_now(file: &Found, before: &[SourceFile]) -> Result<Vec<Now>, ImportError> {
    let ends_line = ends_line(file);
    let mut tables = Vec::new();
    for part in parts(file)? {
        let mut before = before.iter().filter(|before| before.name == file.name);
        let asked = match before.find(|before| before.table == part.table) {
            Some(before) if before.ends_line && !ends_line => before.rows.unwrap_or(1),
            _ => 1,
        };
        let layout = Layout::of(&*part.rows, &file.name, &file.form)?;
        let (mut is_filled, mut rows) = (false, 0);
        part.rows.read(&mut |row| {
            is_filled = true;
            rows += u64::from(layout.admits(&row).is_ok());
            Ok(rows < asked)
        })?;
        tables.push(Now {
            file: file.name.clone(),
            is_sheet: part.is_sheet(),
            table: part.table,
            is_filled,
            rows,
            ends_line,
        });
    }
    Ok(tables)
}

impl Comparison<'_> {
    fn is_named(&self, table: &str) -> bool {
        let mut named = self.set.named.iter();
        self.set.named.is_empty() || named.any(|named| named.eq_ignore_ascii_case(table))
    }

    /// What holds rows of a file, or at least headings.
    fn filled<'f>(&'f self, file: &'f str) -> impl Iterator<Item = &'f Now> {
        let filled = self.now.iter().filter(|now| now.is_filled);
        filled.filter(move |now| now.file == file)
    }

    /// # Errors
    /// A file is not there any more, or its rows are not.
    fn files(&self) -> Result<(), ImportError> {
        for before in &self.before {
            if self.is_named(&before.table) {
                self.file(before)?;
            }
        }
        Ok(())
    }

    fn file(&self, before: &SourceFile) -> Result<(), ImportError> {
        let (name, table, shown) = (&before.name, &before.table, &self.shown);
        let is_it = |now: &&Now| now.file == *name && (now.table == *table || !now.is_sheet);
        let held = match before.rows {
            None => "rows".to_owned(),
            Some(1) => "1 row".to_owned(),
            Some(rows) => format!("{rows} rows"),
        };
        let lost = match self.now.iter().find(is_it) {
            Some(_) if before.rows == Some(0) => return Ok(()),
            Some(now) if !now.is_filled => "is empty now".to_owned(),
            Some(now) if before.rows.is_some() && now.rows == 0 => {
                "has headings and no rows now".to_owned()
            }
            Some(now) if before.ends_line && !now.ends_line && Some(now.rows) < before.rows => {
                format!("ends in the middle of a line now, with row {}", now.rows)
            }
            Some(_) => return Ok(()),
            // That its table is gone says more.
            None if !self.has_more(table) => return Ok(()),
            None => {
                let there = self.in_place_of(name).unwrap_or_else(|| {
                    let folder = self.set.folder.display();
                    format!("`{folder}` has no such file any more")
                });
                return Err(ImportError::Files(format!(
                    "`{shown}` has rows of `{name}` in the table `{table}` from an earlier import, and {there}; nothing was imported. Put the \
                     file back, or, if its rows are not needed any more, delete `{shown}`: the next import makes it anew without them"
                )));
            }
        };
        Err(ImportError::Files(format!(
            "`{name}` held {held} of the table `{table}` at the last import and {lost}; nothing was imported. Most likely its export failed: export \
             it again, or, if it is meant so, delete `{shown}`: the next import makes it anew of what there is"
        )))
    }

    /// Whether further files held rows of the table.
    fn has_more(&self, table: &str) -> bool {
        let of_table = self.before.iter().filter(|before| before.table == table);
        of_table.count() > 1
    }

    /// What stands where a file was, in words; none where nothing does.
    fn in_place_of(&self, name: &str) -> Option<String> {
        let meta = symlink_metadata(self.set.folder.join(name)).ok()?;
        match meta {
            meta if meta.is_symlink() => {
                Some(format!("`{name}` is a link now, which no import follows"))
            }
            meta if !meta.is_file() => Some(format!("`{name}` is no file any more")),
            _ => Some(format!("config does not mean `{name}` any more")),
        }
    }

    /// The tables that are dropped, in lines.
    ///
    /// # Errors
    /// No file holds a table any more, and config names it.
    fn tables(&self, mut tables: Vec<String>) -> Result<Vec<String>, ImportError> {
        // Its file may be read as part of another table now.
        let is_elsewhere = |table: &String| {
            let before = self.before.iter().filter(|before| before.table == *table);
            let mut before = before.peekable();
            before.peek().is_some() && before.all(|before| self.filled(&before.name).count() > 0)
        };
        let is_there = |table: &String| {
            let mut filled = self.now.iter().filter(|now| now.is_filled);
            filled.any(|now| now.table.eq_ignore_ascii_case(table))
        };
        tables.retain(|table| !is_there(table) && !is_elsewhere(table));
        let Some(gone) = tables.iter().find(|table| self.is_named(table)) else {
            let lines = tables.iter().map(|table| {
                format!("the table `{table}` of an earlier import is dropped: its file is gone, and config does not name it")
            });
            return Ok(lines.collect());
        };
        let (folder, shown) = (self.set.folder.display(), &self.shown);
        let of_gone = self.before.iter().filter(|before| before.table == *gone);
        let is_read = |name: &String| self.now.iter().any(|now| now.file == *name);
        let mut why: Vec<String> = of_gone
            .filter(|before| !is_read(&before.name))
            .filter_map(|before| self.in_place_of(&before.name))
            .collect();
        let empty = self
            .now
            .iter()
            .filter(|now| !now.is_filled && !now.is_sheet);
        let empty: Vec<String> = empty.map(|now| now.file.clone()).collect();
        why.extend((!empty.is_empty()).then(|| are_empty(&empty)));
        let why = match why.is_empty() {
            true => String::new(),
            false => format!(" ({})", why.join("; ")),
        };
        Err(ImportError::Files(format!(
            "`{shown}` has the table `{gone}` from an earlier import, and the folder `{folder}` has no file for it any more{why}; nothing was \
             imported. Put the file back, or, if nobody needs the table now, delete `{shown}`: the next import makes it anew without that table"
        )))
    }
}
