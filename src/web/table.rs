//! A table of the views, for templates.

use serde::Serialize;

use crate::chart::escaped;
use crate::config::Marks;
use crate::view::{Align, Table};

/// A table whose cells are display texts.
#[derive(Debug, Clone, Serialize)]
pub struct ShownTable {
    headings: Vec<ShownHeading>,
    rows: Vec<Vec<String>>,
}

#[derive(Debug, Clone, Serialize)]
struct ShownHeading {
    label: String,
    /// Whether the column holds numbers.
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

    /// The table as HTML, in its own scrollable box.
    pub fn html(&self, called: &str) -> String {
        let class = |number: bool| if number { " class=\"number\"" } else { "" };
        let mut html = format!(
            "<div class=\"scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table class=\"stack\"><thead><tr>",
            escaped(called)
        );
        for heading in &self.headings {
            let label = escaped(&heading.label);
            html += &format!("<th scope=\"col\"{}>{label}</th>", class(heading.number));
        }
        html += "</tr></thead><tbody>";
        for row in &self.rows {
            html += "<tr>";
            for (heading, cell) in self.headings.iter().zip(row) {
                let (cell, label) = (escaped(cell), escaped(&heading.label));
                html += &format!(
                    "<td{} data-label=\"{label}\"><bdi>{cell}</bdi></td>",
                    class(heading.number)
                );
            }
            html += "</tr>";
        }
        html + "</tbody></table></div>"
    }
}
