//! Reads columns of a table into memory that is kept.

use std::ops::ControlFlow;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use super::kept::{Block, KeptColumn, Making, Stretch, TableKey};
use super::part::Part;
use super::reading::{Progress, Reading};
use super::select::Select;
use super::shares::Shares;
use super::tables::{ReadError, Row, Tables};
use super::together::together;
use crate::time::InstantReader;

/// Makes sure that columns of a table are kept, and returns the table's key there. `None` if the columns must be read
/// anew, because nothing is kept or they do not fit.
///
/// Sometimes it turns out only during reading that the columns fit if those of other questions are dropped. Then they
/// are read once more.
pub(super) fn fill<T: Tables>(
    reading: &mut Reading<'_, T>,
    select: &Select,
    whole: Part,
    columns: &[KeptColumn],
) -> Result<Option<TableKey>, ReadError> {
    let key = TableKey::of(select, &[whole]);
    loop {
        let Some(kept) = &mut reading.kept else {
            return Ok(None);
        };
        if kept.is_refused(&key, columns) {
            return Ok(None);
        }
        let lacking = kept.lacking(&key, columns);
        if lacking.is_empty() {
            return Ok(Some(key));
        }
        let room = Room::new(kept.room());
        let known = kept.parts(&key).to_vec();
        let (parts, batches) = read(reading, select, whole, (&lacking, &known), &room)?;
        let Some(kept) = &mut reading.kept else {
            return Ok(None);
        };
        if !room.is_exceeded() {
            kept.put(&key, parts, &lacking, batches);
        } else if !kept.make_room() {
            let rows = batches.iter().map(|(stretch, _)| stretch.rows as u64).sum();
            let about = reading.tables.estimate(select.table());
            kept.refuse(&key, columns, room.needed(rows, about));
            return Ok(None);
        }
    }
}

/// A limit of bytes, and the bytes in use.
struct Room {
    most: u64,
    used: AtomicU64,
}

impl Room {
    fn new(most: u64) -> Self {
        Self {
            most,
            used: AtomicU64::new(0),
        }
    }

    fn is_exceeded(&self) -> bool {
        self.used.load(Ordering::Relaxed) > self.most
    }

    /// Estimates the bytes that all rows will need, from what this many rows use now.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    fn needed(&self, rows: u64, of: Option<u64>) -> u64 {
        let used = self.used.load(Ordering::Relaxed);
        let times = of.map_or(1.0, |of| of as f64 / rows.max(1) as f64);
        (used as f64 * times.max(1.0)) as u64
    }
}

/// One of the threads that read.
#[derive(Clone)]
struct Filler<'f> {
    select: Select,
    columns: Vec<(usize, Making)>,
    times: InstantReader,
    rows: usize,
    size: usize,
    room: &'f Room,
}

type Batches = Vec<(Stretch, Vec<Block>)>;

/// Reads columns in the parts that are `known`, or in new parts if none are: the parts, and the batches in table order.
fn read<T: Tables>(
    reading: &mut Reading<'_, T>,
    select: &Select,
    whole: Part,
    (lacking, known): (&[KeptColumn], &[Part]),
    room: &Room,
) -> Result<(Vec<Part>, Batches), ReadError> {
    let mut own = match whole {
        // Which columns are read may affect the order of the rows.
        Part::Whole => select.clone(),
        Part::Ids { .. } => reading.select(select.table())?,
    };
    let columns = lacking.iter().map(|column| {
        let place = own.column(column.name()).map_err(ReadError::Table)?;
        Ok((place, column.making()))
    });
    let columns = columns.collect::<Result<_, ReadError>>()?;
    let filler = Filler {
        select: own,
        columns,
        times: reading.times.clone(),
        rows: 0,
        size: reading.tuning.batch,
        room,
    };
    let shares = match known {
        [] => reading.shares(whole),
        known => Shares::of(known),
    };
    let progress = reading.progress(select.table(), reading.tables.estimate(select.table()));
    progress.begin()?;
    let (shared, telling) = (&shares, &progress);
    let others = reading.others.iter().take(reading.threads(whole) - 1);
    let others = others.map(|tables| {
        let filler = filler.clone();
        move || {
            let tables = tables.lock().unwrap_or_else(PoisonError::into_inner);
            filler.work(&*tables, shared, telling)
        }
    });
    let others = others.collect();
    let mine = || filler.clone().work(reading.tables, shared, telling);
    let (mut batches, others) = together(mine, others)?;
    batches.extend(others.into_iter().flatten());
    batches.sort_by_key(|(stretch, _)| stretch.first);
    progress.end()?;
    Ok((shares.into_parts(), batches))
}

impl Filler<'_> {
    /// Reads parts until none is left, or there is no room for more.
    fn work<T: Tables>(
        mut self,
        tables: &T,
        shares: &Shares,
        progress: &Progress<'_>,
    ) -> Result<Batches, ReadError> {
        let _hold = shares.hold();
        let mut batches = Batches::new();
        while !self.room.is_exceeded()
            && let Some(part) = shares.next()
        {
            self.read(tables, part, &mut batches, (shares, progress))?;
        }
        Ok(batches)
    }

    fn read<T: Tables>(
        &mut self,
        tables: &T,
        part: Part,
        batches: &mut Batches,
        (shares, progress): (&Shares, &Progress<'_>),
    ) -> Result<(), ReadError> {
        let mut position = part.first();
        let select = self.select.clone();
        tables.read(&select, part, |row| {
            self.rows += 1;
            for (place, making) in &mut self.columns {
                making.push(row.cell(*place), &mut self.times);
            }
            if self.rows < self.size {
                return Ok(ControlFlow::Continue(()));
            }
            batches.extend(self.pack(&mut position));
            progress.add(self.size as u64)?;
            let is_done = self.room.is_exceeded() || shares.leave(part, || row.id());
            Ok(match is_done {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            })
        })?;
        progress.add(self.rows as u64)?;
        batches.extend(self.pack(&mut position));
        Ok(())
    }

    fn pack(&mut self, position: &mut i64) -> Option<(Stretch, Vec<Block>)> {
        let stretch = Stretch {
            first: *position,
            rows: std::mem::take(&mut self.rows),
        };
        if stretch.rows == 0 {
            return None;
        }
        *position = position.saturating_add_unsigned(stretch.rows as u64);
        let blocks = self.columns.iter_mut().map(|(_, making)| making.pack());
        let blocks: Vec<Block> = blocks.collect();
        let bytes: u64 = blocks.iter().map(Block::bytes).sum();
        let bytes = bytes + size_of::<Stretch>() as u64;
        self.room.used.fetch_add(bytes, Ordering::Relaxed);
        Some((stretch, blocks))
    }
}
