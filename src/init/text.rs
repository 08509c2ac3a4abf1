//! Formats texts for YAML and for the language.

use crate::authoring::scalar;
use crate::diagnostic::is_unprintable;
use crate::language::ast::{Name, Span};

/// A column as conditions write it: in backticks where necessary.
pub(super) fn written(column: &str) -> String {
    Name {
        text: column.to_owned(),
        span: Span::default(),
    }
    .to_string()
}

/// Whether conditions in a rule file can name a column, with or without backticks: it contains no invisible
/// characters and no variable.
pub(super) fn can_be_written(name: &str) -> bool {
    !name.is_empty()
        && name.trim() == name
        && !name.contains("${")
        && !name.contains(is_unprintable)
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

/// A condition in YAML on one line after its key: unquoted, unless it contains characters that would end the text or
/// begin a comment.
pub(super) fn behind_key(text: &str) -> String {
    match text.contains(" #") || text.contains(": ") || text.ends_with(':') {
        true => condition(text),
        false => text.to_owned(),
    }
}

/// A name for a comment or a message: on one line, without terminal control sequences.
pub(super) fn in_line(name: &str) -> String {
    name.chars()
        .map(|c| if is_unprintable(c) { ' ' } else { c })
        .collect()
}
