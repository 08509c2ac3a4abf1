//! Errors of a database file, in words.

use std::path::{Path, PathBuf};

use crate::disk::{no_database, too_many_open};

/// Why results cannot be read or written. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another program holds the file's lock.
    #[error(
        "`{}` is locked: another program is writing to it, or keeps it from being written; \
         close that program or try again later", .0.display()
    )]
    Locked(PathBuf),
    /// The file or its folder is read-only.
    #[error(
        "`{}` cannot be written: the file or its folder is read-only; \
         allow writing to both, or name another file under `results:`", .0.display()
    )]
    ReadOnly(PathBuf),
    /// The disk is full.
    #[error(
        "no room to write to `{}`: the disk is full; \
         the last results are untouched", .0.display()
    )]
    Full(PathBuf),
    /// The file is not a SQLite database, or is damaged.
    #[error(
        "`{}` is not a SQLite database, or a damaged one; restore it from a copy", .0.display()
    )]
    NotDatabase(PathBuf),
    /// The content of the file cannot have been written by a run.
    #[error(
        "`{}` is damaged, or its tables are not those that Muster writes: {reason}; restore it from a \
         copy, or move it away and run again", .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file cannot be opened.
    #[error("`{}` cannot be opened: {reason}", .path.display())]
    Unopenable {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// A newer Muster has written to the file.
    #[error(
        "the results in `{}` were written by a newer version of Muster \
         (its migration {found}, known here up to {known}); use that version", .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The newest migration found there.
        found: i64,
        /// The newest one that this program knows.
        known: i64,
    },
    /// Another run was published since the last one was read: the comparison has to be repeated.
    #[error("another run was published to `{}` at the same time", .0.display())]
    Overtaken(PathBuf),
    /// Another process holds the lease that the write needed.
    #[error("another process has taken over the work on `{}`; nothing was written", .0.display())]
    TakenOver(PathBuf),
    /// Anything else.
    #[error("`{}`: {reason}", .path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// SQLite's message.
        reason: String,
    },
}

// SQLite's primary result codes, https://www.sqlite.org/rescode.html
const ERROR: i32 = 1;
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READONLY: i32 = 8;
const IOERR: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const CONSTRAINT: i32 = 19;
const NOTADB: i32 = 26;

impl StoreError {
    /// Converts an error of sqlx about a file.
    pub(super) fn new(path: &Path, error: &sqlx::Error) -> Self {
        let path = path.to_path_buf();
        let Some(database) = error.as_database_error() else {
            return match error {
                // The reading thread panicked because of the file's contents.
                sqlx::Error::WorkerCrashed => Self::NotDatabase(path),
                sqlx::Error::Decode(why) => Self::damaged(path, why),
                sqlx::Error::ColumnDecode { index, source } => {
                    let reason = source.to_string();
                    // sqlx names the Rust type that the value does not fit.
                    let reason = match reason.split_once("is not compatible with SQL type") {
                        Some((_, kind)) => format!("it holds a {}", kind.trim_matches([' ', '`'])),
                        None => reason,
                    };
                    Self::damaged(path, format!("column {index}: {reason}"))
                }
                sqlx::Error::ColumnNotFound(_) | sqlx::Error::RowNotFound => {
                    Self::damaged(path, error)
                }
                _ => Self::Other {
                    path,
                    reason: error.to_string(),
                },
            };
        };
        let code = database.code().and_then(|code| code.parse::<i32>().ok());
        // The extended code keeps the primary one in its low byte.
        match code.map(|code| code & 0xff) {
            Some(BUSY | LOCKED) => Self::Locked(path),
            Some(READONLY) => Self::ReadOnly(path),
            Some(FULL) => Self::Full(path),
            Some(NOTADB) => Self::NotDatabase(path),
            // What Muster writes violates none of its own constraints, so the table was changed by something else.
            Some(CORRUPT | CONSTRAINT) => Self::damaged(path, database.message()),
            Some(CANTOPEN) => {
                let reason = reason_unopenable(&path);
                Self::Unopenable { path, reason }
            }
            Some(IOERR) => Self::Other {
                path,
                reason: format!("the disk refused: {}", database.message()),
            },
            Some(ERROR) if is_missing(database.message()) => {
                Self::damaged(path, database.message())
            }
            _ => Self::Other {
                path,
                reason: database.message().to_owned(),
            },
        }
    }

    fn damaged(path: PathBuf, why: impl std::fmt::Display) -> Self {
        let reason = why.to_string();
        Self::Damaged { path, reason }
    }

    /// A file contains something it must not contain.
    pub(super) fn wrong(path: &Path, reason: &str) -> Self {
        Self::damaged(path.to_path_buf(), reason)
    }

    /// Refuses what is not a regular file, before anything waits for it.
    pub(super) fn if_special(path: &Path) -> Result<(), Self> {
        match no_database(path) {
            Ok(Some((path, kind))) => Err(Self::Unopenable {
                path,
                reason: format!("it is {kind}, not a file"),
            }),
            // Opening reports what the system does not say here.
            Ok(None) | Err(_) => Ok(()),
        }
    }

    /// A file whose existence the file system does not reveal.
    pub(super) fn unseen(path: &Path, error: &std::io::Error) -> Self {
        Self::Unopenable {
            path: path.to_path_buf(),
            reason: error.to_string(),
        }
    }

    /// A link to a file that does not exist.
    pub(super) fn leads_nowhere(path: &Path) -> Self {
        Self::Unopenable {
            path: path.to_path_buf(),
            reason: "it is a link to a file that is not there, and none is made through a link; \
                     delete the link, or make the file that it leads to"
                .to_owned(),
        }
    }

    /// Converts an error of the file system about a file.
    pub(super) fn io(path: &Path, error: &std::io::Error) -> Self {
        let path = path.to_path_buf();
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::FileTooLarge => Self::Full(path),
            std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
                Self::ReadOnly(path)
            }
            _ => Self::Unopenable {
                path,
                reason: error.to_string(),
            },
        }
    }
}

/// Converts sqlx results, adding the file that the error is about.
pub(super) trait About<T> {
    /// Says that the error is about this file.
    fn about(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> About<T> for sqlx::Result<T> {
    fn about(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::new(path, &error))
    }
}

fn reason_unopenable(path: &Path) -> String {
    match std::fs::metadata(path) {
        Ok(_) => too_many_open(path)
            .unwrap_or("the file or its folder does not allow it")
            .into(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if path
                .parent()
                .is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir())
            {
                "the file does not exist".into()
            } else {
                "its folder does not exist".into()
            }
        }
        Err(error) => error.to_string(),
    }
}

/// Whether SQLite's message says that something is missing which a migration creates.
fn is_missing(message: &str) -> bool {
    message.starts_with("no such table: muster_") || message.starts_with("no such column: ")
}
