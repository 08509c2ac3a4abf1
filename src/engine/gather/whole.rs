//! Reads tables that are read row by row before the others: the subject's table, and those in which rows are looked up.

use std::ops::ControlFlow;
use std::sync::PoisonError;

use super::fill::fill;
use super::kept::{Block, KeptColumn};
use super::part::Part;
use super::reading::Reading;
use super::select::Select;
use super::shares::Shares;
use super::tables::{ReadError, Row, Tables};
use super::together::together;
use crate::engine::Cell;
use crate::time::InstantReader;

/// A row from any source.
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

/// A row of a kept batch.
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

/// Calls `each` with each row of a table in turn, from memory if the table is kept.
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

/// The number of pieces per thread: small pieces let all threads end at about the same time.
const PIECES: u64 = 4;

/// Gives each clone of `empty` a piece of the table to read, on as many threads as there are. Returns the clones in
/// table order, and the part that was cut into the pieces. A table that is kept goes to a single clone.
pub(super) fn read_shared<T: Tables, F: Clone + Send + Sync>(
    reading: &mut Reading<'_, T>,
    select: &Select,
    empty: &F,
    take: impl Fn(&mut F, &AnyRow<'_>, &mut InstantReader) + Sync,
) -> Result<(Part, Vec<F>), ReadError> {
    if reading.kept.is_some() {
        let mut found = empty.clone();
        read_whole(reading, select, |row, times| {
            take(&mut found, row, times);
            Ok(())
        })?;
        return Ok((Part::Whole, vec![found]));
    }
    let whole = reading.tables.ids(select.table())?;
    let threads = reading.threads(whole);
    let pieces = match threads {
        1 => vec![whole],
        threads => whole.cut(PIECES * threads as u64, reading.tuning.least),
    };
    let shares = Shares::of(&pieces);
    let read = |tables: &T, mut times: InstantReader| {
        let _hold = shares.hold();
        let mut found = Vec::new();
        while let Some(piece) = shares.next() {
            let mut own = empty.clone();
            tables.read(select, piece, |row| {
                take(&mut own, &AnyRow(row), &mut times);
                Ok(ControlFlow::Continue(()))
            })?;
            found.push((piece.first(), own));
        }
        Ok::<_, ReadError>(found)
    };
    let others = reading.others.iter().take(pieces.len().saturating_sub(1));
    let (read, times) = (&read, &reading.times);
    let others = others.map(|tables| {
        let times = times.clone();
        move || {
            let tables = tables.lock().unwrap_or_else(PoisonError::into_inner);
            read(&tables, times)
        }
    });
    let (mut found, others) = together(|| read(reading.tables, times.clone()), others.collect())?;
    found.extend(others.into_iter().flatten());
    found.sort_by_key(|(first, _)| *first);
    Ok((whole, found.into_iter().map(|(_, found)| found).collect()))
}
