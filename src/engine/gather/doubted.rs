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

impl Doubted {
    /// The same of a column of imported files: no view can stand in place of its table.
    pub fn of_files(self) -> Self {
        Self {
            remedy: without_views(&self.remedy),
            ..self
        }
    }
}

/// What to do about a column of a table that no view can stand in place of.
pub(super) fn without_views(remedy: &str) -> String {
    let remedy = remedy.replace(", or in a view", "");
    remedy.replace(
        "read a view that converts them",
        "convert them where they come from",
    )
}

impl fmt::Display for Doubted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.what, self.remedy)
    }
}
