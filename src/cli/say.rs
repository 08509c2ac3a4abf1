//! The one door to the terminal. It takes [`TerminalText`] and nothing else; what is written piece by piece
//! goes through a [`TerminalWriter`].
//!
//! The reader may stop in the middle, as `head` does: that ends neither the work nor the program.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::{Paint, TerminalText, TerminalWriter, line_within};

/// Whether part of a result could not be written, though somebody wanted it.
static LOST: AtomicBool = AtomicBool::new(false);

/// A line of a result, on stdout.
macro_rules! say {
    () => { say!("") };
    ($($words:tt)*) => {
        $crate::cli::say::out(&$crate::cli::say::out_line(format_args!($($words)*)))
    };
}

/// A line beside the result, on stderr.
macro_rules! note {
    () => { note!("") };
    ($($words:tt)*) => {
        $crate::cli::say::err(&$crate::cli::say::err_line(format_args!($($words)*)))
    };
}

/// A line of a result, broken between words where it is wider than stdout.
pub(super) fn out_line(words: impl Display) -> TerminalText {
    line_within(words, out_width())
}

/// A line beside the result, broken between words where it is wider than stderr.
pub(super) fn err_line(words: impl Display) -> TerminalText {
    line_within(words, err_width())
}

/// How wide a line on stderr is, in cells; none where it may be of any width.
pub(super) fn err_width() -> Option<usize> {
    width(err_is_terminal())
}

/// How wide a line on stdout is, in cells; none where it may be of any width.
pub(super) fn out_width() -> Option<usize> {
    width(out_is_terminal())
}

/// What `COLUMNS` says, also of a pipe, or else what the terminal says. Some terminals do not know, and say 0.
fn width(is_terminal: bool) -> Option<usize> {
    let told = std::env::var("COLUMNS").ok();
    let told = told.and_then(|columns| columns.trim().parse().ok());
    let terminal = || comfy_table::Table::new().width().filter(|_| is_terminal);
    let known = told.filter(|width| *width > 0).or_else(terminal);
    known.filter(|width| *width > 0).map(usize::from)
}

/// Part of a result, on stdout. What cannot be written is reported once.
pub(super) fn out(text: &TerminalText) {
    if let Err(error) = try_out(text)
        && error.kind() != ErrorKind::BrokenPipe
        && !LOST.swap(true, Ordering::Relaxed)
    {
        note!("error: cannot write: {error}");
    }
}

/// The same for who has to know whether it was written.
pub(super) fn try_out(text: &TerminalText) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_str().as_bytes())?;
    out.flush()
}

/// True where part of a result was lost: its disk is full.
pub(super) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// What stands beside the result, on stderr.
pub(super) fn err(text: &TerminalText) {
    // There is nobody else to tell that nobody hears.
    let _ = std::io::stderr().lock().write_all(text.as_str().as_bytes());
}

/// JSON on stdout.
pub(super) fn json_out() -> impl Write {
    TerminalWriter::json(std::io::stdout().lock())
}

/// CSV on stdout: exact where a program reads it, and visible on a terminal.
pub(super) fn csv_out() -> Box<dyn Write> {
    let out = std::io::stdout().lock();
    match out_is_terminal() {
        true => Box::new(TerminalWriter::lines(out)),
        false => Box::new(out),
    }
}

/// Log lines on stderr for people.
pub(super) fn log(paint: Paint) -> Box<dyn Write> {
    let err = std::io::stderr();
    match paint {
        Paint::Coloured => Box::new(TerminalWriter::coloured(err)),
        Paint::Plain => Box::new(TerminalWriter::lines(err)),
    }
}

/// Log lines on stderr for programs.
pub(super) fn json_log() -> impl Write {
    TerminalWriter::json(std::io::stderr())
}

/// True where results go to a terminal.
pub(super) fn out_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// True where what stands beside them goes to a terminal.
pub(super) fn err_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// True where somebody can be asked: they see what is asked, and their answer is no file's.
pub(super) fn is_dialogue() -> bool {
    err_is_terminal() && std::io::stdin().is_terminal()
}

/// How results are painted.
pub(super) fn out_paint() -> Paint {
    paint(out_is_terminal())
}

/// How what stands beside them is painted.
pub(super) fn err_paint() -> Paint {
    paint(err_is_terminal())
}

/// Coloured where that is welcome: on a terminal, without `NO_COLOR`.
fn paint(is_terminal: bool) -> Paint {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match is_terminal && !plain {
        true => Paint::Coloured,
        false => Paint::Plain,
    }
}
