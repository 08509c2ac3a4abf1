//! Findings as JSON.

use serde::Serialize;

use super::{Code, Finding, Fix, Fixer, Severity, Teller};
use crate::source::{Location, Sources};

/// A finding as printed by `--format json`.
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
    related: Vec<RelatedEntry>,
    help: Option<String>,
    fixes: Vec<FixEntry>,
}

/// A related location of a finding.
#[derive(Serialize)]
struct RelatedEntry {
    #[serde(flatten)]
    place: Place,
    label: String,
}

/// A fix of a finding.
#[derive(Serialize)]
struct FixEntry {
    title: String,
    edits: Vec<EditEntry>,
}

/// A replaced part of a file.
#[derive(Serialize)]
struct EditEntry {
    #[serde(flatten)]
    place: Place,
    text: String,
}

/// A part of a file.
#[derive(Serialize)]
struct Place {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// The findings as a JSON list. Lines and columns count from 1, columns in characters; the end is the position after
/// the last character. A finding about the world outside the files has no location. Several fixes are alternatives.
pub fn to_json(findings: &[Finding], sources: &Sources) -> serde_json::Value {
    let teller = Teller::new(sources);
    let mut fixer = Fixer::new(sources);
    let entries = findings.iter().map(|finding| {
        let place = finding.location.and_then(|l| Place::of(l, sources));
        let told = teller.tell(finding);
        let related = finding.related.iter().zip(told.related);
        let related = related.filter_map(|(related, label)| {
            let place = Place::of(related.location, sources)?;
            Some(RelatedEntry { place, label })
        });
        let fixes = fixer.fixes(finding).into_iter();
        let entry = Entry {
            code: finding.code,
            severity: finding.severity,
            message: told.message,
            line: place.as_ref().map(|place| place.line),
            column: place.as_ref().map(|place| place.column),
            end_line: place.as_ref().map(|place| place.end_line),
            end_column: place.as_ref().map(|place| place.end_column),
            file: place.map(|place| place.file),
            label: told.label,
            related: related.collect(),
            help: told.help,
            fixes: fixes.map(|fix| FixEntry::of(fix, sources)).collect(),
        };
        serde_json::to_value(entry).unwrap_or_default()
    });
    serde_json::Value::Array(entries.collect())
}

impl FixEntry {
    fn of(fix: Fix, sources: &Sources) -> Self {
        let edits = fix.edits.into_iter().filter_map(|edit| {
            Some(EditEntry {
                place: Place::of(edit.location, sources)?,
                text: edit.text,
            })
        });
        Self {
            title: fix.title,
            edits: edits.collect(),
        }
    }
}

impl Place {
    /// `None` if the location is in none of the files.
    fn of(location: Location, sources: &Sources) -> Option<Self> {
        let file = sources.get(location.file)?;
        let (line, column) = sources.line_column(location);
        let (end_line, end_column) = sources.line_column(Location {
            start: location.end,
            ..location
        });
        Some(Self {
            file: file.path.display().to_string(),
            line,
            column,
            end_line,
            end_column,
        })
    }
}
