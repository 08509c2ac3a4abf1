//! A table of the views as templates take it.

use serde::Serialize;

use crate::config::Marks;
use crate::view::{Align, Table};

/// A table whose cells are texts for people.
#[derive(Debug, Clone, Serialize)]
pub struct ShownTable {
    headings: Vec<ShownHeading>,
    rows: Vec<Vec<String>>,
}

#[derive(Debug, Clone, Serialize)]
struct ShownHeading {
    label: String,
    /// Whether numbers stand under it.
    number: bool,
}

impl ShownTable {
    pub fn new(table: &Table, marks: &Marks) -> Self {
        let headings = table.headings.iter().map(|heading| ShownHeading {
            label: heading.label.clone(),
            number: heading.align == Align::Right,
        });
        let rows = table.rows.iter();
        let rows = rows.map(|row| row.iter().map(|cell| cell.shown(marks)).collect());
        Self {
            headings: headings.collect(),
            rows: rows.collect(),
        }
    }
}
