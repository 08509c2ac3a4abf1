//! Why a column is not to be built on.

use std::fmt;

/// Why a column is doubted: `Display` says all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubted {
    /// What is wrong.
    pub what: String,
    /// What is read, and what to do.
    pub remedy: String,
    /// Whether that speaks of an entry in config's `types:`.
    pub names_types: bool,
}

impl fmt::Display for Doubted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.what, self.remedy)
    }
}
