//! Shortens long texts for display.

use std::borrow::Cow;

/// The first characters of a text, followed by an ellipsis if there are more.
pub fn brief(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}
