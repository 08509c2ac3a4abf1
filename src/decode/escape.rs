//! Backslashes in double-quoted YAML strings.

use std::ops::Range;

/// The characters that may follow a backslash.
const KNOWN: &str = "0abt\tnvfre \"/\\N_LPxuU\r\n";

/// The first invalid escape sequence in the double-quoted string that starts at a byte.
pub(super) fn unknown(text: &str, at: usize) -> Option<(Range<usize>, char)> {
    let inside = inside(text, at)?;
    let mut letters = inside.char_indices();
    while let Some((place, letter)) = letters.next() {
        if letter != '\\' {
            continue;
        }
        let (_, letter) = letters.next()?;
        if !KNOWN.contains(letter) {
            let start = at + 1 + place;
            return Some((start..start + 1 + letter.len_utf8(), letter));
        }
    }
    None
}

/// The double-quoted string that starts at a byte, rewritten with single quotes as intended; `None` if it spans lines.
pub(super) fn in_single_quotes(text: &str, at: usize) -> Option<String> {
    let meant = inside(text, at)?.replace("\\\"", "\"");
    let meant = meant.replace("\\\\", "\\");
    let is_line = !meant.contains(['\n', '\r']);
    is_line.then(|| format!("'{}'", meant.replace('\'', "''")))
}

/// The content of the double-quoted string that starts at a byte.
fn inside(text: &str, at: usize) -> Option<&str> {
    let inside = text.get(at..)?.strip_prefix('"')?;
    let mut escaped = false;
    let end = inside.find(|letter| {
        let ends = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        ends
    })?;
    inside.get(..end)
}
