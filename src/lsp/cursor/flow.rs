//! The position of the end of a text that may be a flow (bracketed) list or mapping.

use super::{Entry, Stands};

/// What is still open at the end of a text that starts with a bracket.
pub(super) struct Flow<'t> {
    /// The keys of the open mappings.
    pub keys: Vec<String>,
    pub stands: Stands<'t>,
    /// Whether a bracket is open.
    pub is_open: bool,
    /// The other entries of the innermost mapping.
    pub beside: Vec<Entry>,
}

/// An open bracket.
struct Open<'t> {
    is_mapping: bool,
    /// For a mapping: the key whose value is being written, and the offset of the value.
    key: Option<(&'t str, usize)>,
    entries: Vec<Entry>,
}

/// The position of the end of a text, with the text that follows; `None` if the text does not start with a bracket.
pub(super) fn flow<'t>(text: &'t str, behind: &str) -> Option<Flow<'t>> {
    text.trim_start().strip_prefix(['{', '['])?;
    let mut open: Vec<Open<'t>> = Vec::new();
    let (mut from, mut quote) = (0, None);
    // Whether a list, a mapping or a quoted text has just ended, after which only a comma can follow.
    let mut has_ended = false;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let begins = || {
            text.get(from..at)
                .is_some_and(|text| text.trim().is_empty())
        };
        match (quote, letter) {
            (Some('"'), '\\') => drop(letters.next()),
            // A doubled quote is an escaped one.
            (Some('\''), '\'') if letters.next_if(|(_, next)| *next == '\'').is_some() => {}
            (Some(end), letter) if letter == end => {
                quote = None;
                has_ended = true;
            }
            (Some(_), _) => {}
            (None, '"' | '\'') if begins() => quote = Some(letter),
            (None, '{' | '[') => {
                open.push(Open {
                    is_mapping: letter == '{',
                    key: None,
                    entries: Vec::new(),
                });
                from = at + 1;
            }
            (None, '}' | ']') => {
                open.pop();
                from = at + 1;
                has_ended = true;
            }
            (None, ',') => {
                if let Some(top) = open.last_mut()
                    && let Some((key, value)) = top.key.take()
                {
                    let value = text.get(value..at).unwrap_or_default();
                    top.entries.push(Entry::of(key, value));
                }
                from = at + 1;
                has_ended = false;
            }
            (None, ':') if letters.peek().is_none_or(|(_, next)| next.is_whitespace()) => {
                if let Some(top) = open.last_mut().filter(|top| top.is_mapping)
                    && top.key.is_none()
                {
                    top.key = Some((text.get(from..at).unwrap_or_default().trim(), at + 1));
                    from = at + 1;
                    // The quoted text was a key.
                    has_ended = false;
                }
            }
            _ => {}
        }
    }
    let is_open = !open.is_empty();
    let written = text.get(from..).unwrap_or_default().trim_start();
    let stands = match open.last() {
        _ if has_ended => Stands::Behind,
        Some(top) if top.is_mapping && top.key.is_none() => Stands::Key(written),
        _ => Stands::Value(written),
    };
    let innermost = open.iter().rposition(|one| one.is_mapping);
    let closers = open.len() - innermost.map_or(0, |place| place + 1);
    let keys = open.iter().filter_map(|one| Some(one.key?.0.to_owned()));
    let keys = keys.collect();
    let before = innermost.map(|place| open.swap_remove(place).entries);
    let mut beside = before.unwrap_or_default();
    beside.extend(further(behind, closers));
    Some(Flow {
        keys,
        stands,
        is_open,
        beside,
    })
}

/// The entries of a mapping after the cursor's, in text with `closers` closing brackets still to come.
fn further(behind: &str, mut closers: usize) -> Vec<Entry> {
    let (mut depth, mut from) = (0_usize, None);
    let mut pieces = Vec::new();
    for (at, letter) in behind.char_indices() {
        match letter {
            '{' | '[' => depth += 1,
            '}' | ']' if depth > 0 => depth -= 1,
            '}' | ']' if closers > 0 => closers -= 1,
            '}' | ']' => {
                pieces.extend(from.and_then(|from| behind.get(from..at)));
                break;
            }
            ',' if depth == 0 && closers == 0 => {
                pieces.extend(from.and_then(|from| behind.get(from..at)));
                from = Some(at + 1);
            }
            // A bracket that is not closed.
            '\n' if from.is_none() => break,
            _ => {}
        }
    }
    let entries = pieces.into_iter().filter_map(|piece| piece.split_once(':'));
    entries.map(|(key, value)| Entry::of(key, value)).collect()
}
