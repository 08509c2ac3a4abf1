//! Comments that allow a finding: where they stand, and the line that each is written for.

use std::ops::Range;

use crate::source::{line_start, line_stop};

/// What such a comment begins with.
pub const ALLOW: &str = "# muster: allow ";

/// A comment that allows something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow<'t> {
    /// What stands behind its beginning,
    pub codes: &'t str,
    /// and the first byte of that.
    pub at: usize,
    /// The line that it is written for: its own, or below a comment alone the next one that is neither empty nor a comment.
    pub line: Range<usize>,
}

/// Every such comment of a text.
pub fn allows(text: &str) -> impl Iterator<Item = Allow<'_>> {
    lines(text).filter_map(|(start, line)| {
        let (before, codes) = line.split_once(ALLOW)?;
        Some(Allow {
            codes,
            at: start + before.len() + ALLOW.len(),
            line: written_for(text, start, before),
        })
    })
}

/// The line that a comment is written for, by where its line starts and what stands there before it.
fn written_for(text: &str, start: usize, before: &str) -> Range<usize> {
    let end = line_stop(text, start);
    match before.trim().is_empty() {
        false => start..end,
        true => next_line(text, end),
    }
}

/// The line that the comment at a place is written for.
pub fn line_of_comment(text: &str, at: usize) -> Range<usize> {
    let start = line_start(text, at);
    let line = text.get(start..line_stop(text, start)).unwrap_or_default();
    let before = line.split('#').next().unwrap_or_default();
    written_for(text, start, before)
}

/// Each line with where it starts.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.trim_end_matches(['\n', '\r'])))
    })
}

/// The first line behind a place that is neither empty nor a comment.
fn next_line(text: &str, from: usize) -> Range<usize> {
    let mut behind = lines(text.get(from..).unwrap_or_default());
    let found = behind.find(|(_, line)| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    });
    found.map_or(text.len()..text.len(), |(start, line)| {
        from + start..from + start + line.len()
    })
}
