//! Findings for machines.

use serde::Serialize;

use super::{Code, Edit, Finding, Fixer, Severity, Teller};
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
    fixes: Vec<FixEntry>,
}

/// One of the fixes of a finding.
#[derive(Serialize)]
struct FixEntry {
    title: String,
    edits: Vec<EditEntry>,
}

/// A part of a file that is replaced.
#[derive(Serialize)]
struct EditEntry {
    file: Option<String>,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: String,
}

/// The findings as a JSON list. Lines and columns count from 1, columns in characters; the end is the
/// place behind the last character. A finding about the world outside the files has none. Of several fixes one is meant.
pub fn to_json(findings: &[Finding], sources: &Sources) -> serde_json::Value {
    let teller = Teller::new(sources);
    let mut fixer = Fixer::new(sources);
    let entries = findings.iter().map(|finding| {
        let place = finding.location.filter(|l| sources.get(l.file).is_some());
        let start = place.map(|l| sources.line_column(l));
        let end = place.map(|l| sources.line_column(Location { start: l.end, ..l }));
        let told = teller.tell(finding);
        let fixes = fixer.fixes(finding).into_iter().map(|fix| FixEntry {
            title: fix.title,
            edits: fix
                .edits
                .iter()
                .map(|edit| in_lines(edit, sources))
                .collect(),
        });
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
            fixes: fixes.collect(),
        };
        serde_json::to_value(entry).unwrap_or_default()
    });
    serde_json::Value::Array(entries.collect())
}

fn in_lines(edit: &Edit, sources: &Sources) -> EditEntry {
    let Location { file, end, .. } = edit.location;
    let start = sources.line_column(edit.location);
    let end = sources.line_column(Location {
        start: end,
        ..edit.location
    });
    EditEntry {
        file: sources
            .get(file)
            .map(|file| file.path.display().to_string()),
        line: start.0,
        column: start.1,
        end_line: end.0,
        end_column: end.1,
        text: edit.text.clone(),
    }
}
