//! Columns that a file lacks and earlier ones have.

use super::{Series, listed};
use crate::import::source::Unit;
use crate::source::yaml_quoted;

impl Series<'_> {
    /// The message that a file lacks columns that an earlier one has: most likely it was exported differently, or its columns were renamed.
    pub(super) fn cut(&self, at: usize) -> Option<String> {
        let columns = self.headings.iter().enumerate();
        let columns = columns.filter(|(column, _)| self.lacks(at, *column));
        let cut: Vec<(&String, &str)> = columns
            .filter_map(|(column, name)| Some((name, self.known_from(at, column)?)))
            .collect();
        let (_, before) = cut.first()?;
        let kept = match self.is_keyed {
            true => {
                "its rows keep the values of earlier rows with the same key, and are empty where there are none"
            }
            false => "its rows are empty there",
        };
        let why = match self.unit {
            Unit::File => "was it exported differently?",
            Unit::Sheet => "does it have another name there?",
        };
        let names: Vec<&String> = cut.iter().map(|(name, _)| *name).collect();
        Some(format!(
            "has no column {}, which {before} has: {kept}; {why}{}",
            listed(names.iter().copied()),
            self.renamed(at, &names)
        ))
    }

    /// Which columns of a file may be those that it lacks, as no earlier file has them, and how config says so; empty if there are none.
    fn renamed(&self, at: usize, lacking: &[&String]) -> String {
        let has = |file: usize, column: usize| {
            let member = self.members.get(file);
            member.is_some_and(|member| matches!(member.places.get(column), Some(Some(_))))
        };
        let columns = self.headings.iter().enumerate();
        let new = columns
            .filter(|(column, _)| has(at, *column) && !(0..at).any(|file| has(file, *column)));
        let new: Vec<&String> = new.map(|(_, name)| name).collect();
        match (new.as_slice(), lacking) {
            ([], _) => String::new(),
            ([own], [known]) => format!(
                " It has {}, which no file before it has: if that is the same column, write `{}` for it",
                listed(new.iter().copied()),
                called(own, known)
            ),
            _ => format!(
                " It has {}, which no file before it has: if one of its columns has another name there, write `columns:` for it",
                listed(new.iter().copied())
            ),
        }
    }
}

/// How config says that a file uses another name for a column.
pub(super) fn called(own: &str, known: &str) -> String {
    format!(
        "columns: {{ {}: {} }}",
        yaml_quoted(own),
        yaml_quoted(known)
    )
}
