//! Comments in the text of a condition.

use std::ops::Range;

use crate::source::{Location, Scalar, Sources};

/// Removes comments and turns white space into single spaces.
pub fn without_comments(text: &str) -> String {
    let code = text.lines().map(code_of);
    let words: Vec<&str> = code.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

/// The places of the comments, each from its `#` to the end of its line.
pub fn comments(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').filter_map(|line| {
        let from = start + code_of(line).len();
        start += line.len();
        let comment = from..from + text.get(from..start)?.trim_end().len();
        (!comment.is_empty()).then_some(comment)
    });
    lines.collect()
}

/// The first line of a condition that a comment before it swallows: YAML joins the lines of a folded text (`>`), and of
/// a quoted text that continues on further lines. Lines that are comments themselves are no loss.
pub fn swallowed(text: &Scalar, sources: &Sources) -> Option<Location> {
    let raw = sources.slice(text.location);
    if !text.value.contains('#') || !raw.contains(['\n', '\r']) {
        return None;
    }
    let placed = text.placed(sources);
    comments(&text.value).into_iter().find_map(|range| {
        let place = placed.locate(range.clone());
        let start = match place == text.location {
            // The places of its characters are unknown, because an escape swallows a line end.
            true => place.start + unplaced(raw, text.value.get(range)?)?,
            false => place.start,
        };
        first_code(sources, Location { start, ..place })
    })
}

/// Where a comment begins that continues on further lines of the file.
fn unplaced(raw: &str, comment: &str) -> Option<usize> {
    let raw = raw.replace("\\\"", "\"\"");
    let is_whole = raw.lines().any(|line| line.contains(comment));
    raw.find(" #").filter(|_| !is_whole)
}

/// The first line after the line of a place, but within the place, that is not a comment.
fn first_code(sources: &Sources, place: Location) -> Option<Location> {
    let mut end = place.start;
    let lines = sources.slice(place).split_inclusive(['\n', '\r']);
    let lines = lines.map(|line| {
        let start = end + line.len() - line.trim_start().len();
        end += line.len();
        (start, line.trim())
    });
    let mut behind = lines.skip(1);
    let (start, line) = behind.find(|(_, line)| !line.is_empty() && !line.starts_with('#'))?;
    Some(Location {
        start,
        end: start + line.len(),
        ..place
    })
}

/// A line up to the first `#` outside quotes.
fn code_of(line: &str) -> &str {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') => return line.get(..at).unwrap_or(line),
            (None, '"' | '\'' | '`') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    line
}
