//! Streams of bytes through which only what may pass passes.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;

use crate::diagnostic::{covered_words, is_obeyed, visible_lines};

/// How texts leave.
pub(super) type Manner = fn(&str) -> Cow<'_, str>;

/// A stream that everything leaves in one manner.
pub(super) struct Door<W: Write> {
    out: W,
    manner: Manner,
    /// The beginning of a character whose end is still to come.
    rest: Vec<u8>,
}

impl<W: Write> Door<W> {
    pub(super) fn new(out: W, manner: Manner) -> Self {
        Self {
            out,
            manner,
            rest: Vec::new(),
        }
    }
}

impl<W: Write> Write for Door<W> {
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
        self.out.write_all((self.manner)(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// For people, with our own line ends.
pub(super) fn lines(text: &str) -> Cow<'_, str> {
    match covered_words(text) {
        Cow::Borrowed(text) => visible_lines(text),
        Cow::Owned(text) => Cow::Owned(visible_lines(&text).into_owned()),
    }
}

/// For programs.
pub(super) fn exact(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// For people, with colours: `ESC [ 1 ; 31 m`. No other escape sequence passes, and no text from elsewhere
/// has one, since it is made visible before it is coloured.
pub(super) fn styled(text: &str) -> Cow<'_, str> {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\u{1b}') {
        shown += &lines(before);
        let inside = |c: char| c.is_ascii_digit() || c == ';';
        let end = behind.strip_prefix('[').and_then(|codes| {
            let end = codes.find(|c| !inside(c))?;
            codes.get(end..)?.starts_with('m').then_some(end + 2)
        });
        let (sequence, behind) = behind
            .split_at_checked(end.unwrap_or(0))
            .unwrap_or(("", behind));
        shown += if end.is_some() { "\u{1b}" } else { "\u{fffd}" };
        shown += sequence;
        rest = behind;
    }
    shown += &lines(rest);
    Cow::Owned(shown)
}

/// JSON, in which such characters can stand in texts alone.
pub(super) fn json(text: &str) -> Cow<'_, str> {
    let escaped = |c: char| is_obeyed(c) && c != '\n';
    if !text.contains(escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match escaped(c) {
            // Writing into a text does not fail.
            true => drop(write!(shown, "\\u{:04x}", u32::from(c))),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}
