//! Tables in memory, read row by row.

use std::ops::ControlFlow;

use super::{MemorySnapshot, cell_of};
use crate::engine::{Cell, OwnedCell, Part, ReadError, Row, Select, Tables};

/// A row, and the position of each selected column in it.
pub(super) struct MemoryRow<'r> {
    cells: &'r [OwnedCell],
    places: &'r [usize],
    named: Option<usize>,
}

impl Row for MemoryRow<'_> {
    #[inline]
    fn cell(&self, place: usize) -> Cell<'_> {
        let place = self.places.get(place);
        place.map_or(Cell::Null, |place| cell_of(self.cells, *place).lent())
    }

    fn id(&self) -> Option<i64> {
        None
    }

    fn name(&self) -> Option<Cell<'_>> {
        self.named.map(|place| cell_of(self.cells, place).lent())
    }
}

impl Tables for MemorySnapshot {
    type Row<'r> = MemoryRow<'r>;

    fn columns(&self, table: &str) -> Result<Option<Vec<String>>, ReadError> {
        Ok(self.table(table).map(|table| {
            let columns = table.shape.columns.iter();
            columns.map(|column| column.name.clone()).collect()
        }))
    }

    fn declared_type(&self, table: &str, column: &str) -> Result<Option<String>, ReadError> {
        Ok(self.table(table).and_then(|table| {
            let place = table.place(column)?;
            let column = table.shape.columns.get(place)?;
            Some(column.declared.clone())
        }))
    }

    fn estimate(&self, table: &str) -> Option<u64> {
        Some(self.table(table)?.rows.len() as u64)
    }

    fn ids(&self, _: &str) -> Result<Part, ReadError> {
        Ok(Part::Whole)
    }

    fn read<F>(&self, select: &Select, _: Part, mut each: F) -> Result<(), ReadError>
    where
        F: FnMut(&MemoryRow<'_>) -> Result<ControlFlow<()>, ReadError>,
    {
        let Some(table) = self.table(select.table()) else {
            return Ok(());
        };
        let places = select.columns().iter();
        let places: Vec<usize> = places.filter_map(|column| table.place(column)).collect();
        let key = table.shape.primary_key.first();
        let named = key.and_then(|key| table.place(key));
        for cells in &table.rows {
            let row = MemoryRow {
                cells,
                places: &places,
                named,
            };
            if each(&row)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}
