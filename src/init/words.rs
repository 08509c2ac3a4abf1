//! The words of a name, however it is written: `OrderDate`, `order_date`, `Order Date`.

use crate::config::several_called;

/// The words in small letters; a `tbl` in front says nothing.
pub(super) fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (place, letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = place.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(place + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    if words.len() > 1
        && words
            .first()
            .is_some_and(|word| word == "tbl" || word == "tb")
    {
        words.remove(0);
    }
    if let [only] = words.as_mut_slice()
        && let Some(rest) = only.strip_prefix("tbl").filter(|rest| !rest.is_empty())
    {
        *only = rest.to_owned();
    }
    words
}

/// The words without anything between them.
pub(super) fn flat(name: &str) -> String {
    words(name).concat()
}

/// `categories` to `category`, `people` to `person`, `clients` to `client`.
pub(super) fn singular(plural: &str) -> String {
    if let Some(stem) = plural.strip_suffix("people") {
        return format!("{stem}person");
    }
    if let Some(stem) = plural.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    match plural.strip_suffix('s') {
        Some(stem) if stem.ends_with("sse") || stem.ends_with("xe") => {
            stem.trim_end_matches('e').to_owned()
        }
        Some(stem) if stem.len() > 1 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => plural.to_owned(),
    }
}

/// What stands behind the stem of a word in the singular, and in the plural, in the languages of Europe.
const SINGULARS: &str = "e o s ung";
const PLURALS: &str = "n en e er s es i a ungen";

/// Whether a word is the singular of another, or its stem: `kunde` of `kunden`, `auftrag` of `aufträge`, `bestell` of
/// `bestellungen`, `ordine` of `ordini`.
pub(super) fn is_one_of(one: &str, several: &str) -> bool {
    /// Shorter beginnings are common to too many words.
    const STEM: usize = 4;
    let plain = |word: &str| {
        let umlauts = [
            ("ä", "a"),
            ("ae", "a"),
            ("ö", "o"),
            ("oe", "o"),
            ("ü", "u"),
            ("ue", "u"),
        ];
        let plain = |word: String, (from, to): &(&str, &str)| word.replace(from, to);
        umlauts.iter().fold(word.to_owned(), plain)
    };
    let (one, several) = (plain(one), plain(several));
    let same = one
        .chars()
        .zip(several.chars())
        .take_while(|(one, other)| one == other);
    // The longest beginning is not always the stem: `bestellung` and `bestellungen`.
    let stems = STEM..=same.count();
    let ends = |word: &str, stem: usize, list: &str| {
        let end: String = word.chars().skip(stem).collect();
        end.is_empty() || is_among(list, &end)
    };
    !one.is_empty() && (one == several || one == singular(&several))
        || stems
            .rev()
            .any(|stem| ends(&one, stem, SINGULARS) && ends(&several, stem, PLURALS))
}

/// Several of what a table is called after, in words: `gift` to `gifts`, `class_visit` to `class visits`.
pub(super) fn plural(name: &str) -> String {
    several_called(&name.replace('_', " "))
}

/// Whether a word is one of a list, in which blanks stand between them.
pub(super) fn is_among(list: &str, word: &str) -> bool {
    list.split(' ').any(|one| one == word)
}
