//! The file of a list: CSV with an entry in each line, with a heading or without one.

use std::ops::Range;

use crate::source::{FileId, Location};

/// One entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As it is written, without blanks around it.
    pub text: String,
    /// The line that it stands in.
    pub location: Location,
}

/// The form of a list's file.
pub(super) struct Form {
    /// What stands between two columns.
    pub delimiter: u8,
    /// How many columns the heading has; none where there is no heading.
    pub heading: Option<usize>,
    /// The column of the entries, from 0.
    pub column: usize,
}

/// One line that is no heading, with its entry.
pub(super) struct Line {
    pub entry: String,
    /// Its bytes, without the line's end.
    pub bytes: Range<usize>,
}

/// The entries of a file's text. `column` is what the heading calls them, where there is one.
pub(super) fn entries(text: &str, file: FileId, column: &str) -> Vec<Entry> {
    let (_, lines) = lines(text, column);
    let entries = lines.into_iter().map(|line| Entry {
        text: line.entry,
        location: Location {
            file,
            start: line.bytes.start,
            end: line.bytes.end,
        },
    });
    entries.collect()
}

/// The form of a text, and its lines with an entry.
pub(super) fn lines(text: &str, column: &str) -> (Form, Vec<Line>) {
    let mut form = Form {
        delimiter: delimiter(text),
        heading: None,
        column: 0,
    };
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let body = text.get(mark..).unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(form.delimiter)
        .trim(csv::Trim::All)
        .from_reader(body.as_bytes());
    let mut lines = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut is_first = true;
    loop {
        let start = place(&reader);
        // Text in memory can always be read, and is UTF-8.
        if !matches!(reader.read_record(&mut record), Ok(true)) {
            return (form, lines);
        }
        if std::mem::take(&mut is_first)
            && let Some(found) = record
                .iter()
                .position(|cell| cell.eq_ignore_ascii_case(column))
        {
            form.heading = Some(record.len());
            form.column = found;
            continue;
        }
        let entry = record.get(form.column).unwrap_or_default();
        if !entry.is_empty() {
            lines.push(Line {
                entry: entry.to_owned(),
                bytes: trimmed(text, mark + start..mark + place(&reader)),
            });
        }
    }
}

fn place<R: std::io::Read>(reader: &csv::Reader<R>) -> usize {
    usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)
}

/// A range without the line ends around it.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let ends = ['\r', '\n'];
    let start = range.start + (inside.len() - inside.trim_start_matches(ends).len());
    start..start + inside.trim_matches(ends).len()
}

/// What the first line has between two columns: a comma, unless it has a semicolon or a tab and no comma.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty());
    let has = |sign: char| line.is_some_and(|line| line.contains(sign));
    match (has(','), has(';'), has('\t')) {
        (false, true, _) => b';',
        (false, false, true) => b'\t',
        _ => b',',
    }
}
