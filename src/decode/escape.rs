//! Backslashes between double quotes of YAML.

use std::ops::Range;

/// What may stand behind one.
const KNOWN: &str = "0abt\tnvfre \"/\\N_LPxuU\r\n";

/// The first one in the text in double quotes that begins at a byte with a letter behind it that YAML does not know there.
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

/// The text in double quotes that begins at a byte as it is meant, in single quotes; none where it has several lines.
pub(super) fn in_single_quotes(text: &str, at: usize) -> Option<String> {
    let meant = inside(text, at)?.replace("\\\"", "\"");
    let meant = meant.replace("\\\\", "\\");
    let is_line = !meant.contains(['\n', '\r']);
    is_line.then(|| format!("'{}'", meant.replace('\'', "''")))
}

/// What stands between the double quotes of which the first is at a byte.
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
