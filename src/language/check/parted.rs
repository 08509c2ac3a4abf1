//! Columns whose names are no words, such as `E-Mail`, and what is written of them without backticks.

use super::checker::{Checker, in_backticks};
use crate::language::ast::{Name, Span};
use crate::language::is_bare;

impl Checker<'_> {
    /// What is said of a name that is a part of a column's: the column stands there without its backticks, or only its first
    /// word does.
    pub fn part_of_column<'n>(
        &self,
        columns: impl Iterator<Item = &'n str> + Clone,
        name: &Name,
    ) -> Option<String> {
        let mut parted = columns.filter(|column| !is_bare(column));
        let whole = parted.clone().find(|column| self.covers(column, name));
        if let Some(column) = whole {
            return Some(format!(
                "a name that is more than one word stands in backticks: {}",
                in_backticks(column)
            ));
        }
        let first = parted.find(|column| {
            let word = column
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next();
            word.is_some_and(|word| word.to_lowercase() == name.text.to_lowercase())
        });
        first.map(|column| format!("did you mean {}?", in_backticks(column)))
    }

    /// Whether a column's name stands around a name that was read as a part of it.
    fn covers(&self, column: &str, name: &Name) -> bool {
        let parts = column.match_indices(name.text.as_str()).map(|(at, _)| at);
        let mut starts = parts.filter_map(|at| name.span.start.checked_sub(at));
        starts.any(|start| {
            let span = Span {
                start,
                end: start + column.len(),
                ..name.span
            };
            self.quote(span) == column
        })
    }
}
