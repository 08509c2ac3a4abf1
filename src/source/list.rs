//! Lists on the command line: `a,b,"c, d"`.

use std::ops::Range;

/// One entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The value: without surrounding blanks, or exactly the content of its quotes.
    pub value: String,
    /// Its range in the list, without quotes.
    pub range: Range<usize>,
}

/// What prevents a comma from separating entries, besides double quotes around an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commas {
    /// Nothing: entries are values.
    Part,
    /// Brackets, backticks and quotes anywhere: entries are expressions.
    Nest,
}

/// Splits a list at its commas. Double quotes around an entry keep it as it is, as in CSV; one inside them is doubled.
pub fn entries(list: &str, commas: Commas) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut from = 0;
    loop {
        let rest = list.get(from..).unwrap_or_default();
        let (entry, length) = quoted(rest).unwrap_or_else(|| plain(rest, commas));
        entries.push(Entry {
            range: entry.range.start + from..entry.range.end + from,
            ..entry
        });
        from += length;
        if from >= list.len() {
            return entries;
        }
        // Continue after the comma; nothing after the last one is an empty entry.
        from += 1;
    }
}

/// A quoted entry at the start of a list, and its length including surrounding blanks.
fn quoted(list: &str) -> Option<(Entry, usize)> {
    let before = list.len() - list.trim_start().len() + 1;
    let inside = list.trim_start().strip_prefix('"')?;
    let mut value = String::new();
    let mut letters = inside.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != '"' {
            value.push(letter);
        } else if letters.next_if(|(_, next)| *next == '"').is_some() {
            value.push('"');
        } else {
            let behind = inside.get(at + 1..)?;
            let blanks = behind.len() - behind.trim_start().len();
            let ends = behind.trim_start().is_empty() || behind.trim_start().starts_with(',');
            let range = before..before + at;
            return ends.then_some((Entry { value, range }, before + at + 1 + blanks));
        }
    }
    None
}

fn plain(list: &str, commas: Commas) -> (Entry, usize) {
    let end = match commas {
        Commas::Part => list.find(','),
        Commas::Nest => comma_outside(list),
    };
    let part = list.get(..end.unwrap_or(list.len())).unwrap_or_default();
    let start = part.len() - part.trim_start().len();
    let value = part.trim().to_owned();
    let range = start..start + value.len();
    (Entry { value, range }, part.len())
}

/// The first comma outside brackets and quotes.
fn comma_outside(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '`' | '"' | '\'') => quote = Some(letter),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}
