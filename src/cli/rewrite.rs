//! A file that people write gets another text, whole or not at all.

use std::path::Path;

use super::Common;
use super::exit::Failure;
use crate::disk;

/// Writes a text in the place of the one that was read, `None` where there was no file. One command at a time does so.
///
/// # Errors
/// The disk refuses it, or somebody has changed the file since it was read.
pub(super) fn rewrite(
    path: &Path,
    before: Option<&str>,
    text: &str,
    common: &Common,
) -> Result<(), Failure> {
    // The config stays; without one the file itself is what others can wait for.
    let lock = if common.config.exists() {
        &common.config
    } else {
        path
    };
    let written = disk::alone(lock, || write(path, before, text));
    written
        .flatten()
        .map_err(|error| Failure::world(format!("cannot write {}: {error}", path.display())))
}

fn write(path: &Path, before: Option<&str>, text: &str) -> std::io::Result<()> {
    let now = std::fs::read(path).ok();
    if now.as_deref() != before.map(str::as_bytes) {
        return Err(std::io::Error::other(
            "somebody changed it meanwhile; try again",
        ));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    disk::rewrite(path, text.as_bytes())
}
