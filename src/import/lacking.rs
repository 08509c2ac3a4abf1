//! Columns that tables of several files had and their last file has not.

use std::collections::BTreeSet;

use super::ImportError;
use super::by_table::{Work, headings, plan};
use super::files::files;
use super::series::{are_alike, decisive, place_in};
use crate::config::{FileSet, RowsOf};

/// The last file of a table, without columns of earlier ones.
#[derive(Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The name of the file.
    pub file: String,
    /// The table, in small letters.
    pub table: String,
    /// The headings.
    pub columns: Vec<String>,
}

/// Which tables have a last file that lacks columns: their newest rows are empty there.
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
        let mut lists = Vec::new();
        for file in &files {
            lists.push((headings(file)?, file.named == file.name));
        }
        let Some((deciding, _)) = decisive(&lists).and_then(|at| lists.get(at)) else {
            continue;
        };
        // Others are tables of their own.
        let own = files.iter().zip(&lists);
        let own = own.filter(|(_, (own, is_sure))| *is_sure || are_alike(deciding, own));
        let own: Vec<_> = own.map(|(file, (headings, _))| (file, headings)).collect();
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
                file: last.name.clone(),
                table,
                columns,
            });
        }
    }
    Ok(lacking)
}
