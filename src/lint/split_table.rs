//! A table of an import that has the same columns as one that rules read, or nearly the same, and that nothing reads: most likely a further export
//! with an unexpected name, or one that was downloaded twice.

use std::collections::BTreeSet;

use super::{Compiled, Look};
use crate::catalog::Table;
use crate::config::{Config, Database};
use crate::connector::{Snapshot, SourceFile, files_in};
use crate::diagnostic::{Code, Finding};
use crate::engine::{EngineError, OwnedCell};
use crate::source::{Scalar, yaml_quoted};
use crate::value::{Marks, RowMark};

/// Fewer columns than this can be the same by chance.
const LEAST: usize = 2;
/// Tables of up to this many rows are checked for being contained in a table of up to this many rows.
const ROWS: u32 = 10_000;
const OF_ROWS: u32 = 200_000;

/// Finds tables besides those that config names.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    let config = compiled.config;
    if config.import.is_none() {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let schema = snapshot.schema()?;
    let lookups = |lookups: &[(Scalar, crate::config::Lookup)]| -> Vec<String> {
        let tables = lookups.iter().map(|(_, lookup)| &lookup.table.value);
        tables.map(|table| table.to_lowercase()).collect()
    };
    let collections = config.collections.iter();
    let mut read: BTreeSet<String> = collections
        .clone()
        .flat_map(|collection| lookups(&collection.lookups))
        .collect();
    read.extend(lookups(&config.subject.lookups));
    let named: Vec<&Scalar> = std::iter::once(&config.subject.table)
        .chain(collections.map(|collection| &collection.table))
        .collect();
    read.extend(named.iter().map(|table| table.value.to_lowercase()));
    let mut found = Vec::new();
    for (name, table) in &schema.tables {
        if read.contains(&name.to_lowercase()) || table.columns.len() < LEAST {
            continue;
        }
        let columns = columns(table);
        let like = named.iter().find(|named| {
            let known = schema.table(&named.value);
            known.is_some_and(|(_, known)| are_of_one(&self::columns(known), &columns))
        });
        let Some(like) = like else {
            continue;
        };
        let is_copy = is_copy(&*snapshot, (name, table), &like.value);
        let source = Source::of(config, name, &like.value);
        found.push(finding(name, like, &source, is_copy));
    }
    Ok(found)
}

/// Where a table comes from.
enum Source {
    File(String),
    /// One of several sheets of a workbook, or some of them; and the workbook whose sheet is the table that rules read, if it is another one.
    Sheet(String, Option<String>),
}

impl Source {
    fn of(config: &Config, table: &str, read: &str) -> Self {
        let files = match &config.database {
            Database::File(path) => files_in(path).unwrap_or_default(),
            Database::Server(_) | Database::Spark(_) => Vec::new(),
        };
        let of = |table: &str| {
            let files = files.iter();
            let files = files.filter(|file| file.table.eq_ignore_ascii_case(table));
            files.collect::<Vec<&SourceFile>>()
        };
        let Some(file) = of(table).first().copied() else {
            return Self::File(format!("{table}.csv"));
        };
        // Older versions of Muster did not record which sheet it was.
        let of_file = files.iter().filter(|other| other.name == file.name);
        if file.sheet.is_none() && of_file.count() < 2 {
            return Self::File(file.name.clone());
        }
        let other = match of(read).as_slice() {
            [read] if read.sheet.is_some() && read.name != file.name => Some(read.name.clone()),
            _ => None,
        };
        Self::Sheet(file.name.clone(), other)
    }
}

/// Whether all rows of a table are in another one; false if it has none, or if there are too many.
fn is_copy(snapshot: &dyn Snapshot, (name, table): (&str, &Table), of: &str) -> bool {
    let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    let marks = |table: &str, most: u32| -> Option<Marks> {
        if snapshot.row_count(table, most + 1) > u64::from(most) {
            return None;
        }
        let rows = snapshot.sample(table, &columns, most, 1)?;
        Some(
            rows.iter()
                .map(|row| RowMark::of(row.iter().map(written)))
                .collect(),
        )
    };
    let own = marks(name, ROWS).filter(|own| !own.is_empty());
    let all = own.as_ref().and_then(|_| marks(of, OF_ROWS));
    own.zip(all).is_some_and(|(own, all)| own.is_subset(&all))
}

/// A cell as text, as a number in one file may be a text in another.
fn written(cell: &OwnedCell) -> String {
    match cell.as_str() {
        Some(text) => text.trim().to_owned(),
        None => cell.lent().to_string(),
    }
}

/// Whether one has all the columns of the other, and less than twice as many: a table of several files has the columns of all of them.
fn are_of_one(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let (fewer, more) = match one.len() < other.len() {
        true => (one, other),
        false => (other, one),
    };
    fewer.is_subset(more) && fewer.len() * 2 > more.len()
}

fn columns(table: &Table) -> BTreeSet<String> {
    let columns = table.columns.iter();
    columns.map(|column| column.name.to_lowercase()).collect()
}

fn finding(table: &str, like: &Scalar, source: &Source, is_copy: bool) -> Finding {
    let read = &like.value;
    let message = match is_copy {
        true => format!(
            "nothing reads the table `{table}`, and all of its rows are in `{read}` already"
        ),
        false => {
            format!("the table `{table}` has the columns of `{read}`, and nothing reads its rows")
        }
    };
    let help = match source {
        Source::File(file) if is_copy => {
            format!(
                "is `{file}` a second download? Then move it out of the folder: as a part of `{read}` its rows would count twice"
            )
        }
        Source::Sheet(file, other) => {
            let form = format!("{{ sheets: together, table: {read} }}");
            let own = format!("{}: {form}", yaml_quoted(file));
            let of_other = other
                .as_ref()
                .map(|other| format!(", {}: {form}", yaml_quoted(other)));
            let files = own + &of_other.unwrap_or_default();
            format!(
                "it is a sheet of `{file}`: if its rows belong to `{read}`, write `files: {{ {files} }}` under `import:`, which makes one table of the \
                 sheets with the same headings"
            )
        }
        Source::File(file) => format!(
            "if its rows belong to `{read}`, say so of its file: `files: {{ {}: {{ table: {read} }} }}` under `import:`; a `*` in the name stands \
             for what differs from file to file, so that later ones are read too",
            yaml_quoted(file)
        ),
    };
    Finding::new(Code::SplitTable, message)
        .at(like.location)
        .help(help)
}
