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

/// Whether conditions in a rule file can name a column, in backticks or without: nothing in it is invisible, or stands for a variable.
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

/// A condition in YAML behind its key, on a line of its own: as it stands, where nothing in it ends a text or begins a comment.
pub(super) fn behind_key(text: &str) -> String {
    match text.contains(" #") || text.contains(": ") || text.ends_with(':') {
        true => condition(text),
        false => text.to_owned(),
    }
}

/// A name in a comment or in a line for people: on one line, and nothing that a terminal takes for a command.
pub(super) fn in_line(name: &str) -> String {
    name.chars()
        .map(|c| if is_unprintable(c) { ' ' } else { c })
        .collect()
}
