//! Walks a scalar's raw bytes and its decoded text in lockstep.
//!
//! Block and plain scalars differ from their text only in white space (folding, indentation, line endings); quoted ones
//! also in their quotes and escapes. The walk therefore requires every visible character to be the same on both sides,
//! and aligns runs of white space by their ends.

use std::ops::Range;

/// The raw bytes of each character of `decoded`; `None` if the two do not correspond (a variable was replaced, a line
/// ending was escaped).
pub(super) fn align(raw: &str, decoded: &str) -> Option<Vec<Range<usize>>> {
    // A quoted scalar has more visible characters than its text, so it never matches as a plain one; a block scalar may
    // start with a quote.
    walk(raw, 0, decoded, plain).or_else(|| {
        let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let inner = raw.strip_suffix(quote)?;
        match quote {
            '\'' => walk(inner, 1, decoded, single),
            _ => walk(inner, 1, decoded, double),
        }
    })
}

/// The quote around a scalar; `None` for a plain or block scalar, which may start with one.
pub(super) fn quote(raw: &str, decoded: &str) -> Option<char> {
    let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    walk(raw, 0, decoded, plain).is_none().then_some(quote)
}

/// Decodes one character at the start of a raw text, with the number of raw bytes.
type Unit = fn(&str) -> Option<(char, usize)>;

fn walk(raw: &str, start: usize, decoded: &str, unit: Unit) -> Option<Vec<Range<usize>>> {
    let mut places = Vec::with_capacity(decoded.len());
    let mut at = start;
    let mut rest = decoded;
    while !rest.is_empty() {
        let blanks = run(rest);
        if !blanks.is_empty() {
            let gap = run(raw.get(at..)?);
            // An escaped blank (`\t`) is not part of a gap: it is aligned below.
            if !gap.is_empty() {
                let blanks = if blanks.starts_with(gap) { gap } else { blanks };
                align_blanks(gap, at, blanks, &mut places);
                at += gap.len();
                rest = rest.get(blanks.len()..)?;
                continue;
            }
        }
        let gap = run(raw.get(at..)?).len();
        let wanted = rest.chars().next()?;
        let found = unit(raw.get(at + gap..)?);
        match found {
            Some((c, length)) if c == wanted => {
                places.push(at + gap..at + gap + length);
                at += gap + length;
            }
            // Blank lines and indentation before a block's first character, and line endings after its last.
            _ if wanted.is_whitespace() && (at == start || run(rest) == rest) => {
                places.push(at..at)
            }
            _ => return None,
        }
        rest = rest.get(wanted.len_utf8()..)?;
    }
    let rest = raw.get(at..)?;
    (run(rest) == rest).then_some(places)
}

/// The white space at the start of a text.
fn run(text: &str) -> &str {
    let end = text
        .find(|c| !matches!(c, ' ' | '\t' | '\n' | '\r'))
        .unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// Line endings are matched from the front, blanks from the back (after the indentation); a blank that folding inserted
/// covers the whole gap.
fn align_blanks(gap: &str, at: usize, blanks: &str, places: &mut Vec<Range<usize>>) {
    let (mut raw, mut text) = (gap, blanks);
    let mut front = at;
    while let Some(c) = text.chars().next() {
        let skipped = match c {
            '\n' => raw.find('\n'),
            c => raw.starts_with(c).then_some(0),
        };
        let Some(skipped) = skipped else { break };
        places.push(front + skipped..front + skipped + 1);
        front += skipped + 1;
        raw = raw.get(skipped + 1..).unwrap_or("");
        text = text.get(1..).unwrap_or("");
    }
    let tail = raw
        .bytes()
        .rev()
        .zip(text.bytes().rev())
        .take_while(|(r, t)| r == t)
        .count();
    let back = at + gap.len() - tail;
    places.extend(std::iter::repeat_n(front..back, text.len() - tail));
    places.extend((back..at + gap.len()).map(|i| i..i + 1));
}

fn plain(raw: &str) -> Option<(char, usize)> {
    raw.chars().next().map(|c| (c, c.len_utf8()))
}

fn single(raw: &str) -> Option<(char, usize)> {
    if raw.starts_with("''") {
        return Some(('\'', 2));
    }
    plain(raw)
}

fn double(raw: &str) -> Option<(char, usize)> {
    let Some(escape) = raw.strip_prefix('\\') else {
        return plain(raw);
    };
    let kind = escape.chars().next()?;
    let hex = |digits: usize| {
        let code = u32::from_str_radix(escape.get(1..=digits)?, 16).ok()?;
        Some((char::from_u32(code)?, digits + 2))
    };
    let c = match kind {
        'x' => return hex(2),
        'u' => return hex(4),
        'U' => return hex(8),
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        ' ' | '"' | '/' | '\\' => kind,
        _ => return None,
    };
    Some((c, 1 + kind.len_utf8()))
}
