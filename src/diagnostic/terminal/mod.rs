//! Text that is safe for a terminal, as a type distinct from text in data: it contains no control characters but line
//! ends, tabs and our own colours, and no secret beside its name.
//!
//! `cli` prints nothing else, so all output has been sanitized here.

mod colours;
mod wrap;
mod writer;

use std::borrow::Cow;
use std::fmt::{Display, Formatter};

use super::{covered_words, visible, visible_lines};

pub(super) use wrap::wrapped_prose;
pub use wrap::{UNBROKEN, line_within, longest_word, text_width, wrapped, wrapped_whole};
pub use writer::TerminalWriter;

/// Text that is safe for a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TerminalText(String);

impl TerminalText {
    /// Part of a line: line breaks in it are foreign, and replaced like all control characters.
    pub fn words(words: impl Display) -> Self {
        Self(visible(&covered_words(&words.to_string())).into_owned())
    }

    /// One line with its line ending.
    pub fn line(words: impl Display) -> Self {
        let mut line = Self::words(words);
        line.0.push('\n');
        line
    }

    /// A text whose line breaks and tabs are our own.
    pub fn lines(text: &str) -> Self {
        Self(lines(text).into_owned())
    }

    /// The same for a text that was sanitized before it was coloured: other escape sequences are replaced.
    pub fn coloured(text: &str) -> Self {
        Self(colours::only(text))
    }

    /// The text as sent to the terminal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for TerminalText {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Extend<TerminalText> for TerminalText {
    fn extend<T: IntoIterator<Item = TerminalText>>(&mut self, texts: T) {
        self.0.extend(texts.into_iter().map(|text| text.0));
    }
}

fn lines(text: &str) -> Cow<'_, str> {
    match covered_words(text) {
        Cow::Borrowed(text) => visible_lines(text),
        Cow::Owned(text) => Cow::Owned(visible_lines(&text).into_owned()),
    }
}
