//! Texts in cells of a terminal, broken between words alone.

use std::fmt::Display;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::diagnostic::TerminalText;

/// What goes on below a line that is too wide is indented by so much more than the line.
const HANGING: usize = 2;
/// A blank at which no line is broken.
const UNBROKEN: &str = "\u{a0}";

/// How many cells of a terminal a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The width of the widest word; of those of letters alone, which may be shortened, no more than `most` counts.
pub(super) fn longest_word(text: &str, most: usize) -> usize {
    let words = text.split(' ').map(|word| match is_whole(word) {
        true => width(word),
        false => width(word).min(most),
    });
    words.max().unwrap_or(0)
}

/// The lines of a text, each of at most so many cells but for words that cannot be shortened.
pub fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let word = shortened(word, room);
        let empty = line.is_empty();
        if !empty && used + 1 + width(&word) > room {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if !empty {
            line.push(' ');
            used += 1;
        }
        used += width(&word);
        line += &word;
    }
    lines.push(line);
    lines
}

/// A line for so many cells of a terminal, broken between words where it is wider.
pub fn line_within(words: impl Display, room: Option<usize>) -> TerminalText {
    let whole = TerminalText::line(words);
    let text = whole.as_str().trim_end();
    let unindented = text.trim_start_matches(' ');
    let indent = text.len() - unindented.len();
    let inside = room.and_then(|room| room.checked_sub(indent + HANGING));
    let Some(inside) = inside.filter(|inside| width(unindented) > inside + HANGING) else {
        return whole;
    };
    let lines = wrapped(&commands_whole(unindented, inside), inside);
    let lines = lines.iter().enumerate().map(|(place, line)| {
        let hanging = if place == 0 { 0 } else { HANGING };
        let blanks = " ".repeat(indent + hanging);
        format!("{blanks}{}\n", line.replace(UNBROKEN, " "))
    });
    TerminalText::lines(&lines.collect::<String>())
}

/// A text in which the blanks between two backticks are no places to break a line, where a line holds what stands
/// there: it is a command to copy.
fn commands_whole(text: &str, room: usize) -> String {
    let parts = text.split('`').enumerate().map(|(place, part)| {
        let is_command = place % 2 == 1 && width(part) + 2 <= room;
        match is_command {
            true => part.replace(' ', UNBROKEN),
            false => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("`")
}

/// A word that is a number, a time, a key, an id or an address, or has one in it: part of it would be another
/// one.
fn is_whole(word: &str) -> bool {
    let signs = |c: char| c.is_numeric() || matches!(c, '_' | '@' | '/' | '.' | ':');
    word.trim_end_matches(['.', ':']).contains(signs)
}

/// A word with `…` for what is too much of it.
fn shortened(word: &str, room: usize) -> String {
    if width(word) <= room || is_whole(word) {
        return word.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= room
    };
    let mut kept: String = word.chars().take_while(fits).collect();
    kept.push('…');
    kept
}
