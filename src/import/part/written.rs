//! The rows of a table as the database gets them.

use csv::ByteRecord;

use crate::engine::Watch;
use crate::import::ImportError;
use crate::import::encoding::letters;
use crate::import::limits::go_on;
use crate::import::notes::Notes;
use crate::import::rows::{Row, Rows, Take};
use crate::import::survey::Survey;

/// The rows of a table as they are written: the columns that are kept, in UTF-8, empty where they hold nothing.
pub(super) struct Written<'a> {
    pub(super) rows: &'a dyn Rows,
    pub(super) found: &'a Survey,
    pub(super) watch: &'a dyn Watch,
}

impl Rows for Written<'_> {
    fn read(&self, take: Take<'_>) -> Result<Notes, ImportError> {
        let Survey {
            layout,
            columns,
            encoding,
            keyed,
            ..
        } = self.found;
        let mut cells = ByteRecord::new();
        self.rows.read(&mut |row: Row<'_>| {
            // Rows that are left out can be all that follow.
            go_on(self.watch)?;
            let is_kept = || keyed.as_ref().is_none_or(|keyed| keyed.keeps(&row));
            if layout.admits(&row).is_err() || !is_kept() {
                return Ok(true);
            }
            cells.clear();
            for column in columns {
                let cell = row.cells.get(column.place).unwrap_or_default();
                let text = letters(cell, *encoding);
                match text.trim().is_empty() {
                    true => cells.push_field(&[]),
                    false => cells.push_field(column.written(text).as_bytes()),
                }
            }
            take(Row {
                cells: &cells,
                numbers: &[],
                ..row
            })
        })
    }
}
