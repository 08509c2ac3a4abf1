//! Texts as YAML scalars.

use std::fmt::Write;

/// A YAML value in a file with environment variables: text that looks like a variable is escaped.
pub fn scalar(text: &str) -> String {
    key(&text.replace("${", "$${"))
}

/// A YAML key, or a value where variables are not expanded: plain if that is safe, otherwise in double quotes.
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
            // Characters that a YAML parser may reject, or treat as the end of a line.
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

/// A condition as a one-line value: plain if that is safe. Conditions contain double quotes, and need no others.
pub(super) fn condition(text: &str) -> Option<String> {
    let text = text.trim();
    let begins = |c: char| c.is_alphabetic() || c == '_' || c == '(' || c == '`';
    let is_plain = text.starts_with(begins)
        && !text.contains([':', '#', '\n', '\t', '\r'])
        && !text.starts_with('`')
        && !text.chars().any(char::is_control);
    let is_word = ["yes", "no", "true", "false", "null", "on", "off", "y", "n"];
    // The rule parser reads `yes` and `no` as texts.
    let is_word = is_word.contains(&text.to_lowercase().as_str()) && !matches!(text, "yes" | "no");
    (is_plain && !is_word).then(|| text.to_owned())
}
