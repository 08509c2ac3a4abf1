//! Capitalizes words.

/// A word at the beginning of a line, capitalized.
pub fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Whether two names of columns are one: capitals do not matter, whatever the alphabet.
pub fn is_same_name(one: &str, other: &str) -> bool {
    match one.is_ascii() && other.is_ascii() {
        true => one.eq_ignore_ascii_case(other),
        false => one == other || one.to_lowercase() == other.to_lowercase(),
    }
}
