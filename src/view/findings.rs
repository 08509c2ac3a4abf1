//! Findings as a table, for programs.

use super::table::{Cell, Heading, Table};
use crate::diagnostic::{Finding, to_json};
use crate::source::Sources;

/// One row a finding, with what JSON has of it.
pub fn findings_table(findings: &[Finding], sources: &Sources) -> Table {
    const COLUMNS: [&str; 10] = [
        "code",
        "severity",
        "message",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "label",
        "help",
    ];
    let mut table = Table::new(COLUMNS.map(|name| Heading::left(name, name)));
    let json = to_json(findings, sources);
    for finding in json.as_array().into_iter().flatten() {
        let cell = |name: &&str| match finding.get(*name) {
            Some(serde_json::Value::String(text)) => Cell::Text(text.clone()),
            Some(value) => value.as_i64().map_or(Cell::Empty, Cell::Key),
            None => Cell::Empty,
        };
        table.rows.push(COLUMNS.iter().map(cell).collect());
    }
    table
}
