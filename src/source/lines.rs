//! A text by its lines: where they begin and end, how deep they are, how they end; and a text with parts of it replaced.

use std::ops::Range;

/// What a line ends in: one of these, or both.
const ENDS: [char; 2] = ['\r', '\n'];

/// How lines of a text end.
pub fn line_end(text: &str) -> &'static str {
    match (text.contains("\r\n"), text.contains('\n')) {
        (true, _) => "\r\n",
        (false, false) if text.contains('\r') => "\r",
        (false, _) => "\n",
    }
}

/// Where the line of a place begins.
pub fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind(ENDS).map_or(0, |line| line + 1)
}

/// Where the line of a place ends, its line end left out.
pub fn line_stop(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find(ENDS).map_or(text.len(), |line| at + line)
}

/// How many characters stand before a place in its line.
pub fn column(text: &str, at: usize) -> usize {
    text.get(line_start(text, at)..at)
        .map_or(0, |before| before.chars().count())
}

/// A range without the white space at its end.
pub fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let raw = text.get(range.clone()).unwrap_or_default();
    range.start..range.start + raw.trim_end().len()
}

/// A change of a text: what stands in the place of a range.
pub type Replacement = (Range<usize>, String);

/// A text with replacements, which do not overlap, made.
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
