//! Texts as YAML and the language want them.

use std::fmt::Write;

use crate::diagnostic::is_unprintable;
use crate::language::ast::{Name, Span};

/// A value in YAML. What looks like a variable of the environment is none.
pub(super) fn scalar(text: &str) -> String {
    key(&text.replace("${", "$${"))
}

/// A key in YAML, in which there are no variables: plain where that is safe, else in double quotes.
pub(super) fn key(text: &str) -> String {
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

/// A column as conditions write it: in backticks where it has to be.
pub(super) fn written(column: &str) -> String {
    Name {
        text: column.to_owned(),
        span: Span::default(),
    }
    .to_string()
}

/// A text as conditions write it.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A condition as a value in YAML.
pub(super) fn condition(text: &str) -> String {
    match scalar(text) {
        plain if plain == text => plain,
        _ => format!("'{}'", text.replace("${", "$${").replace('\'', "''")),
    }
}

/// A name in a comment or in a line for people: on one line, and nothing that a terminal takes for a command.
pub(super) fn in_line(name: &str) -> String {
    name.chars()
        .map(|c| if is_unprintable(c) { ' ' } else { c })
        .collect()
}
