//! Rows of a table that occurred before: by its key, else by all of its columns.

use super::ImportError;
use super::copies::Copies;
use super::keyed::Keyed;
use super::layout::Layout;
use super::notes::Notes;
use super::rows::Row;
use crate::config::FileForm;

/// What is known of the rows seen so far.
pub(super) struct Repeats {
    pub(super) keyed: Option<Keyed>,
    /// Set if config says nothing of rows that are equal in every column.
    pub(super) copies: Option<Copies>,
    pub(super) notes: Notes,
}

impl Repeats {
    /// Based on what config says of the file, and on the key that it names for the table.
    ///
    /// # Errors
    /// The file has no such column.
    pub(super) fn of(
        layout: &Layout,
        name: &str,
        (form, key): (&FileForm, Option<&str>),
    ) -> Result<Self, ImportError> {
        Ok(Self {
            keyed: Keyed::of(layout, name, (form, key))?,
            copies: form.copies.is_none().then(Copies::default),
            notes: Notes::default(),
        })
    }

    /// Rows from this number on belong to the next file.
    pub(super) fn begin_file(&mut self, first: u64) {
        if let Some(keyed) = &mut self.keyed {
            keyed.begin_file(first);
        }
    }

    /// Records a row.
    pub(super) fn see(&mut self, row: &Row<'_>) {
        match (&mut self.keyed, &mut self.copies) {
            // A repeated key says more than a repeated row.
            (Some(keyed), _) => keyed.see(row, &mut self.notes),
            (None, Some(copies)) => copies.see(row),
            (None, None) => {}
        }
    }
}
