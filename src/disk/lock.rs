//! Mutual exclusion between processes.

use std::fs::File;
use std::io::Result;
use std::path::Path;

/// Runs something while no other process holds the lock of this file. The lock is on a file that stays, because those
/// written under it are replaced.
///
/// # Errors
/// The file cannot be locked.
pub fn alone<T>(file: &Path, work: impl FnOnce() -> T) -> Result<T> {
    let file = File::open(file)?;
    file.lock()?;
    Ok(work())
}
