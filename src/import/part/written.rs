//! The rows of a table as the database receives them.

use csv::ByteRecord;

use crate::engine::Watch;
use crate::import::ImportError;
use crate::import::carried::Carried;
use crate::import::encoding::letters;
use crate::import::limits::go_on;
use crate::import::notes::Notes;
use crate::import::rows::{Row, Rows, Take};
use crate::import::survey::Survey;

/// The rows of a table as they are written: only the columns that are kept, in UTF-8, with empty cells as empty text.
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
        let mut carried = Carried::among(self.rows);
        self.rows.read(&mut |row: Row<'_>| {
            // All remaining rows may be ones that are left out.
            go_on(self.watch)?;
            if layout.admits(&row).is_err() {
                return Ok(true);
            }
            let keyed = keyed.as_ref();
            let last = keyed.and_then(|keyed| keyed.last(&row, (columns, *encoding)));
            if let Some((_, number)) = last
                && number != row.number
            {
                last.into_iter().for_each(|last| carried.keep(&row, last));
                return Ok(true);
            }
            let kept = last.map_or_else(Vec::new, |(key, _)| carried.of(key));
            cells.clear();
            for column in columns {
                let mut kept = kept.iter().filter(|(place, _)| *place == column.place);
                let cell = match kept.next() {
                    Some((_, cell)) => cell,
                    None => row.cells.get(column.place).unwrap_or_default(),
                };
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
