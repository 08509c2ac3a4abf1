//! What came of a run that somebody asked for on the page.

use serde::Serialize;

/// What came of it.
#[derive(Debug)]
pub struct Ran {
    pub(super) title: &'static str,
    pub(super) lines: Vec<String>,
    /// Who would move, where nothing was written.
    pub(super) movers: Vec<Mover>,
}

/// Who would come to a segment and leave it.
#[derive(Debug, Serialize)]
pub struct Mover {
    pub(super) name: String,
    pub(super) entered: String,
    pub(super) left: String,
    pub(super) comes: Vec<String>,
    pub(super) goes: Vec<String>,
    /// `, and 12 more`, or nothing.
    pub(super) more_come: String,
    pub(super) more_go: String,
}
