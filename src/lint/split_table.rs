//! A table of an import that has the columns of one that rules read, or all but a few, and that nothing reads: most likely a further export, under a name
//! that nobody foresaw.

use std::collections::BTreeSet;

use super::Compiled;
use crate::catalog::{Schema, Table};
use crate::diagnostic::{Code, Finding};
use crate::source::Scalar;

/// Fewer columns are the same by chance.
const LEAST: usize = 2;

/// Tables beside those that config names.
pub(super) fn find(compiled: &Compiled<'_>, schema: &Schema) -> Vec<Finding> {
    let config = compiled.config;
    if config.import.is_none() {
        return Vec::new();
    }
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
        found.extend(like.map(|like| finding(name, like)));
    }
    found
}

/// Whether one has all the columns of the other, and not twice as many: a table of several files has those of all of them.
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

fn finding(table: &str, like: &Scalar) -> Finding {
    let read = &like.value;
    let message =
        format!("the table `{table}` has the columns of `{read}`, and nothing reads its rows");
    let help = format!(
        "if its rows belong to `{read}`, say so of its file: `files: {{ \"{table}.csv\": {{ table: {read} }} }}` under `import:`; \
         a `*` in the name stands for what differs from file to file, so that later ones are read too"
    );
    Finding::new(Code::SplitTable, message)
        .at(like.location)
        .help(help)
}
