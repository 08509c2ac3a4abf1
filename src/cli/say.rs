//! All output to the terminal goes through here. It accepts only [`TerminalText`]; streamed output goes through a
//! [`TerminalWriter`].
//!
//! The reader may close its end midway, as `head` does: that stops neither the work nor the program.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::{Paint, TerminalText, TerminalWriter, line_within};

/// Whether part of a result could not be written although the reader was still there.
static LOST: AtomicBool = AtomicBool::new(false);

/// Prints a line of a result, on stdout.
macro_rules! say {
    () => { say!("") };
    ($($words:tt)*) => {
        $crate::cli::say::out(&$crate::cli::say::out_line(format_args!($($words)*)))
    };
}

/// Prints a line that is not part of the result, on stderr.
macro_rules! note {
    () => { note!("") };
    ($($words:tt)*) => {
        $crate::cli::say::err(&$crate::cli::say::err_line(format_args!($($words)*)))
    };
}

/// A line of a result, wrapped between words to the width of stdout.
pub(super) fn out_line(words: impl Display) -> TerminalText {
    line_within(words, out_width())
}

/// A line for stderr, wrapped between words to its width.
pub(super) fn err_line(words: impl Display) -> TerminalText {
    line_within(words, err_width())
}

/// The width of stderr in cells; `None` if unlimited.
pub(super) fn err_width() -> Option<usize> {
    width(err_is_terminal())
}

/// The width of stdout in cells; `None` if unlimited.
pub(super) fn out_width() -> Option<usize> {
    width(out_is_terminal())
}

/// The value of `COLUMNS`, even for a pipe, or else the terminal's width. Some terminals do not know theirs, and report
/// 0.
fn width(is_terminal: bool) -> Option<usize> {
    let told = std::env::var("COLUMNS").ok();
    let told = told.and_then(|columns| columns.trim().parse().ok());
    let terminal = || comfy_table::Table::new().width().filter(|_| is_terminal);
    let known = told.filter(|width| *width > 0).or_else(terminal);
    known.filter(|width| *width > 0).map(usize::from)
}

/// Writes part of a result to stdout. A write error is reported once.
pub(super) fn out(text: &TerminalText) {
    if let Err(error) = try_out(text)
        && error.kind() != ErrorKind::BrokenPipe
        && !LOST.swap(true, Ordering::Relaxed)
    {
        note!("error: cannot write: {error}");
    }
}

/// The same for callers that need to know whether it was written.
pub(super) fn try_out(text: &TerminalText) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_str().as_bytes())?;
    out.flush()
}

/// True if part of a result was lost because the disk is full.
pub(super) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Writes to stderr.
pub(super) fn err(text: &TerminalText) {
    // If stderr fails, there is nowhere to report it.
    let _ = std::io::stderr().lock().write_all(text.as_str().as_bytes());
}

/// A JSON writer for stdout.
pub(super) fn json_out() -> impl Write {
    TerminalWriter::json(std::io::stdout().lock())
}

/// A CSV writer for stdout: byte-exact for a program, and with invisible characters made visible on a terminal.
pub(super) fn csv_out() -> Box<dyn Write> {
    let out = std::io::stdout().lock();
    match out_is_terminal() {
        true => Box::new(TerminalWriter::lines(out)),
        false => Box::new(out),
    }
}

/// A writer for human-readable log lines on stderr.
pub(super) fn log(paint: Paint) -> Box<dyn Write> {
    let err = std::io::stderr();
    match paint {
        Paint::Coloured => Box::new(TerminalWriter::coloured(err)),
        Paint::Plain => Box::new(TerminalWriter::lines(err)),
    }
}

/// A writer for machine-readable log lines on stderr.
pub(super) fn json_log() -> impl Write {
    TerminalWriter::json(std::io::stderr())
}

/// True if stdout is a terminal.
pub(super) fn out_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// True if stderr is a terminal.
pub(super) fn err_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// True if the user can be asked: they see the question, and the answer does not come from a file.
pub(super) fn is_dialogue() -> bool {
    err_is_terminal() && std::io::stdin().is_terminal()
}

/// The colouring of stdout.
pub(super) fn out_paint() -> Paint {
    paint(out_is_terminal())
}

/// The colouring of stderr.
pub(super) fn err_paint() -> Paint {
    paint(err_is_terminal())
}

/// Colours are used on a terminal, unless `NO_COLOR` is set.
fn paint(is_terminal: bool) -> Paint {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match is_terminal && !plain {
        true => Paint::Coloured,
        false => Paint::Plain,
    }
}
