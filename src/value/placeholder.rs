//! What programs write for no value at all.

/// In small letters, apart from dates of zeros.
const WORDS: [&str; 16] = [
    "null", "(null)", "[null]", "<null>", "\\n", "none", "nil", "nan", "nat", "n/a", "#n/a", "na",
    "-", "--", "–", "—",
];

/// Whether a text stands for no value where one of another kind belongs, such as a time or a number: a word for nothing, or a date of zeros.
pub fn is_placeholder(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let is = |word: &&str| text.eq_ignore_ascii_case(word.as_bytes());
    let zeros = text.iter().filter(|c| **c == b'0').count();
    let apart = |c: &u8| matches!(c, b'0' | b'-' | b'/' | b'.' | b':' | b' ' | b'T' | b'Z');
    WORDS.iter().any(is) || zeros >= 6 && text.iter().all(apart)
}
