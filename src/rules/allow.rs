//! Comments that allow a finding: their locations, and the line that each applies to.

use std::ops::Range;

use crate::source::{line_start, line_stop};

/// The start of such a comment.
pub const ALLOW: &str = "# muster: allow ";

/// A comment that allows findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow<'t> {
    /// The codes after the start,
    pub codes: &'t str,
    /// and their offset.
    pub at: usize,
    /// The line that it applies to: its own or, for a comment alone on its line, the next one that is neither blank nor
    /// a comment.
    pub line: Range<usize>,
}

/// All such comments in a text.
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

/// The line that a comment applies to, given the start of its own line and the text before it.
fn written_for(text: &str, start: usize, before: &str) -> Range<usize> {
    let end = line_stop(text, start);
    match before.trim().is_empty() {
        false => start..end,
        true => next_line(text, end),
    }
}

/// The line that the comment at an offset applies to.
pub fn line_of_comment(text: &str, at: usize) -> Range<usize> {
    let start = line_start(text, at);
    let line = text.get(start..line_stop(text, start)).unwrap_or_default();
    let before = line.split('#').next().unwrap_or_default();
    written_for(text, start, before)
}

/// Each line with its start offset.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.trim_end_matches(['\n', '\r'])))
    })
}

/// The first line after an offset that is neither blank nor a comment.
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
