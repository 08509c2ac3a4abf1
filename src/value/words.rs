//! Capitalizes words.

/// A word at the beginning of a line, capitalized.
pub fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
