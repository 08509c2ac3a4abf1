//! Splits names into words, however they are written: `OrderDate`, `order_date`, `Order Date`.

pub(super) use crate::value::key_names::spelled;

use crate::config::{several_called, singular_of};
use crate::value::folded;

/// Function words in names, which carry no meaning: `Data di nascita`, `N° de commande`.
const BETWEEN: &str = "of the di del dello della dell dei degli delle d l de du des la le les el los las do da dos das \
    van der den";

/// The words of a name in lowercase, without a `tbl` at the beginning and without function words.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = spelled(name);
    let (mut place, all) = (0, words.len());
    words.retain(|word| {
        place += 1;
        place == 1 || place == all || !is_among(BETWEEN, word)
    });
    words
}

/// A word without accents.
pub(super) fn bare(word: &str) -> String {
    let mut bare = String::with_capacity(word.len());
    folded(word, &mut bare);
    bare
}

/// The words, joined without separators.
pub(super) fn flat(name: &str) -> String {
    words(name).concat()
}

/// What follows the stem of a word in the singular, and in the plural, in the languages of Europe.
const SINGULARS: &str = "a e o s ung ao";
const PLURALS: &str = "n en e er s es i a os ungen";

/// Whether a word is the singular of another, or its stem: `kunde` of `kunden`, `auftrag` of `aufträge`, `bestell` of
/// `bestellungen`, `ordine` of `ordini`.
pub(super) fn is_one_of(one: &str, several: &str) -> bool {
    /// Too many words share a shorter beginning.
    const STEM: usize = 4;
    // The letters that change in the plural, and their transcriptions: `vertrag`, `verträge`, `vertraege`.
    let plain = |word: &str| {
        let plain = |word: String, (from, to): &(&str, &str)| word.replace(from, to);
        let umlauts = [("ae", "a"), ("oe", "o"), ("ue", "u")];
        umlauts.iter().fold(bare(word), plain)
    };
    let [one, several] = [one, several].map(plain);
    let same = one
        .chars()
        .zip(several.chars())
        .take_while(|(one, other)| one == other);
    // The longest common beginning is not always the stem: `bestellung` and `bestellungen`.
    let stems = STEM..=same.count();
    let ends = |word: &str, stem: usize, list: &str| {
        let end: String = word.chars().skip(stem).collect();
        end.is_empty() || is_among(list, &end)
    };
    !one.is_empty() && (one == several || one == singular_of(&several))
        || stems
            .rev()
            .any(|stem| ends(&one, stem, SINGULARS) && ends(&several, stem, PLURALS))
}

/// The plural of a name, in words: `gift` to `gifts`, `class_visit` to `class visits`.
pub(super) fn plural(name: &str) -> String {
    several_called(&name.replace('_', " "))
}

/// Whether a word is in a list that is separated by spaces.
pub(super) fn is_among(list: &str, word: &str) -> bool {
    list.split(' ').any(|one| one == word)
}
