//! Foreign text made safe for display: without control characters, characters that change the writing direction, and
//! invisible characters between letters.

use std::borrow::Cow;

/// The replacement for a hidden character: one for one, so that columns are preserved.
const HIDDEN: char = '\u{fffd}';

/// A text from data, files, arguments or other servers, as part of a line.
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, |_| false)
}

/// The same for a text whose line breaks and tabs are our own.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    replaced(text, |c| matches!(c, '\n' | '\t'))
}

/// True for characters that no displayed text may contain.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // Direction marks, and separators that some programs treat as line ends.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Characters without width or shape.
            | '\u{180e}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
}

/// Zero-width characters that have a meaning only between letters of other scripts and between emoji.
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}')
}

fn replaced(text: &str, kept: fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(|c| (is_unprintable(c) && !kept(c)) || is_joiner(c)) {
        return Cow::Borrowed(text);
    }
    let speaks = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !is_unprintable(c));
    // A line ending may consist of two characters.
    let ends = |c, next| c == '\r' && next == Some('\n') && kept('\n');
    let mut before = None;
    let mut chars = text.chars().peekable();
    let mut shown = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let hides = match is_joiner(c) {
            true => !(speaks(before) && speaks(next)),
            false => is_unprintable(c) && !kept(c) && !ends(c, next),
        };
        shown.push(if hides { HIDDEN } else { c });
        before = Some(c);
    }
    Cow::Owned(shown)
}
