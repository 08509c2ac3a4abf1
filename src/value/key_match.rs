//! Decides when two keys are the same.

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
    /// Whether two keys that are spelled differently are the same.
    pub fn is_same(self, one: &str, other: &str) -> bool {
        self == Self::Loose && loose_key(one) == loose_key(other)
    }
}

/// The form that [`KeyMatch::Loose`] compares: a key in lower case, without surrounding white space and, if it consists
/// only of digits, without leading zeros.
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

/// Whether a character is invisible: white space, including non-breaking and zero-width characters.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}')
}
