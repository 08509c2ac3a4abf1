//! The lines of a text: start, end, indentation and line ending; and a text with parts of it replaced.

use std::ops::Range;

/// The characters of a line ending: one of them, or both.
const ENDS: [char; 2] = ['\r', '\n'];

/// The line ending of a text.
pub fn line_end(text: &str) -> &'static str {
    match (text.contains("\r\n"), text.contains('\n')) {
        (true, _) => "\r\n",
        (false, false) if text.contains('\r') => "\r",
        (false, _) => "\n",
    }
}

/// The start of the line around an offset.
pub fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind(ENDS).map_or(0, |line| line + 1)
}

/// The end of the line around an offset, without the line ending.
pub fn line_stop(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find(ENDS).map_or(text.len(), |line| at + line)
}

/// The number of characters before an offset on its line.
pub fn column(text: &str, at: usize) -> usize {
    text.get(line_start(text, at)..at)
        .map_or(0, |before| before.chars().count())
}

/// A range without trailing white space.
pub fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let raw = text.get(range.clone()).unwrap_or_default();
    range.start..range.start + raw.trim_end().len()
}

/// A change of a text: a range and its replacement.
pub type Replacement = (Range<usize>, String);

/// Applies non-overlapping replacements to a text.
pub fn replaced(text: &str, mut replacements: Vec<Replacement>) -> String {
    replacements.sort_by_key(|(range, _)| (range.start, range.end));
    let mut new = String::with_capacity(text.len());
    let mut from = 0;
    for (range, with) in replacements {
        new += text.get(from..range.start).unwrap_or_default();
        new += &with;
        from = range.end.max(from);
    }
    new + text.get(from..).unwrap_or_default()
}
