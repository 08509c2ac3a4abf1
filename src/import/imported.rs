//! What an import found, for people and for config.

use super::meant::has_month_alone;
use super::part::ImportedTable;
use crate::config::{FileForm, Marks};
use crate::connector::SourceFile;

/// What was imported.
#[derive(Debug)]
pub struct Imported {
    pub(super) tables: Vec<ImportedTable>,
    /// Lines about what else is in the folder.
    pub(super) left_out: Vec<String>,
}

impl Imported {
    /// What config has to say of the files so that they are read the same way again, by their names.
    pub fn forms(&self) -> Vec<(String, FileForm)> {
        let mut forms: Vec<(String, FileForm)> = Vec::new();
        let said = self.tables.iter().flat_map(|table| &table.forms);
        for (named, form) in said.filter(|(_, form)| **form != FileForm::default()) {
            if !forms.iter().any(|(file, _)| file == named) {
                forms.push((named.clone(), form.clone()));
            }
        }
        forms
    }

    /// Lines about files that hold less than half of the rows that they held before.
    pub(super) fn shrunk(&self, before: &[SourceFile]) -> Vec<String> {
        let files = self.tables.iter().flat_map(|table| {
            let files = table.files.iter();
            files.map(|file| (&table.table, file))
        });
        let lines = files.filter_map(|(table, file)| {
            let mut before = before.iter();
            let before = before.find(|was| {
                was.name == file.name && was.sheet == file.sheet && was.table == *table
            })?;
            let held = before.rows.filter(|held| file.rows < held / 2)?;
            let (name, rows) = (&file.shown, file.rows);
            Some(format!("{name}: held {held} rows at the last import and holds {rows} now: was all of it exported?"))
        });
        lines.collect()
    }

    /// Lines about the tables whose files, or sheets, have names with months in letters and no years, so that next year's names would be the same.
    pub fn without_years(&self) -> Vec<String> {
        let of_months = self.tables.iter().filter(|table| {
            let mut files = table.files.iter();
            table.files.len() > 1 && files.all(|file| has_month_alone(&file.dated))
        });
        let lines = of_months.map(|table| {
            format!(
                "{}: their names give months but no years, so all of them count as one year that begins in January; write the year into the names \
                 of the next year's {}",
                table.file, table.unit.several()
            )
        });
        lines.collect()
    }

    /// Lines for people: one for each table, what did not fit below it, and what was left out.
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
