//! Editing a list's file in place: adding and removing entries.

use std::path::{Path, PathBuf};

use super::{Edit, EditError, MAX_LIST_BYTES, add, column, matching, path, remove};
use crate::config::{Config, NamedList};
use crate::disk::{self, Access};
use crate::source::{ReadError, read_within};

/// The action on entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListAction {
    /// Append them.
    Add,
    /// Remove them.
    Remove,
}

/// The result of an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The new text of the file, and the result for each entry.
    pub edit: Edit,
    /// The file actually written, if the one named in config is a link to it.
    pub behind_link: Option<PathBuf>,
}

/// Why a list was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// An entry is empty.
    #[error("an entry is empty")]
    Empty,
    /// An entry would span several lines.
    #[error("an entry has more than one line; name each entry by itself")]
    SeveralLines,
    /// The file cannot be edited like this.
    #[error("`{}`, the list `{name}`, stays as it is: {error}", path.display())]
    Edit {
        path: PathBuf,
        name: String,
        error: EditError,
    },
    /// The link is dangling.
    #[error("`{}` is a link that cannot be followed: {error}", path.display())]
    Link {
        path: PathBuf,
        error: std::io::Error,
    },
    /// The file cannot be read.
    #[error("`{}` cannot be used: {error}", path.display())]
    Unreadable { path: PathBuf, error: ReadError },
    /// The file cannot be written.
    #[error("`{}` cannot be written: {error}", path.display())]
    Unwritable {
        path: PathBuf,
        error: std::io::Error,
    },
    /// The lock cannot be taken.
    #[error("`{}` cannot be locked, so that two changes at once might lose one: {error}", path.display())]
    Unlocked {
        path: PathBuf,
        error: std::io::Error,
    },
}

impl ChangeError {
    /// Whether the request is invalid, as opposed to the file.
    pub fn is_input(&self) -> bool {
        matches!(self, Self::Empty | Self::SeveralLines | Self::Edit { .. })
    }
}

/// Adds entries to a list or removes them, under the lock of `config_file`: otherwise, two concurrent changes would
/// both start from the same old file.
///
/// # Errors
/// The list is not changed.
pub fn change(
    action: ListAction,
    entries: &[String],
    named: &NamedList,
    (config, config_file): (&Config, &Path),
) -> Result<Changed, ChangeError> {
    if entries.iter().any(|entry| entry.trim().is_empty()) {
        return Err(ChangeError::Empty);
    }
    if entries
        .iter()
        .any(|entry| entry.trim().contains(['\r', '\n']))
    {
        return Err(ChangeError::SeveralLines);
    }
    let changed = disk::alone(config_file, || changed(action, entries, named, config));
    changed.map_err(|error| ChangeError::Unlocked {
        path: config_file.to_path_buf(),
        error,
    })?
}

fn changed(
    action: ListAction,
    entries: &[String],
    named: &NamedList,
    config: &Config,
) -> Result<Changed, ChangeError> {
    let path = path(named, config);
    let is_new = !disk::is_taken(&path);
    // Writing replaces the file that a link points to, not the link.
    let (path, behind_link) = match path.is_symlink() {
        true => match path.canonicalize() {
            Ok(file) => (file.clone(), Some(file)),
            Err(error) => return Err(ChangeError::Link { path, error }),
        },
        false => (path, None),
    };
    let text = match is_new {
        true => String::new(),
        false => match read_within(&path, MAX_LIST_BYTES) {
            Ok(text) => text,
            Err(error) => return Err(ChangeError::Unreadable { path, error }),
        },
    };
    let of = (column(named, config), matching(named, config));
    let edit = match action {
        ListAction::Add => add(&text, of, entries),
        ListAction::Remove => remove(&text, of, entries),
    };
    let edit = match edit {
        Ok(edit) => edit,
        Err(error) => {
            let name = named.name.value.clone();
            return Err(ChangeError::Edit { path, name, error });
        }
    };
    if !edit.done.is_empty()
        && let Err(error) = write(&path, &edit.text, is_new)
    {
        return Err(ChangeError::Unwritable { path, error });
    }
    Ok(Changed { edit, behind_link })
}

/// A new file is readable only by its owner, because it names people; an existing one keeps its permissions.
fn write(path: &Path, text: &str, is_new: bool) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|_| is_new) {
        std::fs::create_dir_all(folder)?;
    }
    match is_new {
        true => disk::write(path, text.as_bytes(), Access::Owner),
        false => disk::rewrite(path, text.as_bytes()),
    }
}
