//! Why a table could not be read: something of its own, or something that concerns everything.

use std::path::Path;

use super::open::{concerns_whole_database, database_error};
use crate::engine::EngineError;

/// Why reading stopped.
pub(super) enum Failure {
    /// This table cannot be read: the reason in words.
    Table(String),
    /// The file, the disk, a lock.
    Database(rusqlite::Error),
    /// Nothing can be evaluated.
    Engine(EngineError),
}

impl Failure {
    /// The table is not there.
    pub(super) fn no_table(table: &str) -> Self {
        Self::Table(format!("there is no table `{table}` in the database"))
    }

    /// As an error of the whole evaluation.
    pub(super) fn into_error(self, path: &Path) -> EngineError {
        match self {
            Self::Table(reason) => {
                EngineError::Database(format!("`{}` cannot be read: {reason}", path.display()))
            }
            Self::Database(error) => database_error(path, &error),
            Self::Engine(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        if concerns_whole_database(&error) {
            Self::Database(error)
        } else {
            Self::Table(error.to_string())
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}
