//! Tables that are read row by row before the others: the subject's, and those that rows are looked up in.

use std::ops::ControlFlow;

use super::fill::fill;
use super::kept::{Block, KeptColumn};
use super::part::Part;
use super::reading::Reading;
use super::select::Select;
use super::tables::{ReadError, Row, Tables};
use crate::engine::Cell;
use crate::time::InstantReader;

/// A row, wherever it comes from.
pub(super) struct AnyRow<'r>(&'r dyn Row);

impl Row for AnyRow<'_> {
    #[inline]
    fn cell(&self, place: usize) -> Cell<'_> {
        self.0.cell(place)
    }

    fn id(&self) -> Option<i64> {
        self.0.id()
    }

    fn name(&self) -> Option<Cell<'_>> {
        self.0.name()
    }
}

/// A row of a batch that is kept.
struct KeptRow<'k> {
    blocks: &'k [&'k Block],
    row: usize,
}

impl Row for KeptRow<'_> {
    fn cell(&self, place: usize) -> Cell<'_> {
        let block = self.blocks.get(place);
        block.map_or(Cell::Null, |block| block.cell(self.row))
    }

    fn id(&self) -> Option<i64> {
        None
    }

    fn name(&self) -> Option<Cell<'_>> {
        None
    }
}

/// Gives each row of a table in turn, from memory where it is kept.
pub(super) fn read_whole<T: Tables>(
    reading: &mut Reading<'_, T>,
    select: &Select,
    mut each: impl FnMut(&AnyRow<'_>, &mut InstantReader) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let columns = select.columns().iter().cloned().map(KeptColumn::Cells);
    let columns: Vec<KeptColumn> = columns.collect();
    let key = fill(reading, select, Part::Whole, &columns)?;
    let times = &mut reading.times;
    let kept = reading.kept.as_deref().zip(key);
    let Some(recalled) = kept.and_then(|(kept, key)| kept.recall(&key, &columns)) else {
        return reading.tables.read(select, Part::Whole, |row| {
            each(&AnyRow(row), times).map(ControlFlow::Continue)
        });
    };
    let mut number = 0;
    while let Some((stretch, blocks)) = recalled.batch(number) {
        let blocks: Vec<&Block> = blocks.collect();
        for row in 0..stretch.rows {
            let blocks = blocks.as_slice();
            each(&AnyRow(&KeptRow { blocks, row }), times)?;
        }
        number += 1;
    }
    Ok(())
}
