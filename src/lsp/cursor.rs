//! The position of the cursor in possibly unfinished YAML: the keys that lead there, and the text before it.
//!
//! It relies on lines and indentation, so that the text need not be parseable.

mod beside;
mod flow;

use beside::{Beside, beside};
use flow::{Flow, flow};

/// The position of the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor<'t> {
    /// The keys that lead there, outermost first; for a value including its own key.
    pub keys: Vec<String>,
    pub stands: Stands<'t>,
    /// The other entries of the surrounding mapping.
    pub beside: Vec<Entry>,
    /// Whether that mapping, or the brackets, can be a list item as they are.
    pub in_item: bool,
    /// The text between the nearest key and the cursor, if that key has no value on its own line.
    pub below: Option<&'t str>,
}

/// A key, with the text after the colon on its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub value: String,
}

impl Entry {
    fn of(key: &str, value: &str) -> Self {
        let value = value.split(" #").next().unwrap_or_default();
        let bare = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
        Self {
            key: bare(key),
            value: bare(value),
        }
    }
}

/// The context of the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands<'t> {
    /// In a key, or in a list item that may become one: the part before the cursor.
    Key(&'t str),
    /// In a value: the part before the cursor.
    Value(&'t str),
    /// After a bracketed value, or after a quoted one inside brackets, where only a comma can follow.
    Behind,
    /// In a YAML comment.
    Comment,
}

impl<'t> Cursor<'t> {
    fn new(keys: Vec<String>, stands: Stands<'t>) -> Self {
        Self {
            keys,
            stands,
            beside: Vec::new(),
            in_item: false,
            below: None,
        }
    }

    fn in_flow(mut keys: Vec<String>, flow: Flow<'t>) -> Self {
        keys.extend(flow.keys);
        Self {
            beside: flow.beside,
            in_item: true,
            ..Self::new(keys, flow.stands)
        }
    }
}

/// A line of YAML.
struct Line<'t> {
    /// The column of its last `-`, if it starts an item.
    dash: Option<usize>,
    /// The column of the text after blanks and dashes.
    indent: usize,
    rest: &'t str,
}

impl<'t> Line<'t> {
    fn of(line: &'t str) -> Self {
        let mut dash = None;
        let mut indent = line.len() - line.trim_start_matches(' ').len();
        loop {
            let rest = line.get(indent..).unwrap_or_default();
            let Some(behind) = rest.strip_prefix('-') else {
                return Self { dash, indent, rest };
            };
            if !behind.is_empty() && !behind.starts_with(' ') {
                return Self { dash, indent, rest };
            }
            dash = Some(indent);
            indent += 1 + behind.len() - behind.trim_start_matches(' ').len();
        }
    }

    /// Its key and the text after the colon.
    fn entry(&self) -> Option<(&'t str, &'t str)> {
        if self.rest.starts_with(['#', '{', '[']) {
            return None;
        }
        let colon = self.rest.match_indices(':').map(|(at, _)| at);
        let colon = colon.into_iter().find(|at| {
            let behind = self.rest.get(at + 1..).unwrap_or_default();
            behind.is_empty() || behind.starts_with([' ', '\r'])
        })?;
        let key = self.rest.get(..colon)?.trim();
        let value = self.rest.get(colon + 1..)?;
        Some((key.trim_matches(['"', '\'']), value))
    }

    fn is_blank(&self) -> bool {
        self.dash.is_none() && (self.rest.trim().is_empty() || self.rest.starts_with('#'))
    }
}

/// The position of a byte in a text.
pub fn cursor(text: &str, byte: usize) -> Cursor<'_> {
    let (before, behind) = text.split_at_checked(byte).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let above: Vec<(usize, &str)> = line_starts(before, start);
    let head = before.get(start..).unwrap_or_default();
    let line = Line::of(head);
    let held = holding(&above, &line, head.len());
    if let Some(Held::Text(opener, value)) = held {
        let keys = path(&above, opener, true);
        let value = before.get(value..).unwrap_or_default();
        return Cursor::new(keys, Stands::Value(value));
    }
    if has_comment(head) {
        return Cursor::new(Vec::new(), Stands::Comment);
    }
    if let Some((opener, value)) = bracket_above(before, &above, &line, head.len())
        && let Some(flow) = flow(before.get(value..).unwrap_or_default(), behind)
    {
        return Cursor::in_flow(path(&above, opener, true), flow);
    }
    let mut keys = ancestors(&above, line.indent, line.dash);
    let entry = line.entry();
    keys.extend(entry.map(|(key, _)| key.to_owned()));
    let own = entry.map_or(line.rest, |(_, value)| value);
    if let Some(flow) = flow(own, behind) {
        return Cursor::in_flow(keys, flow);
    }
    let below = match held {
        Some(Held::Below(value)) => before.get(value..),
        _ => None,
    };
    let up = above.iter().rev().map(|(_, line)| *line);
    let Beside { entries, in_item } = beside(&line, up, behind.lines().skip(1));
    let stands = match entry {
        Some((_, value)) => Stands::Value(value.trim_start()),
        None => Stands::Key(line.rest),
    };
    Cursor {
        beside: entries,
        in_item,
        below,
        ..Cursor::new(keys, stands)
    }
}

/// Whether a line of YAML contains a comment: a `#` after a blank and outside quotes. Quotes count only at the start of
/// a key, value or item.
fn has_comment(line: &str) -> bool {
    let mut quote = None;
    let mut before = ' ';
    // Whether a scalar starts at the next non-blank character.
    let mut begins = true;
    for letter in line.chars() {
        match quote {
            Some(open) if letter == open && before != '\\' => quote = None,
            Some(_) => {}
            None if letter == '#' && before.is_whitespace() => return true,
            None if begins && matches!(letter, '"' | '\'') => quote = Some(letter),
            None => {}
        }
        begins = match letter {
            ' ' | '\t' => begins || matches!(before, ':' | '-'),
            '{' | '[' | ',' => true,
            _ => false,
        };
        before = letter;
    }
    false
}

/// The lines before a byte, with their start offsets.
fn line_starts(text: &str, end: usize) -> Vec<(usize, &str)> {
    let mut at = 0;
    let lines = text.get(..end).unwrap_or_default().split_inclusive('\n');
    let lines = lines.map(|line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    });
    lines.collect()
}

/// The line above whose value continues in a line.
enum Held {
    /// A scalar continues in the line: the index of the line above, and the offset of the scalar.
    Text(usize, usize),
    /// The value starts below its key: the offset after the colon.
    Below(usize),
}

/// The indentation of a line; for an empty one, that of the cursor.
fn depth(line: &Line<'_>, column: usize) -> usize {
    match line.rest.is_empty() {
        true => column,
        false => line.dash.unwrap_or(line.indent),
    }
}

/// The line above whose value continues in this one.
fn holding(above: &[(usize, &str)], line: &Line<'_>, column: usize) -> Option<Held> {
    let mut least = depth(line, column);
    let is_entry = line.entry().is_some() || line.dash.is_some();
    for (place, (start, text)) in above.iter().enumerate().rev() {
        let candidate = Line::of(text);
        if candidate.is_blank() {
            continue;
        }
        let Some((_, value)) = candidate.entry() else {
            let begins = candidate.dash.unwrap_or(candidate.indent);
            least = least.min(begins.max(1));
            continue;
        };
        if candidate.indent >= least {
            continue;
        }
        least = candidate.dash.unwrap_or(candidate.indent);
        let behind = start + text.len() - value.len();
        let written = value.split(" #").next().unwrap_or_default().trim();
        if written.starts_with(['|', '>']) {
            return Some(Held::Text(place, start + text.len()));
        }
        // A plain or quoted scalar may continue in more indented lines.
        let goes_on = !written.is_empty() && !written.starts_with(['{', '[', '&', '*']);
        if goes_on && !is_entry {
            return Some(Held::Text(place, behind));
        }
        if !is_entry {
            return written.is_empty().then_some(Held::Below(behind));
        }
    }
    None
}

/// The maximum number of lines searched upwards for an open bracket.
const LINES_OF_BRACKETS: usize = 200;

/// The line above with a bracket that is still open at the cursor: its index, and the offset of the bracket.
fn bracket_above(
    before: &str,
    above: &[(usize, &str)],
    line: &Line<'_>,
    column: usize,
) -> Option<(usize, usize)> {
    let mut least = depth(line, column);
    let lines = above.iter().enumerate().rev().take(LINES_OF_BRACKETS);
    for (place, (start, text)) in lines {
        let candidate = Line::of(text);
        let own = candidate.dash.unwrap_or(candidate.indent);
        if candidate.is_blank() || own >= least {
            continue;
        }
        let value = candidate.entry().map_or(candidate.rest, |(_, value)| value);
        let value = value.trim_start();
        let at = start + text.len() - value.len();
        let is_open = |flow: Flow<'_>| flow.is_open;
        if flow(before.get(at..).unwrap_or_default(), "").is_some_and(is_open) {
            return Some((place, at));
        }
        least = own;
        if own == 0 {
            break;
        }
    }
    None
}

/// The keys that lead to a line's key, optionally including that key.
fn path(above: &[(usize, &str)], place: usize, with_own: bool) -> Vec<String> {
    let text = above.get(place).map_or("", |(_, text)| text);
    let line = Line::of(text);
    let before = above.get(..place).unwrap_or_default();
    let mut keys = ancestors(before, line.indent, line.dash);
    let own = line.entry().filter(|_| with_own);
    keys.extend(own.map(|(key, _)| key.to_owned()));
    keys
}

/// The keys above a position that starts in this column, with or without a dash.
fn ancestors(above: &[(usize, &str)], indent: usize, dash: Option<usize>) -> Vec<String> {
    let mut keys = Vec::new();
    let (mut indent, mut dash) = (indent, dash);
    for (_, text) in above.iter().rev() {
        let line = Line::of(text);
        if line.is_blank() {
            continue;
        }
        let own = line.dash.unwrap_or(line.indent);
        match dash {
            // List items may be at the same indentation as their key, or deeper.
            Some(column) if line.dash.is_none() && line.indent <= column => {}
            Some(_) if line.dash.is_none() || own >= dash.unwrap_or(0) => continue,
            None if line.indent < indent => {}
            None if own < indent => {
                // A list item of which this position is another key.
                dash = line.dash;
                continue;
            }
            _ if own < dash.unwrap_or(indent) => {}
            _ => continue,
        }
        let Some((key, _)) = line.entry() else {
            continue;
        };
        keys.push(key.to_owned());
        (indent, dash) = (line.indent, line.dash);
        if indent == 0 && dash.is_none() {
            break;
        }
    }
    keys.reverse();
    keys
}

#[cfg(test)]
mod tests;
