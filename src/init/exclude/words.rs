//! Words of names and values that say what became of a row.

use crate::init::lexicon::Terms;
use crate::init::lexicon::states::{FILLERS, NOT, PARTLY, STATES};
use crate::init::words::{bare, words};

/// Whether nothing but these words is in a name: `is_deleted`, `NoShow`.
pub(super) fn is_all(name: &[String], terms: &Terms) -> bool {
    let telling: Vec<&String> = name.iter().filter(|word| !FILLERS.has(word)).collect();
    let joined = || telling.iter().map(|word| word.as_str()).collect::<String>();
    !telling.is_empty() && (telling.iter().all(|word| terms.has(word)) || terms.has(&joined()))
}

/// `order_status`, `Stato ordine`.
pub(super) fn is_state(name: &[String]) -> bool {
    let ends = [name.first(), name.last()];
    ends.into_iter().flatten().any(|word| STATES.has(word))
}

/// `wc-cancelled`, `No Show`, `annullata`, `entsch.`; what is only partly so counts.
pub(super) fn is_state_of(text: &str, terms: &Terms) -> bool {
    let name = words(text);
    if is_short_for(text, terms) {
        return true;
    }
    let is_partly = name.iter().any(|word| {
        let word = bare(word);
        PARTLY.iter().any(|begin| word.starts_with(begin))
    });
    let is = |word: &str| terms.has(word) || terms.has(&masculine(word));
    let is_not = || name.iter().any(|word| NOT.has(word));
    let is_so = is(&name.concat()) || name.iter().any(|word| is(word)) && !is_not();
    is_so && !is_partly && name.len() <= 3
}

/// Whether a text is one word that ends before its time, with a point: `entsch.` for `entschuldigt`.
fn is_short_for(text: &str, terms: &Terms) -> bool {
    /// Fewer letters begin too many words: `erst.` is `erstattet` and `erstellt`.
    const LEAST: usize = 5;
    let Some(begin) = text.trim().strip_suffix('.').map(bare) else {
        return false;
    };
    let is_word = begin.chars().count() >= LEAST && begin.chars().all(char::is_alphabetic);
    is_word && terms.all().any(|term| term.starts_with(&begin))
}

/// A participle of a Romance language as it stands of one man: `annullato` for `annullata`, `anulado` for `anuladas`,
/// `remboursé` for `remboursées`.
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
