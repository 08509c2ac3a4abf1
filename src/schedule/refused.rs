//! Why a cron expression is refused.

use std::fmt;
use std::ops::Range;

/// Why a cron expression is refused, in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// True if the expression is valid but no day ever matches it.
    pub never_due: bool,
    /// One sentence, no full stop.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// The byte range of the expression that it is about.
    pub place: Range<usize>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for Refused {}
