//! The result of checking the score against the past.

use serde::Serialize;

use crate::web::table::ShownTable;

/// The result.
#[derive(Debug)]
pub struct Proved {
    pub(super) sentences: Vec<String>,
    pub(super) tables: Vec<Titled>,
    pub(super) notes: Vec<String>,
    /// As SVG.
    pub(super) picture: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Titled {
    pub(super) title: String,
    pub(super) table: ShownTable,
}
