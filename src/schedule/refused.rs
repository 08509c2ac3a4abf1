//! Why a cron text is no good.

use std::fmt;
use std::ops::Range;

/// Why a cron text is no good, in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// True where it can be read and no day ever fits it.
    pub never_due: bool,
    /// One sentence, no full stop.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Which bytes of the text it is about.
    pub place: Range<usize>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for Refused {}
