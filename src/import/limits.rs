//! What ends an import before its time.

use std::cell::Cell;
use std::fs::metadata;

use super::ImportError;
use super::files::Found;
use crate::engine::Watch;

/// What the cells of any file may come to, in bytes.
const CELLS: u64 = 256 * 1024 * 1024;
/// By this factor they may be more than the file: a workbook is packed, and writes a text once that many cells hold.
const UNPACKED: u64 = 50;

/// The limits of one file.
pub(super) struct Limits<'a> {
    file: &'a str,
    pub(super) watch: &'a dyn Watch,
    /// What its cells may come to, in bytes, and what is left of that.
    most: u64,
    left: Cell<u64>,
}

impl<'a> Limits<'a> {
    pub(super) fn of(file: &'a Found, watch: &'a dyn Watch) -> Self {
        Self::of_all(&file.name, std::iter::once(file), watch)
    }

    /// Of several that are read as one, and what they are called.
    pub(super) fn of_all<'f>(
        name: &'a str,
        files: impl Iterator<Item = &'f Found>,
        watch: &'a dyn Watch,
    ) -> Self {
        let sizes = files.map(|file| metadata(&file.path).map_or(0, |meta| meta.len()));
        let most = sizes.sum::<u64>().saturating_mul(UNPACKED).max(CELLS);
        Self {
            file: name,
            watch,
            most,
            left: Cell::new(most),
        }
    }

    /// Counts a row of so many bytes.
    ///
    /// # Errors
    /// The import was stopped, or the file holds more than it may.
    pub(super) fn count(&self, bytes: usize) -> Result<(), ImportError> {
        go_on(self.watch)?;
        let left = self.left.get().checked_sub(bytes as u64).ok_or_else(|| {
            ImportError::of(
                self.file,
                format_args!(
                    "its cells come to more than {} MiB, out of all proportion to the file",
                    self.most >> 20
                ),
            )
        })?;
        self.left.set(left);
        Ok(())
    }
}

/// Fails once somebody has stopped the import.
///
/// # Errors
/// The import was stopped.
pub(super) fn go_on(watch: &dyn Watch) -> Result<(), ImportError> {
    match watch.cancelled() {
        true => Err(ImportError::Cancelled),
        false => Ok(()),
    }
}
