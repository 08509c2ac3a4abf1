//! Reads rows on a separate thread: parsing a file and using its rows cost about the same.

use std::panic::resume_unwind;
use std::sync::mpsc::{channel, sync_channel};
use std::thread;

use csv::ByteRecord;

use super::ImportError;
use super::notes::Notes;
use super::rows::{Row, Rows, Take};

/// A batch is handed over once it holds this many rows or this many bytes.
const MOST_ROWS: usize = 512;
const MOST_BYTES: usize = 256 * 1024;
/// A row up to this many bytes keeps its memory for reuse.
const KEPT_BYTES: usize = 4 * 1024;
/// The most batches that may wait in the channel.
const WAITING: usize = 4;

/// An owned copy of a row.
#[derive(Default)]
struct Copied {
    number: u64,
    place: u64,
    cells: ByteRecord,
    numbers: Vec<bool>,
}

/// A batch of rows that are handed over together.
#[derive(Default)]
struct Lot {
    /// The rows in use come first. The others are left over from earlier use, and their memory is reused.
    rows: Vec<Copied>,
    used: usize,
    bytes: usize,
}

/// Does what [`Rows::read`] does, but reads on another thread and calls `take` on this one.
///
/// # Errors
/// The rows cannot be read, or `take` refused one of them.
pub(super) fn read_ahead(rows: &dyn Rows, take: Take<'_>) -> Result<Notes, ImportError> {
    let (filled, to_use) = sync_channel::<Lot>(WAITING);
    let (used, to_fill) = channel::<Lot>();
    thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let mut lot = Lot::default();
            let notes = rows.read(&mut |row: Row<'_>| {
                lot.push(&row);
                if lot.used < MOST_ROWS && lot.bytes < MOST_BYTES {
                    return Ok(true);
                }
                let next = to_fill.try_recv().unwrap_or_default();
                // Once a row is refused, the receiver is gone.
                Ok(filled.send(std::mem::replace(&mut lot, next)).is_ok())
            });
            let _ = filled.send(lot);
            notes
        });
        for mut lot in to_use {
            for row in lot.rows.iter().take(lot.used) {
                if !take(row.row())? {
                    return Ok(Notes::default());
                }
            }
            lot.empty();
            let _ = used.send(lot);
        }
        reading.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

impl Lot {
    /// Makes the row ready for reuse. Frees the memory of a large row; otherwise every slot would grow to the size of the largest row.
    fn empty(&mut self) {
        for copied in self.rows.iter_mut().take(self.used) {
            if copied.cells.as_slice().len() > KEPT_BYTES {
                *copied = Copied::default();
            }
        }
        self.used = 0;
        self.bytes = 0;
    }

    fn push(&mut self, row: &Row<'_>) {
        if self.rows.len() == self.used {
            self.rows.push(Copied::default());
        }
        if let Some(copied) = self.rows.get_mut(self.used) {
            copied.take(row);
        }
        self.used += 1;
        self.bytes += row.cells.as_slice().len();
    }
}

impl Copied {
    fn take(&mut self, row: &Row<'_>) {
        self.number = row.number;
        self.place = row.place;
        self.cells.clear();
        self.cells.extend(row.cells);
        self.numbers.clear();
        self.numbers.extend(row.numbers);
    }

    fn row(&self) -> Row<'_> {
        Row {
            number: self.number,
            place: self.place,
            cells: &self.cells,
            numbers: &self.numbers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_large_row_took_is_given_back() {
        let mut lot = Lot::default();
        for bytes in [100, KEPT_BYTES + 1] {
            lot.push(&Row {
                number: 0,
                place: 1,
                cells: &ByteRecord::from(vec!["x".repeat(bytes)]),
                numbers: &[],
            });
        }
        lot.empty();
        let kept = lot.rows.iter().map(|copied| copied.cells.as_slice().len());
        assert_eq!(kept.collect::<Vec<_>>(), [100, 0]);
    }

    /// This many rows of one cell, which holds the row's number.
    struct Numbers(u64);

    impl Rows for Numbers {
        fn read(&self, take: Take<'_>) -> Result<Notes, ImportError> {
            for number in 0..self.0 {
                let cells = ByteRecord::from(vec![number.to_string()]);
                let row = Row {
                    number,
                    place: number + 1,
                    cells: &cells,
                    numbers: &[],
                };
                if !take(row)? {
                    return Ok(Notes::default());
                }
            }
            Err(ImportError::World("the end".to_owned()))
        }
    }

    #[test]
    fn every_row_comes_once_in_order_and_then_what_ends_the_reading() {
        let mut seen = Vec::new();
        let read = read_ahead(&Numbers(5_000), &mut |row: Row<'_>| {
            assert_eq!(row.cells.get(0), Some(row.number.to_string().as_bytes()));
            assert_eq!(row.place, row.number + 1);
            seen.push(row.number);
            Ok(true)
        });
        assert_eq!(seen, (0..5_000).collect::<Vec<_>>());
        assert!(matches!(read, Err(error) if error.to_string() == "the end"));
    }

    #[test]
    fn a_row_that_is_refused_ends_the_reading_with_its_own_error() {
        let mut seen = 0;
        let read = read_ahead(&Numbers(u64::MAX), &mut |row: Row<'_>| {
            seen += 1;
            match row.number < 3_000 {
                true => Ok(true),
                false => Err(ImportError::Cancelled),
            }
        });
        assert!(matches!(read, Err(ImportError::Cancelled)));
        assert_eq!(seen, 3_001);
    }
}
