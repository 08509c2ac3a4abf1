//! The columns of the database as a test file, for running tests without the database.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::catalog::{Schema, Table};
use crate::config::Config;
use crate::source::yaml_quoted;

/// The tables that config names, as `tables:` of a test file.
pub fn tables_file(config: &Config, schema: &Schema) -> String {
    let collections = config.collections.iter();
    let collections = collections.map(|one| (&one.table, &one.lookups));
    let subject = (&config.subject.table, &config.subject.lookups);
    let entities = std::iter::once(subject).chain(collections);
    let names: BTreeSet<&str> = entities
        .flat_map(|(table, lookups)| {
            let lookups = lookups.iter().map(|(_, lookup)| &lookup.table);
            lookups.chain([table])
        })
        .map(|table| table.value.as_str())
        .collect();
    let mut text = String::from("tables:\n");
    let tables = names.into_iter().filter_map(|name| schema.table(name));
    tables.for_each(|(name, table)| text.push_str(&table_lines(name, table)));
    text
}

fn table_lines(name: &str, table: &Table) -> String {
    let key: Vec<String> = table.primary_key.iter().map(|key| plain(key)).collect();
    let columns = table.columns.iter();
    let columns: Vec<String> = columns
        .map(|column| format!("{}: {}", plain(&column.name), plain(&column.declared)))
        .collect();
    let mut lines = format!("  {}:\n", plain(name));
    if !key.is_empty() {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "    key: [{}]", key.join(", "));
    }
    lines.push_str("    columns:\n");
    for column in columns {
        let _ = writeln!(lines, "      {column}");
    }
    lines
}

/// A name or another one-line text as a YAML scalar.
pub(super) fn plain(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '(' | ')');
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match begins && text.chars().all(is_plain) && text.trim() == text && !is_word(text) {
        true => text.to_owned(),
        false => yaml_quoted(text),
    }
}

/// Whether YAML would read a text as something other than a string.
fn is_word(text: &str) -> bool {
    let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}
