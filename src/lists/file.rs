//! The file format of lists: CSV with one entry a line, with or without a heading.

use std::ops::Range;

use crate::source::{FileId, Location};

/// The characters of line endings.
const ENDS: [char; 2] = ['\r', '\n'];

/// One entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The text as written, without surrounding blanks.
    pub text: String,
    /// The location of its line.
    pub location: Location,
}

/// The format of a list's file.
pub(super) struct Form {
    /// The column separator.
    pub delimiter: u8,
    /// The number of columns in the heading; `None` if there is no heading.
    pub heading: Option<usize>,
    /// The column with the entries, from 0.
    pub column: usize,
}

/// A line other than the heading, with its entry.
pub(super) struct Line {
    pub entry: String,
    /// Its byte range, without the line ending.
    pub bytes: Range<usize>,
}

/// The line of an unclosed quote: everything after it would be read as part of one entry.
pub(super) struct Unclosed {
    /// Counted from 1.
    pub line: usize,
    pub bytes: Range<usize>,
}

/// The entries in a file's text. `column` is the name of their column in the heading, if there is one.
pub(super) fn entries(text: &str, file: FileId, column: &str) -> Result<Vec<Entry>, Unclosed> {
    let (_, lines) = lines(text, column)?;
    let entries = lines.into_iter().map(|line| Entry {
        text: line.entry,
        location: Location {
            file,
            start: line.bytes.start,
            end: line.bytes.end,
        },
    });
    Ok(entries.collect())
}

/// The format of a text, and its lines with an entry.
pub(super) fn lines(text: &str, column: &str) -> Result<(Form, Vec<Line>), Unclosed> {
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
        // Text in memory is always readable, and is UTF-8.
        if !matches!(reader.read_record(&mut record), Ok(true)) {
            return Ok((form, lines));
        }
        let bytes = trimmed(text, mark + start..mark + place(&reader));
        if is_unclosed(text.get(bytes.clone()).unwrap_or_default(), form.delimiter) {
            return Err(Unclosed::at(text, bytes));
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
        if entry.contains(ENDS) {
            return Err(Unclosed::at(text, bytes));
        }
        if !entry.is_empty() {
            lines.push(Line {
                entry: entry.to_owned(),
                bytes,
            });
        }
    }
}

impl Unclosed {
    fn at(text: &str, Range { start, end }: Range<usize>) -> Self {
        let before = text.get(..start).unwrap_or_default();
        let first = text.get(start..end).and_then(|text| text.lines().next());
        Self {
            line: before.matches('\n').count() + 1,
            bytes: start..start + first.map_or(0, str::len),
        }
    }
}

/// Whether a quote in a record is never closed, or is closed on another line by one that was meant to open a cell.
/// Cells may span lines, as addresses do, but entries may not.
fn is_unclosed(record: &str, delimiter: u8) -> bool {
    #[derive(PartialEq)]
    enum At {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let mut at = At::Start;
    // A quote that closes in the middle of a cell was meant to open one.
    let mut closes_within = false;
    for byte in record.bytes() {
        at = match (at, byte) {
            (At::Start | At::Closed, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (_, byte) if byte == delimiter => At::Start,
            (At::Closed, _) => {
                closes_within = true;
                At::Plain
            }
            _ => At::Plain,
        };
    }
    at == At::Quoted || closes_within && record.contains(ENDS)
}

fn place<R: std::io::Read>(reader: &csv::Reader<R>) -> usize {
    usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)
}

/// A range without surrounding line endings.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (inside.len() - inside.trim_start_matches(ENDS).len());
    start..start + inside.trim_matches(ENDS).len()
}

/// The column separator of the first line: a comma, unless it has a semicolon or a tab and no comma.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty());
    let has = |sign: char| line.is_some_and(|line| line.contains(sign));
    match (has(','), has(';'), has('\t')) {
        (false, true, _) => b';',
        (false, false, true) => b'\t',
        _ => b',',
    }
}
