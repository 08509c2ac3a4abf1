//! Columns whose names are not bare words, such as `E-Mail`, written without backticks.

use super::checker::{Checker, in_backticks, unknown};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Name, Span};
use crate::language::is_bare;
use crate::language::typed::Typed;

impl Checker<'_> {
    /// Refuses a column that is written without its backticks, given the name that is a part of it. Each part leads
    /// here, but the column is reported once.
    pub fn bare_column<'n>(
        &mut self,
        columns: impl Iterator<Item = &'n str>,
        name: &Name,
    ) -> Option<Typed> {
        let mut parted = columns.filter(|column| !is_bare(column));
        let (column, span) =
            parted.find_map(|column| Some((column, self.around(column, name)?)))?;
        let help = format!(
            "write {}: a name of more than one word goes in backticks",
            in_backticks(column)
        );
        let message = format!("`{column}` stands here without backticks");
        let finding = Finding::new(Code::UnknownName, message).help(help);
        self.tell(span, finding);
        if let Some((last, before)) = self.findings.split_last()
            && before.contains(last)
        {
            self.findings.pop();
        }
        Some(unknown(span))
    }

    /// The message about a name that is the first word of a column's name.
    pub fn begun_column<'n>(
        &self,
        columns: impl Iterator<Item = &'n str>,
        name: &Name,
    ) -> Option<String> {
        let mut parted = columns.filter(|column| !is_bare(column));
        let first = parted.find(|column| {
            let word = column
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next();
            word.is_some_and(|word| word.to_lowercase() == name.text.to_lowercase())
        });
        first.map(|column| format!("did you mean {}?", in_backticks(column)))
    }

    /// The place of a column's name around a name that was read as a part of it.
    fn around(&self, column: &str, name: &Name) -> Option<Span> {
        let parts = column.match_indices(name.text.as_str()).map(|(at, _)| at);
        let mut starts = parts.filter_map(|at| name.span.start.checked_sub(at));
        starts.find_map(|start| {
            let span = Span {
                start,
                end: start + column.len(),
                ..name.span
            };
            (self.quote(span) == column).then_some(span)
        })
    }
}
