//! The result of a run started from the page.

use serde::Serialize;

/// The result.
#[derive(Debug)]
pub struct Ran {
    pub(super) title: &'static str,
    pub(super) lines: Vec<String>,
    /// Who would move, if nothing was written.
    pub(super) movers: Vec<Mover>,
}

/// Who would enter and leave a segment.
#[derive(Debug, Serialize)]
pub struct Mover {
    pub(super) name: String,
    pub(super) entered: String,
    pub(super) left: String,
    pub(super) comes: Vec<String>,
    pub(super) goes: Vec<String>,
    /// `, and 12 more`, or empty.
    pub(super) more_come: String,
    pub(super) more_go: String,
}
