//! Escapes a text for the YAML around a condition.

use std::borrow::Cow;

use crate::source::escaped;

/// The YAML style of the condition at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// A plain scalar, on the line of its key or below; inside brackets, certain characters end it.
    Plain { in_brackets: bool },
    /// A scalar in these quotes.
    Quoted(char),
    /// A block scalar, after `|` or `>`.
    Block,
}

impl Written {
    /// The style of a scalar that has `value` before the given byte of the text.
    pub fn of(text: &str, byte: usize, value: &str) -> Self {
        let before = text.get(..byte).unwrap_or_default();
        let outside = before.strip_suffix(value).unwrap_or(before);
        let line = outside.rsplit('\n').next().unwrap_or_default();
        let opener = line.rsplit(':').next().unwrap_or_default();
        if opener.trim_start().starts_with(['|', '>']) {
            return Self::Block;
        }
        match value.trim_start().chars().next() {
            Some(quote @ ('"' | '\'')) => Self::Quoted(quote),
            _ => Self::Plain {
                in_brackets: line.contains(['{', '[']),
            },
        }
    }

    /// The condition before the cursor, unescaped.
    pub fn meant(value: &str) -> Cow<'_, str> {
        let value = value.trim_start_matches(['|', '>', '-', '+']).trim_start();
        match value.chars().next() {
            Some('\'') => value.get(1..).unwrap_or_default().replace("''", "'").into(),
            Some('"') => {
                let inside = value.get(1..).unwrap_or_default();
                inside.replace("\\\"", "\"").replace("\\\\", "\\").into()
            }
            _ => value.into(),
        }
    }

    /// The text escaped for this style; `None` if it cannot be written.
    pub fn text(self, text: &str) -> Option<String> {
        if text.contains(char::is_control) {
            // A text in a condition cannot span lines.
            return None;
        }
        match self {
            Self::Quoted(quote) => Some(escaped(Some(quote), text)),
            Self::Block => Some(text.to_owned()),
            Self::Plain { in_brackets } => {
                let ends = text.contains(": ") || text.contains(" #") || text.ends_with(':');
                let ends_in_brackets = in_brackets && text.contains([',', '[', ']', '{', '}']);
                (!ends && !ends_in_brackets).then(|| text.to_owned())
            }
        }
    }
}
