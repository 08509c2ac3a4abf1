//! Findings for machines.

use serde::Serialize;

use super::{Code, Finding, Severity, Teller};
use crate::source::{Location, Sources};

/// A finding as `--format json` prints it.
#[derive(Serialize)]
struct Entry {
    code: Code,
    severity: Severity,
    message: String,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    label: Option<String>,
    help: Option<String>,
}

/// The findings as a JSON list. Lines and columns count from 1, columns in characters; the end is the
/// place behind the last character. A finding about the world outside the files has none.
pub fn to_json(findings: &[Finding], sources: &Sources) -> serde_json::Value {
    let teller = Teller::new(sources);
    let entries = findings.iter().map(|finding| {
        let place = finding.location.filter(|l| sources.get(l.file).is_some());
        let start = place.map(|l| sources.line_column(l));
        let end = place.map(|l| sources.line_column(Location { start: l.end, ..l }));
        let told = teller.tell(finding);
        let entry = Entry {
            code: finding.code,
            severity: finding.severity,
            message: told.message,
            file: place.and_then(|l| Some(sources.get(l.file)?.path.display().to_string())),
            line: start.map(|p| p.0),
            column: start.map(|p| p.1),
            end_line: end.map(|p| p.0),
            end_column: end.map(|p| p.1),
            label: told.label,
            help: told.help,
        };
        serde_json::to_value(entry).unwrap_or_default()
    });
    serde_json::Value::Array(entries.collect())
}
