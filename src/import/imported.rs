//! What an import found, for people and for config.

use super::part::ImportedTable;
use crate::config::{FileForm, Marks};

/// What was imported.
#[derive(Debug)]
pub struct Imported {
    pub(super) tables: Vec<ImportedTable>,
    /// What else lies in the folder, in lines.
    pub(super) left_out: Vec<String>,
}

impl Imported {
    /// What config has to say of the files so that they are read as they were, by their names.
    pub fn forms(&self) -> Vec<(String, FileForm)> {
        let mut forms: Vec<(String, FileForm)> = Vec::new();
        for table in self
            .tables
            .iter()
            .filter(|table| table.form != FileForm::default())
        {
            for named in &table.named {
                if !forms.iter().any(|(file, _)| file == named) {
                    forms.push((named.clone(), table.form.clone()));
                }
            }
        }
        forms
    }

    /// In lines for people: one a table, what did not fit under it, and what was left out.
    pub fn told(&self, marks: &Marks) -> Vec<String> {
        let mut lines = Vec::new();
        for table in &self.tables {
            let rows = usize::try_from(table.rows).unwrap_or(usize::MAX);
            let facts = table.facts.iter().map(|fact| format!(", {fact}"));
            lines.push(format!(
                "{}: {}{}",
                table.file,
                marks.counted(rows, "row"),
                facts.collect::<String>()
            ));
            lines.extend(table.notes.iter().map(|note| format!("  {note}")));
        }
        lines.extend(self.left_out.iter().cloned());
        lines
    }
}
