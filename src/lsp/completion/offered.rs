//! The completed keywords, by the context before them.

/// Units of time, after a number.
pub(super) const UNITS: [&str; 7] = [
    "minutes", "hours", "days", "weeks", "months", "quarters", "years",
];
/// Windows and other continuations after `in`.
pub(super) const BEHIND_IN: [&str; 14] = [
    "last 30 days",
    "previous 30 days",
    "next 14 days",
    "today",
    "this week",
    "this month",
    "this quarter",
    "this year",
    "last calendar month",
    "last calendar year",
    "this fiscal year",
    "last fiscal year",
    "segment",
    "list",
];
/// Continuations after a value.
pub(super) const OPERATORS: [&str; 17] = [
    "and",
    "or",
    "is missing",
    "is present",
    "between",
    "in",
    "contains",
    "starts with",
    "ends with",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "where",
    "within",
];
/// Keywords that start a value or a condition.
pub(super) const BEGINNINGS: [&str; 10] = [
    "not",
    "top",
    "bottom",
    "in segment",
    "in list",
    "yes",
    "no",
    "now",
    "today",
    "missing",
];

#[cfg(test)]
mod tests {
    use super::{BEGINNINGS, BEHIND_IN, OPERATORS, UNITS};
    use crate::reference::{is_word, words};

    /// Every completed word is documented in the reference, and every documented word is completed somewhere.
    #[test]
    fn the_words_are_those_of_the_reference() {
        let lists = [&UNITS[..], &BEHIND_IN, &OPERATORS, &BEGINNINGS].concat();
        let offered: Vec<&str> = lists.iter().flat_map(|words| words.split(' ')).collect();
        let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        for word in &offered {
            assert!(is_word(word) || is_number(word), "{word}");
        }
        // Completed as part of others, or symbols that need no completion.
        let elsewhere = [
            "any", "of", "ago", "from", "by", "everyone", "distinct", "since", "to", "true",
            "false", "+", "-", "*", "/", "%",
        ];
        let known = words().flat_map(|words| words.split(' '));
        for word in known.filter(|word| !elsewhere.contains(word)) {
            let is_it = |one: &&str| *one == word || one.strip_suffix('s') == Some(word);
            assert!(offered.iter().any(is_it), "{word}");
        }
    }
}
