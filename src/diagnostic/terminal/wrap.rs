//! Texts in cells of a terminal, broken between words, and within a word only where it is wider than a line.

use std::fmt::Display;

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::TerminalText;

/// What goes on below a line that is too wide is indented by so much more than the line.
const HANGING: usize = 2;
/// A blank at which no line is broken; [`wrapped`] gives a usual one for it.
pub const UNBROKEN: &str = "\u{a0}";

/// How many cells of a terminal a text takes.
pub fn text_width(text: &str) -> usize {
    text.width()
}

/// The narrowest room in which no word of a text has to be broken or shortened; a word of several parts or of letters
/// that is wider than `most` counts as its widest part, and a part of letters no more than `most`.
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

/// The lines of a text, each of at most so many cells but for words that can be neither broken nor shortened.
pub fn wrapped(text: &str, room: usize) -> Vec<String> {
    lines_of(text, room, |word| shortened(word, room))
}

/// The same where a line is all that the terminal has: also a name or an id that does not fit it is cut, and no number.
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

/// The same of sentences, in which a command between two backticks stays on one line.
pub(in crate::diagnostic) fn wrapped_prose(text: &str, room: usize) -> Vec<String> {
    wrapped(&commands_whole(text, room), room)
}

/// A line for so many cells of a terminal, broken between words where it is wider.
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

/// A text in which the blanks between two backticks are no places to break a line, where a line holds what stands
/// there: it is a command to copy.
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

/// The parts of a word between which a line may be broken: behind hyphens and slashes, between ideographs. What has
/// figures at the break, or is an address, a path or an id, has one part alone: half of it would be another one.
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

/// True of what is a number, a time, a key, an id or an address, or has one in it: it is never shortened.
fn has_figures(word: &str) -> bool {
    let signs = |c: char| c.is_numeric() || matches!(c, '_' | '@' | '.' | ':');
    word.trim_end_matches(['.', ':']).contains(signs)
}

/// A word with `…` for what is too much of it.
fn shortened(word: &str, room: usize) -> String {
    match has_figures(word) {
        true => word.to_owned(),
        false => cut(word, room),
    }
}

/// A word, whatever it is, with `…` for what is too much of it.
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
    // Half a number would be another one.
    format!("{}…", kept.trim_end_matches(char::is_numeric))
}
