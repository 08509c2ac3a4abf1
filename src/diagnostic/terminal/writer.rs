//! Streams of bytes that a terminal may be sent, for what is written piece by piece.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;

use super::{colours, lines};
use crate::diagnostic::is_unprintable;

/// A stream that makes whatever is written to it fit for a terminal.
pub struct TerminalWriter<W: Write> {
    out: W,
    filter: fn(&str) -> Cow<'_, str>,
    /// The beginning of a character whose end is still to come.
    rest: Vec<u8>,
}

impl<W: Write> TerminalWriter<W> {
    /// Text for people, whose line ends and tabs are our own.
    pub fn lines(out: W) -> Self {
        Self::new(out, lines)
    }

    /// The same with colours; texts from elsewhere have lost their escape sequences before.
    pub fn coloured(out: W) -> Self {
        Self::new(out, |text| Cow::Owned(colours::only(text)))
    }

    /// JSON: what a terminal would obey is written as an escape, which means the same.
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
            // Without a length the error is that the text ends too soon.
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

/// JSON, in which such characters can stand in texts alone.
fn escaped(json: &str) -> Cow<'_, str> {
    let obeyed = |c: char| is_unprintable(c) && c != '\n';
    if !json.contains(obeyed) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        match obeyed(c) {
            // Writing into a text does not fail.
            true => drop(write!(shown, "\\u{:04x}", u32::from(c))),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}
