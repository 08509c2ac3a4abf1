//! The colours that we apply.

use super::lines;

/// Removes all escape sequences except colours: `ESC [ 1 ; 31 m`.
pub(super) fn only(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\u{1b}') {
        shown += &lines(before);
        let inside = |c: char| c.is_ascii_digit() || c == ';';
        let end = behind.strip_prefix('[').and_then(|codes| {
            let end = codes.find(|c| !inside(c))?;
            codes.get(end..)?.starts_with('m').then_some(end + 2)
        });
        let (sequence, behind) = behind
            .split_at_checked(end.unwrap_or(0))
            .unwrap_or(("", behind));
        shown += if end.is_some() { "\u{1b}" } else { "\u{fffd}" };
        shown += sequence;
        rest = behind;
    }
    shown + &lines(rest)
}
