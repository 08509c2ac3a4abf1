//! The one door to the terminal. What goes out for people has nothing in it that a terminal obeys but line
//! ends and our own colours; what goes out for programs keeps every character.
//!
//! Whoever reads may stop in the middle, as `head` does: that ends neither the work nor the program.

mod door;

use std::fmt::Arguments;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use door::{Door, exact, json, lines, styled};

use crate::diagnostic::{covered_words, visible};

/// Whether part of a result could not be written, though somebody wanted it.
static LOST: AtomicBool = AtomicBool::new(false);

/// A line of a result, on stdout.
macro_rules! say {
    () => { $crate::cli::say::out(format_args!("")) };
    ($($words:tt)*) => { $crate::cli::say::out(format_args!($($words)*)) };
}

/// A line beside the result, on stderr.
macro_rules! note {
    () => { $crate::cli::say::err(format_args!("")) };
    ($($words:tt)*) => { $crate::cli::say::err(format_args!($($words)*)) };
}

/// One line on stdout, whatever line ends its words have.
pub(super) fn out(words: Arguments<'_>) {
    if let Err(error) = text(&line(words))
        && error.kind() != ErrorKind::BrokenPipe
        && !LOST.swap(true, Ordering::Relaxed)
    {
        err(format_args!("error: cannot write: {error}"));
    }
}

/// True where part of a result was lost: its disk is full.
pub(super) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// One line on stderr, whatever line ends its words have.
pub(super) fn err(words: Arguments<'_>) {
    // There is nobody else to tell that nobody hears.
    let _ = std::io::stderr().lock().write_all(line(words).as_bytes());
}

fn line(words: Arguments<'_>) -> String {
    let words = words.to_string();
    format!("{}\n", visible(&covered_words(&words)))
}

/// A text on stdout whose line ends are our own.
pub(super) fn text(text: &str) -> std::io::Result<()> {
    let mut out = Door::new(std::io::stdout().lock(), lines);
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// A text on stderr that was made [`visible`] before it got our colours.
pub(super) fn painted(text: &str) {
    let _ = std::io::stderr().lock().write_all(styled(text).as_bytes());
}

/// JSON on stdout: what a terminal would obey is written as an escape, which means the same.
pub(super) fn json_out() -> impl Write {
    Door::new(std::io::stdout().lock(), json)
}

/// CSV on stdout: exact where a program reads it, and visible on a terminal.
pub(super) fn csv_out() -> impl Write {
    let manner = if out_is_terminal() { lines } else { exact };
    Door::new(std::io::stdout().lock(), manner)
}

/// Log lines on stderr for people, coloured or not.
pub(super) fn log(coloured: bool) -> impl Write {
    Door::new(std::io::stderr(), if coloured { styled } else { lines })
}

/// Log lines on stderr for programs.
pub(super) fn json_log() -> impl Write {
    Door::new(std::io::stderr(), json)
}

/// True where results go to a terminal.
pub(super) fn out_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// True where what stands beside them goes to a terminal.
pub(super) fn err_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// True where colour is welcome on stderr: a terminal, and no `NO_COLOR`.
pub(super) fn coloured() -> bool {
    err_is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
