//! Columns that earlier files of a table had and its last file lacks.

use std::collections::BTreeSet;

use super::ImportError;
use super::by_table::{Work, headings, plan};
use super::files::files;
use super::part::parts;
use super::series::{are_alike, decisive, place_in};
use super::source::Source;
use crate::config::{FileSet, RowsOf};

/// The last file of a table that lacks columns of earlier ones.
#[derive(Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The name of the file.
    pub file: String,
    /// The table, in lower case.
    pub table: String,
    /// The headings.
    pub columns: Vec<String>,
}

/// Tables whose last file lacks columns, so that these are empty in the newest rows.
///
/// # Errors
/// The files cannot be read.
pub fn lacking(set: &FileSet) -> Result<Vec<Lacking>, ImportError> {
    let found = files(set)?.found;
    let mut lacking = Vec::new();
    for work in plan(&found)? {
        let Work::Table(table, files) = work else {
            continue;
        };
        let mut forms = files.iter().map(|file| &file.form);
        if forms.any(|form| form.rows == Some(RowsOf::LastFile)) {
            continue;
        }
        let (mut names, mut lists) = (Vec::new(), Vec::new());
        for file in &files {
            for part in parts(file)? {
                // Sheets without rows are for later months.
                let is_to_come = part.is_together() && !part.has_rows()?;
                if part.table.to_lowercase() == table && !is_to_come {
                    lists.push((headings(&part)?, part.source().is_some_and(Source::is_sure)));
                    names.push(part.name());
                }
            }
        }
        let Some((deciding, _)) = decisive(&lists).and_then(|at| lists.get(at)) else {
            continue;
        };
        // Other files are tables of their own.
        let own = names.iter().zip(&lists);
        let own = own.filter(|(_, (own, is_sure))| *is_sure || are_alike(deciding, own));
        let own: Vec<_> = own.map(|(name, (headings, _))| (name, headings)).collect();
        let Some(((last, has), before)) = own.split_last() else {
            continue;
        };
        let known: BTreeSet<&String> = before.iter().flat_map(|(_, own)| *own).collect();
        let columns = known
            .into_iter()
            .filter(|name| place_in(has, name).is_none());
        let columns: Vec<String> = columns.cloned().collect();
        if !columns.is_empty() {
            lacking.push(Lacking {
                file: (*last).clone(),
                table,
                columns,
            });
        }
    }
    Ok(lacking)
}
