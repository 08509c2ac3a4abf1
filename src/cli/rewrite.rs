//! Rewriting of files that people edit, each atomically.

use std::io;
use std::path::Path;

use super::Common;
use super::exit::Failure;
use crate::disk;

/// A new text for a file that was read.
pub(super) struct Rewrite<'t> {
    pub path: &'t Path,
    /// `None` if there was no file.
    pub before: Option<&'t str>,
    pub text: &'t str,
}

/// Writes one file, under a lock.
///
/// # Errors
/// The disk refuses it, or the file has changed since it was read.
pub(super) fn rewrite(file: &Rewrite<'_>, common: &Common) -> Result<(), Failure> {
    rewrite_all(std::slice::from_ref(file), common)
}

/// Writes several files: none if one of them has changed since it was read, or is read-only.
///
/// # Errors
/// As for one; files written before the disk refused one are reported.
pub(super) fn rewrite_all(files: &[Rewrite<'_>], common: &Common) -> Result<(), Failure> {
    let Some(first) = files.first() else {
        return Ok(());
    };
    // Every command can lock the config; without one, the file itself serves as the lock.
    let lock = if common.config.exists() {
        &common.config
    } else {
        first.path
    };
    let refused =
        |path: &Path, error: io::Error| format!("cannot write {}: {error}", path.display());
    let written = disk::alone(lock, || {
        for file in files {
            let may_write = is_unchanged(file).and_then(|()| disk::refuse_read_only(file.path));
            may_write.map_err(|error| refused(file.path, error))?;
        }
        for (place, file) in files.iter().enumerate() {
            write(file).map_err(|error| {
                let done = files.get(..place).unwrap_or_default().iter();
                let done: Vec<String> = done.map(|file| file.path.display().to_string()).collect();
                let words = refused(file.path, error);
                match done.is_empty() {
                    true => words,
                    false => format!("{words}; written before that: {}", done.join(", ")),
                }
            })?;
        }
        Ok(())
    });
    let written = written.map_err(|error| refused(first.path, error));
    written.flatten().map_err(Failure::world)
}

fn is_unchanged(file: &Rewrite<'_>) -> io::Result<()> {
    let now = std::fs::read(file.path).ok();
    match now.as_deref() == file.before.map(str::as_bytes) {
        true => Ok(()),
        false => Err(io::Error::other("somebody changed it meanwhile; try again")),
    }
}

fn write(file: &Rewrite<'_>) -> io::Result<()> {
    if let Some(folder) = file.path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    disk::rewrite(file.path, file.text.as_bytes())
}
