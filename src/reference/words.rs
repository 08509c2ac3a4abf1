//! The keywords of the language, and the sections that document them.

/// Keywords by the section that documents them.
const WORDS: [(&str, &[&str]); 9] = [
    (
        "Operators",
        &[
            "and",
            "or",
            "not",
            "between",
            "in",
            "contains",
            "starts",
            "starts with",
            "ends",
            "ends with",
            "any of",
            "any",
            "of",
            "=",
            "!=",
            "<",
            "<=",
            ">",
            ">=",
            "+",
            "-",
            "*",
            "/",
        ],
    ),
    (
        "When something is missing",
        &["is", "missing", "present", "is missing", "is present"],
    ),
    ("Values", &["yes", "no", "true", "false", "%"]),
    (
        "Time",
        &["now", "today", "ago", "from now", "minute", "hour", "day"],
    ),
    (
        "Windows: which time",
        &[
            "last", "previous", "next", "since", "from", "to", "this", "calendar", "fiscal",
            "week", "month", "quarter", "year",
        ],
    ),
    ("Which rows: inside `where`", &["where"]),
    (
        "Comparing clients: over the population",
        &["within", "top", "bottom", "by", "everyone"],
    ),
    ("Segments in segments", &["segment", "in segment"]),
    ("Lists kept by hand", &["list", "in list"]),
];

/// Units of time, in the singular.
const UNITS: [&str; 7] = ["minute", "hour", "day", "week", "month", "quarter", "year"];

/// Keywords documented together with what they apply to.
const OTHERS: [(&str, &str); 1] = [("distinct", "Counting rows: over a collection")];

/// The heading of the section about a keyword, ignoring case.
pub(super) fn section(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let mut known = all().filter(|(known, _)| *known == word);
    known.next().map(|(_, heading)| heading)
}

/// Whether a word is a keyword, by itself or in a phrase, including plurals of units of time.
pub(super) fn is_known(word: &str) -> bool {
    let word = word.to_lowercase();
    let one = word.strip_suffix('s').filter(|one| UNITS.contains(one));
    let word = one.unwrap_or(&word);
    all().any(|(known, _)| known.split(' ').any(|part| part == word))
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    all().map(|(word, _)| word)
}

fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let words = WORDS.into_iter();
    let words = words.flat_map(|(heading, words)| words.iter().map(move |word| (*word, heading)));
    words.chain(OTHERS)
}
