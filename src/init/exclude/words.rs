//! Words in names and values that describe the status of a row.

use crate::init::lexicon::Terms;
use crate::init::lexicon::states::{FILLERS, NOT, PARTLY, STATES};
use crate::init::words::{bare, words};

/// Whether a name consists of these words only: `is_deleted`, `NoShow`.
pub(super) fn is_all(name: &[String], terms: &Terms) -> bool {
    let telling: Vec<&String> = name.iter().filter(|word| !FILLERS.has(word)).collect();
    let joined = || telling.iter().map(|word| word.as_str()).collect::<String>();
    let is = |word: &str| has_form(terms, word);
    !telling.is_empty() && (telling.iter().all(|word| is(word)) || is(&joined()))
}

/// Whether a word is one of these, also in its feminine or plural form: `Annulée`, `stornierte`.
fn has_form(terms: &Terms, word: &str) -> bool {
    let bare = bare(word);
    let mut ends = ["e", "er", "es", "en", "em"].into_iter();
    let is_german = |end: &str| {
        bare.strip_suffix(end)
            .is_some_and(|stem| terms.de_has(stem))
    };
    terms.has(word) || terms.has(&masculine(word)) || ends.any(is_german)
}

/// Whether a column is named like a status: `order_status`, `Stato ordine`.
pub(super) fn is_state(name: &[String]) -> bool {
    let ends = [name.first(), name.last()];
    ends.into_iter().flatten().any(|word| STATES.has(word))
}

/// Whether a text is one of these statuses: `wc-cancelled`, `No Show`, `annullata`, `entsch.`. A status of only a
/// part of the row does not count as one.
pub(super) fn is_state_of(text: &str, terms: &Terms) -> bool {
    let name = words(text);
    if is_short_for(text, terms) {
        return true;
    }
    let is_partly = name.iter().any(|word| {
        let word = bare(word);
        PARTLY.iter().any(|begin| word.starts_with(begin))
    });
    let is = |word: &str| has_form(terms, word);
    let is_not = || name.iter().any(|word| NOT.has(word));
    let is_so = is(&name.concat()) || name.iter().any(|word| is(word)) && !is_not();
    is_so && !is_partly && name.len() <= 3
}

/// Whether a text is an abbreviation with a dot: `entsch.` for `entschuldigt`.
fn is_short_for(text: &str, terms: &Terms) -> bool {
    /// Too many words begin with fewer letters: `erst.` is both `erstattet` and `erstellt`.
    const LEAST: usize = 5;
    let Some(begin) = text.trim().strip_suffix('.').map(bare) else {
        return false;
    };
    let is_word = begin.chars().count() >= LEAST && begin.chars().all(char::is_alphabetic);
    is_word && terms.all().any(|term| term.starts_with(&begin))
}

/// The masculine singular of a participle in a Romance language: `annullato` for `annullata`, `anulado` for
/// `anuladas`, `remboursé` for `remboursées`.
fn masculine(word: &str) -> String {
    let word = bare(word);
    let ends = [
        ("ees", "e"),
        ("ee", "e"),
        ("es", "e"),
        ("as", "o"),
        ("os", "o"),
        ("a", "o"),
        ("i", "o"),
        ("e", "o"),
    ];
    let ended = ends.iter().find_map(|(end, ending)| {
        let stem = word.strip_suffix(end)?;
        Some(format!("{stem}{ending}"))
    });
    ended.unwrap_or(word)
}

pub(super) fn is_like_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.len() >= 6
}
