//! One at a time.

use std::fs::File;
use std::io::Result;
use std::path::Path;

/// Does something while no other process does anything under the lock of this file. It lies on a file that stays, as those that are
/// written under it are replaced.
///
/// # Errors
/// The file cannot be locked.
pub fn alone<T>(file: &Path, work: impl FnOnce() -> T) -> Result<T> {
    let file = File::open(file)?;
    file.lock()?;
    Ok(work())
}
