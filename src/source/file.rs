//! Reading a file, within limits.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::no_file;
use super::special::scarce;

/// The most we read of one file, in bytes: far beyond what a person writes.
pub const MAX_FILE_BYTES: u64 = 256 * 1024;

/// Why a file's text is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The operating system's reason.
    #[error("{0}")]
    Unreadable(String),
    /// More than [`MAX_FILE_BYTES`].
    #[error("it is larger than {} KiB", MAX_FILE_BYTES / 1024)]
    TooLarge,
    /// Not UTF-8, from this line on.
    #[error("it is not UTF-8 text from line {0} on")]
    NotText(usize),
}

/// Reads a text file of at most [`MAX_FILE_BYTES`].
///
/// # Errors
/// Where there is no file, it is too large, or it is no UTF-8.
pub fn read(path: &Path) -> Result<String, ReadError> {
    let unreadable = |e: std::io::Error| ReadError::Unreadable(reason(&e));
    // Opening a pipe would wait for its other end.
    if let Some(kind) = no_file(path).map_err(unreadable)? {
        return Err(ReadError::Unreadable(format!("it is {kind}, not a file")));
    }
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    String::from_utf8(bytes).map_err(|e| {
        let good = e.as_bytes().iter().take(e.utf8_error().valid_up_to());
        ReadError::NotText(good.filter(|b| **b == b'\n').count() + 1)
    })
}

/// The system's words without the number that it puts behind them.
fn reason(error: &std::io::Error) -> String {
    if let Some(words) = scarce(error) {
        return words.into();
    }
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "the permission to read it is missing".into(),
        _ => error.to_string(),
    }
}
