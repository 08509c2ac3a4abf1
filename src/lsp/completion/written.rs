//! How YAML wants a text that goes into a condition.

use std::borrow::Cow;

use crate::source::escaped;

/// What a condition is written in, where the cursor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As it is, on the line of its key or below; in brackets, where these signs end it.
    Plain { in_brackets: bool },
    /// In these quotes.
    Quoted(char),
    /// Below a `|` or `>`.
    Block,
}

impl Written {
    /// How a value is written of which this stands before a byte of a text.
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

    /// The condition that stands before the cursor, as it is meant.
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

    /// How a text is written there; none where it cannot be.
    pub fn text(self, text: &str) -> Option<String> {
        if text.contains(char::is_control) {
            // No text of a condition goes on in another line.
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
