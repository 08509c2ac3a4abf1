//! Byte streams that are safe for a terminal, for output written in pieces.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;

use super::{colours, lines};
use crate::diagnostic::is_unprintable;

/// A stream that sanitizes whatever is written to it.
pub struct TerminalWriter<W: Write> {
    out: W,
    filter: fn(&str) -> Cow<'_, str>,
    /// The first bytes of an incomplete character.
    rest: Vec<u8>,
}

impl<W: Write> TerminalWriter<W> {
    /// Display text, whose line breaks and tabs are our own.
    pub fn lines(out: W) -> Self {
        Self::new(out, lines)
    }

    /// The same with colours; foreign texts must have been stripped of escape sequences before.
    pub fn coloured(out: W) -> Self {
        Self::new(out, |text| Cow::Owned(colours::only(text)))
    }

    /// JSON: control characters are escaped, which preserves the meaning.
    pub fn json(out: W) -> Self {
        Self::new(out, escaped)
    }

    fn new(out: W, filter: fn(&str) -> Cow<'_, str>) -> Self {
        Self {
            out,
            filter,
            rest: Vec::new(),
        }
    }
}

impl<W: Write> Write for TerminalWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&all) {
            // An error without a length means that the text is incomplete.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => all.len(),
        };
        self.rest = all.split_off(whole);
        let text = String::from_utf8_lossy(&all);
        self.out.write_all((self.filter)(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// JSON, in which such characters can only occur inside strings.
fn escaped(json: &str) -> Cow<'_, str> {
    let obeyed = |c: char| is_unprintable(c) && c != '\n';
    if !json.contains(obeyed) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        match obeyed(c) {
            // Writing to a string cannot fail.
            true => drop(write!(shown, "\\u{:04x}", u32::from(c))),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}
