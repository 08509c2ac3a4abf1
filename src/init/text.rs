//! Texts as YAML and the language want them.

use crate::authoring::scalar;
use crate::diagnostic::is_unprintable;
use crate::language::ast::{Name, Span};

/// A column as conditions write it: in backticks where it has to be.
pub(super) fn written(column: &str) -> String {
    Name {
        text: column.to_owned(),
        span: Span::default(),
    }
    .to_string()
}

/// Whether conditions in a rule file can name a column, in backticks or without.
pub(super) fn can_be_written(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_alphanumeric() || "_ -()[]€$£./°'’&%+".contains(c))
        && name.trim() == name
        && !name.starts_with('-')
}

/// A text as conditions write it.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A condition as a value in YAML.
pub(super) fn condition(text: &str) -> String {
    match scalar(text) {
        plain if plain == text => plain,
        _ => format!("'{}'", text.replace('\'', "''")),
    }
}

/// A name in a comment or in a line for people: on one line, and nothing that a terminal takes for a command.
pub(super) fn in_line(name: &str) -> String {
    name.chars()
        .map(|c| if is_unprintable(c) { ' ' } else { c })
        .collect()
}
