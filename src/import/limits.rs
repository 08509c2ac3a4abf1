//! What ends an import early.

use std::cell::Cell;
use std::fs::metadata;

use super::ImportError;
use super::files::{Found, Kind};
use super::rows::Row;
use crate::engine::Watch;

/// How many bytes the cells of any file may come to.
const CELLS: u64 = 256 * 1024 * 1024;
/// The cells may come to this many times the size of the file: a workbook is compressed, and stores a text once that many cells hold.
const UNPACKED: u64 = 50;

/// How many rows are read between two updates of the progress.
const LOOK: u64 = 4_096;

/// The limits of what is read as one table.
pub(super) struct Limits<'a> {
    file: &'a str,
    pub(super) watch: &'a dyn Watch,
    /// How many bytes its cells may come to, and how many of these are left.
    most: u64,
    left: Cell<u64>,
    /// How many bytes there are to read, if these are the bytes of cells; and how many rows and bytes have been read.
    size: Option<u64>,
    seen: Cell<(u64, u64)>,
}

impl<'a> Limits<'a> {
    /// The limits of one file, or of several that are read as one, with their name.
    pub(super) fn of<'f>(
        name: &'a str,
        files: impl Iterator<Item = &'f Found> + Clone,
        watch: &'a dyn Watch,
    ) -> Self {
        let is_text = files.clone().all(|file| file.kind == Kind::Text);
        let sizes = files.map(|file| metadata(&file.path).map_or(0, |meta| meta.len()));
        let size = sizes.sum::<u64>();
        let most = size.saturating_mul(UNPACKED).max(CELLS);
        Self {
            file: name,
            watch,
            most,
            left: Cell::new(most),
            size: is_text.then_some(size),
            seen: Cell::new((0, 0)),
        }
    }

    /// Counts a row.
    ///
    /// # Errors
    /// The import was stopped, or the file holds more than it may.
    pub(super) fn count(&self, row: &Row<'_>) -> Result<(), ImportError> {
        go_on(self.watch)?;
        let bytes = row.cells.as_slice().len() as u64;
        let left = self.left.get().checked_sub(bytes).ok_or_else(|| {
            ImportError::of(
                self.file,
                format_args!(
                    "its cells come to more than {} MiB, out of all proportion to the file",
                    self.most >> 20
                ),
            )
        })?;
        self.left.set(left);
        let (rows, read) = self.seen.get();
        // Each cell is followed by a separator or a line ending.
        let (rows, read) = (rows + 1, read + bytes + row.cells.len() as u64);
        self.seen.set((rows, read));
        let all = || Some(self.size?.max(read) / (read / rows).max(1));
        self.show(rows, all);
        Ok(())
    }

    /// Reports now and then how many rows are done, and about how many there are.
    pub(super) fn show(&self, rows: u64, of: impl FnOnce() -> Option<u64>) {
        if rows.is_multiple_of(LOOK) {
            self.watch.progress(self.file, rows, of());
        }
    }
}

/// Fails if somebody has stopped the import.
///
/// # Errors
/// The import was stopped.
pub(super) fn go_on(watch: &dyn Watch) -> Result<(), ImportError> {
    match watch.cancelled() {
        true => Err(ImportError::Cancelled),
        false => Ok(()),
    }
}
