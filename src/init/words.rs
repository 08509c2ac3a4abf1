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

/// Several of what a table is called after, in words: `gift` to `gifts`, `class_visit` to `class visits`.
pub(super) fn plural(name: &str) -> String {
    several_called(&name.replace('_', " "))
}

/// Whether a word is one of a list, in which blanks stand between them.
pub(super) fn is_among(list: &str, word: &str) -> bool {
    list.split(' ').any(|one| one == word)
}
