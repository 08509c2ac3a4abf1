//! Why mail could not be handled.

use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// Why mail could not be handled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The file that holds the outbox.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The lock file that keeps processes apart.
    #[error("`{}` cannot be locked, so that mail might go out twice: {reason}", .path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
}

impl MailError {
    pub(super) fn lock(path: &Path, error: &std::io::Error) -> Self {
        Self::Lock {
            path: path.to_path_buf(),
            reason: error.to_string(),
        }
    }
}
