//! The slip at the place where parsing stopped.

use super::expected::Expected;
use super::hints::hint;
use super::place::Place;
use super::scan::tokens;
use super::{Slip, arithmetic, patterns, phrases};
use crate::diagnostic::Code;
use crate::language::grammar::Stop;

/// The slip at the place where nothing matched.
pub(super) fn unexpected(text: &str, stop: &Stop) -> Slip {
    let place = Place::new(text, stop.at);
    let expected = Expected::of(&stop.expected, &place);
    let (_, words) = expected.told();
    if let Some(phrase) = patterns::number(text, stop)
        .or_else(|| arithmetic::find(text, stop))
        .or_else(|| phrases::find(text, stop))
        .or_else(|| patterns::find(text, stop))
    {
        let written = text.get(phrase.range.clone()).unwrap_or("");
        let message = format!("{} does not fit here", shown(written));
        return Slip::new(Code::Syntax, phrase.range, message).help(phrase.help);
    }
    let misplaced = match (expected, &place.before) {
        // What does not fit is the previous word.
        (Expected::Scoped, Some((_, range))) => Some(range.clone()),
        _ => None,
    };
    let slip = match place.found.clone() {
        _ if misplaced.is_some() => {
            let range = misplaced.unwrap_or_default();
            Slip::new(Code::Syntax, range, "`within` does not fit here")
                .label(format!("expected {words}"))
        }
        Some((_, range)) => {
            let found = shown(place.found_word());
            let message = format!("{found} does not fit here");
            Slip::new(Code::Syntax, range, message).label(format!("expected {words}"))
        }
        None => {
            let last = tokens(text).last().map_or(0..0, |(_, range)| range);
            match expected {
                Expected::Anything => Slip::new(Code::Syntax, last, "nothing is written here"),
                _ => Slip::new(Code::Syntax, last, "this stops in the middle")
                    .label(format!("expected {words} after this")),
            }
        }
    };
    let remark = || {
        let cut =
            place.found.is_none() && text.get(slip.span.end..).is_some_and(|t| t.contains('#'));
        cut.then(|| "what follows a `#` is a comment".to_owned())
    };
    match hint(expected, &place).or_else(remark) {
        Some(help) => slip.help(help),
        None => slip,
    }
}

/// A token as a message can show it.
fn shown(word: &str) -> String {
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_control() || is_invisible(c) => {
            format!("an invisible character (U+{:04X})", u32::from(c))
        }
        _ => {
            let short: String = word.chars().take(40).collect();
            let cut = if short.len() < word.len() { "…" } else { "" };
            match short.contains('`') {
                true => format!("{short}{cut}"),
                false => format!("`{short}{cut}`"),
            }
        }
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
}
