//! Tables that are read row by row before the others: the subject's, and those that rows are looked up in.

use std::ops::ControlFlow;

use super::fill::fill;
use super::kept::{Block, Source};
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

/// A row of a batch in the store.
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

/// Gives each row of a table in turn, from the store where there is one.
pub(super) fn read_whole<T: Tables>(
    reading: &mut Reading<'_, T>,
    select: &Select,
    mut each: impl FnMut(&AnyRow<'_>, &mut InstantReader) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let sources = select.columns().iter().cloned().map(Source::Cells);
    let sources: Vec<Source> = sources.collect();
    let which = fill(reading, select, Part::Whole, &sources)?;
    let times = &mut reading.times;
    let kept = reading.kept.as_deref().zip(which);
    let Some(recalled) = kept.and_then(|(kept, which)| kept.recall(&which, &sources)) else {
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
