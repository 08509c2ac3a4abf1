//! When two keys are the same one.

use std::borrow::Cow;

/// How keys of rows are compared with the keys that they name.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    serde::Deserialize,
    serde::Serialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum KeyMatch {
    /// As they are written.
    #[default]
    Exact,
    /// Whatever their capitals, the blanks around them and the zeros in front of a number: `0189` is `189`, `C005 ` is `c005`.
    Loose,
}

impl KeyMatch {
    /// Whether two keys that are not written alike are the same one.
    pub fn is_same(self, one: &str, other: &str) -> bool {
        self == Self::Loose && loose_key(one) == loose_key(other)
    }
}

/// What [`KeyMatch::Loose`] compares: a key in small letters, without blanks around it, and without zeros in front where
/// it is nothing but digits.
pub fn loose_key(key: &str) -> Cow<'_, str> {
    let key = key.trim_matches(is_blank);
    if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = key.trim_start_matches('0');
        return Cow::Borrowed(if number.is_empty() { "0" } else { number });
    }
    match key.chars().any(char::is_uppercase) {
        true => Cow::Owned(key.to_lowercase()),
        false => Cow::Borrowed(key),
    }
}

/// Whether a letter is nothing to see: a blank, also one that breaks no line or has no width.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}')
}
