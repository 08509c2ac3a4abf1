//! Texts as YAML wants them.

use std::fmt::Write;

/// A value in YAML, in a file in which variables of the environment are filled in: what looks like one is none.
pub fn scalar(text: &str) -> String {
    key(&text.replace("${", "$${"))
}

/// A key in YAML, or a value where there are no variables: plain where that is safe, else in double quotes.
pub fn key(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "_-./: ".contains(c))
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !["yes", "no", "true", "false", "null", "on", "off", "y", "n"]
            .contains(&text.to_lowercase().as_str());
    if plain {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            // Whatever a reader of YAML may refuse, or see as the end of a line.
            c if c.is_control()
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                ) =>
            {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A condition as a value on one line: plain where that is safe. Conditions have double quotes, and need no others.
pub(super) fn condition(text: &str) -> Option<String> {
    let text = text.trim();
    let begins = |c: char| c.is_alphabetic() || c == '_' || c == '(' || c == '`';
    let is_plain = text.starts_with(begins)
        && !text.contains([':', '#', '\n', '\t', '\r'])
        && !text.starts_with('`')
        && !text.chars().any(char::is_control);
    let is_word = ["yes", "no", "true", "false", "null", "on", "off", "y", "n"];
    // Our own `yes` and `no` are texts to the reader of rules.
    let is_word = is_word.contains(&text.to_lowercase().as_str()) && !matches!(text, "yes" | "no");
    (is_plain && !is_word).then(|| text.to_owned())
}
