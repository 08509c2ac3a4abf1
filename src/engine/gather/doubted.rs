//! Why a column cannot be relied on.

use std::fmt;

/// Why a column is doubted; `Display` writes the whole message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubted {
    /// What is wrong.
    pub what: String,
    /// How the column is read, and what to do.
    pub remedy: String,
    /// Whether the remedy mentions an entry in config's `types:`.
    pub names_types: bool,
}

impl Doubted {
    /// The same for a column of imported files, whose table no view can replace.
    pub fn of_files(self) -> Self {
        Self {
            remedy: without_views(&self.remedy),
            ..self
        }
    }
}

/// The remedy for a column of a table that no view can replace.
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
