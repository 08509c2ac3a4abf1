//! Reads text files within limits.

use std::path::Path;

use crate::disk::{self, Unreadable};

/// The default limit for a file, in bytes: far beyond what a person writes.
pub const MAX_FILE_BYTES: u64 = 256 * 1024;

/// Why a file's text is not available.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The operating system's error.
    #[error("{0}")]
    Unreadable(String),
    /// The file exceeds this number of bytes.
    #[error("it is larger than {} KiB", .0 / 1024)]
    TooLarge(u64),
    /// The file is not UTF-8, from this line on.
    #[error("it is not UTF-8 text from line {0} on")]
    NotText(usize),
}

/// Reads a text file of at most [`MAX_FILE_BYTES`].
///
/// # Errors
/// See [`read_within`].
pub fn read(path: &Path) -> Result<String, ReadError> {
    read_within(path, MAX_FILE_BYTES)
}

/// Reads a text file of at most `most` bytes.
///
/// # Errors
/// There is no file, it is too large, or it is not UTF-8.
pub fn read_within(path: &Path, most: u64) -> Result<String, ReadError> {
    let bytes = disk::read(path, most).map_err(|error| match error {
        Unreadable::TooLarge(most) => ReadError::TooLarge(most),
        Unreadable::System(reason) | Unreadable::Content(reason) => ReadError::Unreadable(reason),
    })?;
    String::from_utf8(bytes).map_err(|e| {
        let good = e.as_bytes().iter().take(e.utf8_error().valid_up_to());
        ReadError::NotText(good.filter(|b| **b == b'\n').count() + 1)
    })
}
