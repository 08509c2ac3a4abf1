//! Findings as a table, and as one line.

use super::table::{Cell, Heading, Table};
use crate::diagnostic::{Finding, Severity, Teller, to_json};
use crate::source::Sources;

/// One row per finding, with the same content as the JSON.
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

/// `2 errors, 1 warning`; `None` if there are no findings.
pub fn findings_summary(findings: &[Finding]) -> Option<String> {
    let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let parts: Vec<String> = [
        (count(Severity::Error), "error", "errors"),
        (
            count(Severity::Stale),
            "thing that cannot be read",
            "things that cannot be read",
        ),
        (count(Severity::Warning), "warning", "warnings"),
    ]
    .into_iter()
    .filter(|(number, _, _)| *number > 0)
    .map(|(number, one, many)| format!("{number} {}", if number == 1 { one } else { many }))
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Findings as a sentence; `what` ends with its verb.
pub fn wrong_in_words(what: &str, sources: &Sources, findings: &[Finding]) -> String {
    let mut errors = findings.iter().filter(|finding| finding.is_error());
    let first = errors.next().map_or_else(String::new, |error| {
        let place = error.location.map(|location| sources.place(location));
        let place = place.map_or_else(String::new, |place| format!("{place}: "));
        format!(" ({place}{})", Teller::new(sources).tell(error).message)
    });
    let more = match errors.count() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!(
        "{what} wrong{first}{more}: `muster check` tells all; `muster serve`, where it runs, \
         goes on with the last good files"
    )
}
