//! Lines for people. Whoever reads them may stop in the middle, as `head` does: that ends neither the
//! work nor the program.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether part of a result could not be written, though somebody wanted it.
static LOST: AtomicBool = AtomicBool::new(false);

/// A line of a result, on stdout.
macro_rules! say {
    () => { $crate::cli::say::out(format_args!("\n")) };
    ($($words:tt)*) => { $crate::cli::say::out(format_args!("{}\n", format_args!($($words)*))) };
}

/// A line beside the result, on stderr.
macro_rules! note {
    () => { $crate::cli::say::err(format_args!("\n")) };
    ($($words:tt)*) => { $crate::cli::say::err(format_args!("{}\n", format_args!($($words)*))) };
}

/// Text on stdout, as it is.
pub(super) fn out(text: Arguments<'_>) {
    if let Err(error) = std::io::stdout().lock().write_fmt(text)
        && error.kind() != ErrorKind::BrokenPipe
        && !LOST.swap(true, Ordering::Relaxed)
    {
        err(format_args!("error: cannot write: {error}\n"));
    }
}

/// True where part of a result was lost: its disk is full.
pub(super) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Text on stderr, as it is.
pub(super) fn err(text: Arguments<'_>) {
    // There is nobody else to tell that nobody hears.
    let _ = std::io::stderr().lock().write_fmt(text);
}
