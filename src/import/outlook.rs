//! What the next import would find, and what is to be reported of the last one.

use std::path::Path;

use super::ImportError;
use super::build::{can_be_read, is_outdated};
use super::files::{LeftOut, files};
use super::gone::finds_all;
use crate::config::FileSet;
use crate::connector::{Told, told_in};
use crate::engine::Watch;

/// How the files compare with the database that was made of them, each with the messages about it.
#[derive(Debug, PartialEq, Eq)]
pub enum Outlook {
    /// The files are those of the last import, which had trouble with some.
    Same(Vec<Told>),
    /// The files have changed, and the next import will leave some out.
    Changed(Vec<String>),
}

/// Examines the files, and all of their rows if they have changed, without importing anything.
///
/// # Errors
/// The next import would fail as things stand.
pub fn outlook(set: &FileSet, database: &Path, watch: &dyn Watch) -> Result<Outlook, ImportError> {
    if !is_outdated(set, database)? {
        return Ok(Outlook::Same(
            told_in(database).map_err(ImportError::World)?,
        ));
    }
    let mut lines = finds_all(set, database)?;
    let folder = files(set)?;
    can_be_read(set, &folder, watch)?;
    let called_so = folder.left_out.iter().filter(|left| left.is_called_so);
    lines.extend(called_so.map(LeftOut::line));
    Ok(Outlook::Changed(lines))
}
