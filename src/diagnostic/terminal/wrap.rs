//! Wraps texts to terminal cells, between words; a word is broken only if it is wider than a line.

use std::fmt::Display;

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::TerminalText;

/// The additional indentation of continuation lines.
const HANGING: usize = 2;
/// A blank at which lines are not broken; [`wrapped`] replaces it with an ordinary one.
pub const UNBROKEN: &str = "\u{a0}";

/// The width of a text in terminal cells.
pub fn text_width(text: &str) -> usize {
    text.width()
}

/// The minimum width at which no word of a text has to be broken or shortened. A word wider than `most` counts with the
/// width of its widest part, and a part made of letters with at most `most`.
pub fn longest_word(text: &str, most: usize) -> usize {
    let part = |part: &str| match has_figures(part) {
        true => text_width(part),
        false => text_width(part).min(most),
    };
    let words = text.split(' ').map(|word| {
        let whole = text_width(word);
        match whole <= most {
            true => whole,
            false => parts(word).into_iter().map(part).max().unwrap_or(0),
        }
    });
    words.max().unwrap_or(0)
}

/// Wraps a text to lines of at most `room` cells, except for words that can be neither broken nor shortened.
pub fn wrapped(text: &str, room: usize) -> Vec<String> {
    lines_of(text, room, |word| shortened(word, room))
}

/// The same if a line is the full width of the terminal: names and ids that do not fit are truncated, too, but no
/// numbers.
pub fn wrapped_whole(text: &str, room: usize) -> Vec<String> {
    lines_of(text, room, |word| {
        match word.contains(char::is_alphabetic) {
            true => cut(word, room),
            false => word.to_owned(),
        }
    })
}

fn lines_of(text: &str, room: usize, fitting: impl Fn(&str) -> String) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for (place, word) in text.split(' ').enumerate() {
        let pieces = match text_width(word) <= room {
            true => vec![word],
            false => parts(word),
        };
        let mut blank = usize::from(place > 0);
        for piece in pieces {
            let piece = fitting(piece);
            if used > 0 && used + blank + text_width(&piece) > room {
                line.truncate(line.trim_end_matches(' ').len());
                lines.push(std::mem::take(&mut line));
                used = 0;
            } else if blank > 0 && used > 0 {
                line.push(' ');
                used += blank;
            }
            used += text_width(&piece);
            line += &piece;
            blank = 0;
        }
    }
    lines.push(line);
    let usual = |line: String| match line.contains(UNBROKEN) {
        true => line.replace(UNBROKEN, " "),
        false => line,
    };
    lines.into_iter().map(usual).collect()
}

/// The same for sentences, in which a command in backticks stays on one line.
pub(in crate::diagnostic) fn wrapped_prose(text: &str, room: usize) -> Vec<String> {
    wrapped(&commands_whole(text, room), room)
}

/// A line, wrapped between words if it is wider than `room` cells.
pub fn line_within(words: impl Display, room: Option<usize>) -> TerminalText {
    let whole = TerminalText::line(words);
    let text = whole.as_str().trim_end();
    let unindented = text.trim_start_matches(' ');
    let indent = text.len() - unindented.len();
    let inside = room.and_then(|room| room.checked_sub(indent + HANGING));
    let Some(inside) = inside.filter(|inside| text_width(unindented) > inside + HANGING) else {
        return whole;
    };
    let lines = wrapped_prose(unindented, inside);
    let lines = lines.iter().enumerate().map(|(place, line)| {
        let hanging = if place == 0 { 0 } else { HANGING };
        format!("{}{line}\n", " ".repeat(indent + hanging))
    });
    TerminalText::lines(&lines.collect::<String>())
}

/// Prevents line breaks inside backticks if the content fits on a line: it is a command to copy.
fn commands_whole(text: &str, room: usize) -> String {
    let parts = text.split('`').enumerate().map(|(place, part)| {
        let is_command = place % 2 == 1 && text_width(part) + 2 <= room;
        match is_command {
            true => part.replace(' ', UNBROKEN),
            false => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("`")
}

/// The parts of a word between which it may be broken: after hyphens and slashes, and between ideographs. A word with
/// digits at the break, or an address, a path or an id, is a single part: half of it would be something else.
fn parts(word: &str) -> Vec<&str> {
    let is_address = |c: char| matches!(c, '_' | '@' | '.' | ':' | '`');
    let body = word.trim_end_matches(['.', ':']);
    if body.contains(is_address) || body.starts_with(['-', '/']) {
        return vec![word];
    }
    let is_break = |at: &usize| {
        let (before, behind) = word.split_at_checked(*at).unwrap_or((word, ""));
        let before = before.trim_end_matches(['-', '/']);
        let figures = before.ends_with(char::is_numeric) || behind.starts_with(char::is_numeric);
        !before.is_empty() && !behind.is_empty() && !figures
    };
    let segmenter = LineSegmenter::new_dictionary(LineBreakOptions::default());
    let mut parts = Vec::new();
    let mut rest = word;
    for at in segmenter.segment_str(word).filter(is_break) {
        let begun = word.len() - rest.len();
        if let Some((part, behind)) = rest.split_at_checked(at - begun) {
            parts.push(part);
            rest = behind;
        }
    }
    parts.push(rest);
    parts
}

/// True if a text is or contains a number, a time, a key, an id or an address: these are never shortened.
fn has_figures(word: &str) -> bool {
    let signs = |c: char| c.is_numeric() || matches!(c, '_' | '@' | '.' | ':');
    word.trim_end_matches(['.', ':']).contains(signs)
}

/// A word, with `…` for the part that does not fit.
fn shortened(word: &str, room: usize) -> String {
    match has_figures(word) {
        true => word.to_owned(),
        false => cut(word, room),
    }
}

/// Truncates any word, with `…` for the part that does not fit.
fn cut(word: &str, room: usize) -> String {
    if text_width(word) <= room {
        return word.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= room
    };
    let kept: String = word.chars().take_while(fits).collect();
    // Half a number would be another number.
    format!("{}…", kept.trim_end_matches(char::is_numeric))
}
