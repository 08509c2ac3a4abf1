//! What an earlier import read and no file holds any more. Most likely the file is still to come or its export failed, unless nothing uses the
//! table.

use std::collections::BTreeMap;
use std::fs::symlink_metadata;
use std::path::Path;

use super::ImportError;
use super::files::{Found, are_empty, ends_line, files};
use super::part::parts;
use super::series::{are_alike, decisive, listed_headings, lost};
use super::source::{Source, Unit};
use crate::config::FileSet;
use crate::connector::{SourceFile, columns_in, files_in, state_of, tables_in};
use crate::value::is_same_name;

/// A table of a file, or a sheet of one, as it is now.
struct Now<'f> {
    source: Source<'f>,
    table: String,
    /// Whether it holds anything, even if only headings.
    is_filled: bool,
    /// How many rows it has, counted only as far as asked for.
    rows: u64,
    ends_line: bool,
    headings: Vec<String>,
    /// Whether its only row looks like a total.
    is_total: bool,
    /// Whether it would be the only one read if it were the last of its table.
    is_last_alone: bool,
}

/// The files that an import would read, compared with those of the last one.
struct Comparison<'a> {
    set: &'a FileSet,
    /// The path of the database as messages show it.
    shown: String,
    before: Vec<SourceFile>,
    /// The columns of each of its tables.
    columns: BTreeMap<String, Vec<String>>,
    now: Vec<Now<'a>>,
}

/// Checks that the next import finds what the last one did. Returns lines about the tables that it will drop, as no file holds them any more and
/// config does not name them either.
///
/// # Errors
/// Config names a table, and its file is missing or has lost its rows; the error says so in words.
pub(super) fn finds_all(set: &FileSet, database: &Path) -> Result<Vec<String>, ImportError> {
    // [`super::build::Built::keep`] refuses a database that no import made.
    if !state_of(database).is_ok_and(|state| state.is_some()) {
        return Ok(Vec::new());
    }
    let before = files_in(database).map_err(ImportError::World)?;
    let mut now = Vec::new();
    let found = files(set)?.found;
    for file in &found {
        now.extend(tables_now(file, &before)?);
    }
    let comparison = Comparison {
        set,
        shown: database.display().to_string(),
        before,
        columns: columns_in(database).map_err(ImportError::World)?,
        now,
    };
    comparison.files()?;
    comparison.tables(tables_in(database).map_err(ImportError::World)?)
}

/// The tables of a file. Rows are counted only as far as needed to tell whether some are missing.
fn tables_now<'f>(file: &'f Found, before: &[SourceFile]) -> Result<Vec<Now<'f>>, ImportError> {
    let ends_line = ends_line(file);
    let mut tables = Vec::new();
    for part in parts(file)? {
        let Some(source) = part.source().cloned() else {
            continue;
        };
        let mut before = before.iter();
        let asked = match before.find(|before| is_of(&source, &part.table, before)) {
            Some(before) if before.ends_line && !ends_line => before.rows.unwrap_or(1),
            // A second row tells that the first is not a total.
            _ => 2,
        };
        let layout = part.layout()?;
        let (mut is_filled, mut rows, mut filled) = (false, 0, 0);
        part.rows.read(&mut |row| {
            is_filled = true;
            if layout.admits(&row).is_ok() {
                rows += 1;
                filled = row.filled();
            }
            Ok(rows < asked)
        })?;
        tables.push(Now {
            source,
            is_last_alone: part.is_last_alone(),
            table: part.table,
            is_filled,
            rows,
            ends_line,
            headings: layout.headings(),
            is_total: rows == 1 && filled * 2 < layout.written.len(),
        });
    }
    Ok(tables)
}

/// Whether a source of a table is one that an earlier import read.
fn is_of(source: &Source<'_>, table: &str, before: &SourceFile) -> bool {
    let is_it = match (&source.sheet, &before.sheet) {
        (Some(sheet), Some(known)) => sheet == known,
        (Some(_), None) => table == before.table,
        (None, _) => true,
    };
    is_it && source.file.name == before.name
}

/// What messages call a source that an earlier import read.
fn shown(before: &SourceFile) -> String {
    match &before.sheet {
        Some(sheet) => format!("`{}` (sheet `{sheet}`)", before.name),
        None => format!("`{}`", before.name),
    }
}

impl Now<'_> {
    fn is(&self, before: &SourceFile) -> bool {
        is_of(&self.source, &self.table, before)
    }
}

impl Comparison<'_> {
    fn is_named(&self, table: &str) -> bool {
        let mut named = self.set.named.iter();
        self.set.named.is_empty() || named.any(|named| named.eq_ignore_ascii_case(table))
    }

    /// Whether a table is made of only the last of its files, so that others may disappear.
    fn takes_last_alone(&self, table: &str) -> bool {
        let mut now = self.now.iter();
        now.any(|now| now.is_last_alone && now.table.eq_ignore_ascii_case(table))
    }

    /// Whether the rows that an earlier import read are still there, or at least the headings.
    fn is_filled(&self, before: &SourceFile) -> bool {
        let mut filled = self.now.iter().filter(|now| now.is_filled);
        filled.any(|now| match before.sheet {
            Some(_) => now.is(before),
            None => now.source.file.name == before.name,
        })
    }

    /// # Errors
    /// A file is missing, or its rows are.
    fn files(&self) -> Result<(), ImportError> {
        for before in &self.before {
            if self.is_named(&before.table) {
                self.file(before)?;
                self.taken_over(before)?;
            }
        }
        self.now.iter().try_for_each(|now| self.further(now))
    }

    fn file(&self, before: &SourceFile) -> Result<(), ImportError> {
        let (name, table, database) = (shown(before), &before.table, &self.shown);
        // As it was at the last import.
        let was_apart = |now: &Now<'_>| !now.table.eq_ignore_ascii_case(table);
        let held = match before.rows {
            None => "rows".to_owned(),
            Some(1) => "1 row".to_owned(),
            Some(rows) => format!("{rows} rows"),
        };
        let lost = match self.now.iter().find(|now| now.is(before)) {
            Some(_) if before.rows == Some(0) => return Ok(()),
            Some(now) if !now.is_filled => "is empty now".to_owned(),
            Some(now) if now.rows == 0 => "now has headings but no rows".to_owned(),
            Some(now) if now.is_total && before.rows > Some(1) => {
                "has only one row now, which looks like a total".to_owned()
            }
            Some(now) if self.has_lost_headings(now, table) => {
                let headings = self.columns.get(table).map_or(&[][..], Vec::as_slice);
                let headings = listed_headings(headings);
                let looks = match now.headings.is_empty() {
                    true => "which looks like data",
                    false => "which are lost or renamed, as `columns:` of the file can say",
                };
                format!("has none of its headings in its first line now ({headings}), {looks}")
            }
            Some(now) if !was_apart(now) && self.unlike(now).is_some() => {
                let other = self.unlike(now).unwrap_or_default();
                format!("now has different columns from {other}, so it would be a table of its own")
            }
            Some(now) if before.ends_line && !now.ends_line && Some(now.rows) < before.rows => {
                format!("ends in the middle of a line now, with row {}", now.rows)
            }
            Some(_) => return Ok(()),
            // The message that its table is gone says more.
            None if !self.has_more(table) || self.takes_last_alone(table) => return Ok(()),
            None => {
                let there = self.in_place_of(before).unwrap_or_else(|| {
                    let folder = self.set.folder.display();
                    format!("`{folder}` no longer has such a file")
                });
                let renamed = self.renamed(before);
                let unit = self.unit(before).one();
                return Err(ImportError::Files(format!(
                    "`{database}` has rows of {name} in the table `{table}` from an earlier import, and {there}; nothing was imported. {renamed}Put \
                     the {unit} back, or, if its rows are no longer needed, delete `{database}`: the next import rebuilds it without them"
                )));
            }
        };
        let remedy = match before.sheet {
            Some(_) => "Fix the sheet",
            None => "Most likely its export failed: export it again",
        };
        Err(ImportError::Files(format!(
            "{name} held {held} of the table `{table}` at the last import and {lost}; nothing was imported. {remedy}, or, if that is intended, \
             delete `{database}`: the next import rebuilds it from what there is"
        )))
    }

    /// # Errors
    /// A sheet that was kept apart from the others of its workbook would lose its table to another file.
    fn taken_over(&self, before: &SourceFile) -> Result<(), ImportError> {
        let table = &before.table;
        let has_table = |now: &&Now<'_>| now.table.eq_ignore_ascii_case(table);
        let is_apart = |now: &&Now<'_>| now.is(before) && now.source.is_together();
        let Some(own) = self.now.iter().find(is_apart) else {
            return Ok(());
        };
        let is_other = |now: &&Now<'_>| now.source.file.name != before.name;
        let others = self.now.iter().filter(|_| !has_table(&own));
        match others.filter(has_table).find(is_other) {
            Some(other) => Err(ImportError::Files(format!(
                "the table `{table}` is made of {}, and `{}` would take its place; nothing was imported. If that file is an older copy or a \
                 second download, move it out of the folder; if not, give its table another name with `table:`, or write `sheets: together` \
                 for it as well",
                shown(before),
                other.source.file.name
            ))),
            None => Ok(()),
        }
    }

    /// # Errors
    /// A file has lost the headings that the others of its table have.
    fn further(&self, now: &Now<'_>) -> Result<(), ImportError> {
        let mut others = self.now.iter().filter(|other| !other.headings.is_empty());
        let other = others.find(|other| other.table.eq_ignore_ascii_case(&now.table));
        let is_lost = |other: &&Now<'_>| {
            now.is_filled && now.headings.is_empty() && !now.source.is_beside(&other.source)
        };
        match other.filter(is_lost) {
            Some(other) => {
                let names = (now.source.name(), other.source.name());
                Err(lost(
                    &other.headings,
                    (&names.0, &names.1),
                    now.source.unit(),
                ))
            }
            None => Ok(()),
        }
    }

    /// The file that decides which columns its table has, if this file has other columns and is kept apart for that.
    fn unlike(&self, now: &Now<'_>) -> Option<String> {
        let of_table = self.now.iter().filter(|other| other.is_filled);
        let of_table = of_table.filter(|other| other.table.eq_ignore_ascii_case(&now.table));
        let of_table: Vec<&Now<'_>> = of_table.collect();
        let lists = of_table.iter();
        let lists = lists.map(|other| (other.headings.clone(), other.source.is_sure()));
        let deciding = of_table.get(decisive(&lists.collect::<Vec<_>>())?)?;
        let is_unlike = !now.source.is_sure() && !are_alike(&deciding.headings, &now.headings);
        is_unlike.then(|| deciding.source.name())
    }

    /// Whether a file has none of the headings that the table of its rows has on its own and that rules may use.
    fn has_lost_headings(&self, now: &Now<'_>, table: &str) -> bool {
        let before = self.columns.get(table);
        let Some(before) = before.filter(|_| !self.set.named.is_empty()) else {
            return false;
        };
        let had_none = before.iter().all(|name| name.starts_with("column_"));
        let is_known = |name: &String| before.iter().any(|known| is_same_name(known, name));
        // Of several files, the others tell more.
        let is_told = now.headings.is_empty() || !self.has_more(table);
        !had_none && is_told && !now.headings.iter().any(is_known)
    }

    /// Which file may be the missing one under another name, and what to do about it; empty if there is none. Such a file is new and has the
    /// headings of the table.
    fn renamed(&self, gone: &SourceFile) -> String {
        let (name, table) = (&gone.name, &gone.table);
        let Some(columns) = self.columns.get(table) else {
            return String::new();
        };
        let is_known = |now: &&Now<'_>| self.before.iter().any(|before| now.is(before));
        let new = self.now.iter().filter(|now| now.rows > 0 && !is_known(now));
        let mut new = new.filter(|now| are_alike(&now.headings, columns));
        let is_of_its_file = |now: &&Now<'_>| now.source.file.name == *name;
        let shown = &self.shown;
        if let Some(sheet) = &gone.sheet
            && let Some(now) = new.clone().find(is_of_its_file)
            && let Some(other) = &now.source.sheet
        {
            return format!(
                "Its sheet `{other}` is new and has the same headings: was `{sheet}` renamed? Then rename it back, or delete `{shown}`, which the \
                 next import rebuilds. If not: "
            );
        }
        let Some(new) = new.next() else {
            return String::new();
        };
        let file = &new.source.file.name;
        let place = self.set.place_of(name);
        // If a table has several files, a different name does not tell that one of them is gone.
        let anew = match self.has_more(table) {
            true => format!(" and delete `{shown}`, which the next import rebuilds"),
            false => String::new(),
        };
        format!(
            "`{file}` is new and has the same headings: was `{name}` renamed? Then rename it back, or write `{file}: {{ table: {table} }}` \
             under `import: files:`{place}{anew}. If not: "
        )
    }

    /// Whether further files held rows of the table.
    fn has_more(&self, table: &str) -> bool {
        let of_table = self.before.iter().filter(|before| before.table == table);
        of_table.count() > 1
    }

    /// What has to be put back.
    fn unit(&self, gone: &SourceFile) -> Unit {
        let is_there = self.now.iter().any(|now| now.source.file.name == gone.name);
        match gone.sheet.is_some() && is_there {
            true => Unit::Sheet,
            false => Unit::File,
        }
    }

    /// What is now where a file, or a sheet, was, in words; `None` if nothing is.
    fn in_place_of(&self, gone: &SourceFile) -> Option<String> {
        let name = &gone.name;
        if self.unit(gone) == Unit::Sheet {
            return Some(format!(
                "`{name}` no longer has such a sheet, or it is hidden"
            ));
        }
        let meta = symlink_metadata(self.set.folder.join(name)).ok()?;
        match meta {
            meta if meta.is_symlink() => Some(format!(
                "`{name}` is a link now, and links are not followed"
            )),
            meta if !meta.is_file() => Some(format!("`{name}` is no longer a file")),
            _ => Some(format!("config no longer covers `{name}`")),
        }
    }

    /// Lines about the tables that are dropped.
    ///
    /// # Errors
    /// No file holds a table any more, and config names it.
    fn tables(&self, mut tables: Vec<String>) -> Result<Vec<String>, ImportError> {
        // Its file may now be read as part of another table.
        let is_elsewhere = |table: &String| {
            let before = self.before.iter().filter(|before| before.table == *table);
            let mut before = before.peekable();
            before.peek().is_some() && before.all(|before| self.is_filled(before))
        };
        let is_there = |table: &String| {
            let mut filled = self.now.iter().filter(|now| now.is_filled);
            filled.any(|now| now.table.eq_ignore_ascii_case(table))
        };
        tables.retain(|table| !is_there(table) && !is_elsewhere(table));
        let Some(gone) = tables.iter().find(|table| self.is_named(table)) else {
            let lines = tables.iter().map(|table| {
                let before = self.before.iter().find(|before| before.table == *table);
                let unit = before.map_or(Unit::File, |before| self.unit(before)).one();
                format!("the table `{table}` of an earlier import is dropped: its {unit} is gone, and config does not name it")
            });
            return Ok(lines.collect());
        };
        let (folder, shown) = (self.set.folder.display(), &self.shown);
        let of_gone = self.before.iter().filter(|before| before.table == *gone);
        let is_read = |before: &SourceFile| self.now.iter().any(|now| now.is(before));
        let mut why: Vec<String> = of_gone
            .filter(|before| !is_read(before))
            .filter_map(|before| self.in_place_of(before))
            .collect();
        why.dedup();
        let empty = self.now.iter().filter(|now| {
            !now.is_filled && (now.source.sheet.is_none() || now.source.is_together())
        });
        let empty: Vec<String> = empty.map(|now| now.source.name()).collect();
        why.extend((!empty.is_empty()).then(|| are_empty(&empty)));
        let why = match why.is_empty() {
            true => String::new(),
            false => format!(" ({})", why.join("; ")),
        };
        let mut files = self.before.iter().filter(|before| before.table == *gone);
        let renamed = files.find(|before| !is_read(before));
        let unit = renamed.map_or(Unit::File, |before| self.unit(before)).one();
        let renamed = renamed.map_or_else(String::new, |before| self.renamed(before));
        Err(ImportError::Files(format!(
            "`{shown}` has the table `{gone}` from an earlier import, and the folder `{folder}` no longer has a file for it{why}; nothing was \
             imported. {renamed}Put the {unit} back, or, if nobody needs the table now, delete `{shown}`: the next import rebuilds it without that \
             table"
        )))
    }
}
