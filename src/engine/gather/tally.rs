//! An aggregate computed from what a database returns: values with their frequency, or sums.

use super::accumulate::Accumulator;
use super::pick::Pick;
use super::slots::Slots;
use crate::engine::Column;
use crate::ir::IrMeasure;
use crate::value::{Type, Value};

/// At most this many values are added at once.
const BATCH: usize = 2_048;

/// One such aggregate while values are being added.
pub struct Tally {
    measure: IrMeasure,
    ty: Type,
    made: Made,
    picks: Vec<Pick>,
    values: Vec<Value>,
}

enum Made {
    Accumulated(Accumulator),
    /// For `first` and `last`.
    Found(Slots),
}

impl Tally {
    /// For a measure over values of a type, for this many subjects.
    pub fn new(measure: IrMeasure, ty: Type, subjects: usize) -> Self {
        let accumulator = Accumulator::new(measure, ty, subjects);
        Self {
            measure,
            ty,
            made: match accumulator {
                Some(accumulator) => Made::Accumulated(accumulator),
                None => Made::Found(Slots::new(ty, subjects)),
            },
            picks: Vec::new(),
            values: Vec::new(),
        }
    }

    /// The type of the values.
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// Adds a value that this many rows of a subject have; for `first` and `last`, the value of the one row.
    pub fn add(&mut self, place: u32, value: Value, times: u64) {
        let mut times = match self.measure {
            // For distinct values, once is enough.
            IrMeasure::CountDistinct(_) => times.min(1),
            _ => times,
        };
        while times > 0 {
            let room = BATCH.saturating_sub(self.picks.len());
            let taken = usize::try_from(times).unwrap_or(room).min(room);
            let row = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
            self.picks.extend((0..taken).map(|_| Pick { row, place }));
            self.values.push(value.clone());
            if self.picks.len() >= BATCH {
                self.flush();
            }
            times -= taken as u64;
        }
    }

    /// Adds a number of rows of a subject, and the sum over them: in ten-thousandths of money, or in billionths.
    pub fn add_total(&mut self, place: u32, total: i128, rows: u64) {
        if let Made::Accumulated(accumulator) = &mut self.made {
            accumulator.add_total(place, total, rows);
        }
    }

    /// One value per subject.
    pub fn column(mut self) -> Column {
        self.flush();
        match self.made {
            Made::Accumulated(accumulator) => accumulator.column(self.measure),
            Made::Found(slots) => slots.column(),
        }
    }

    fn flush(&mut self) {
        let values = Column::of_values(self.ty, std::mem::take(&mut self.values));
        match &mut self.made {
            Made::Accumulated(accumulator) => accumulator.add(&self.picks, &values, 1),
            Made::Found(slots) => slots.put(&self.picks, &values),
        }
        self.picks.clear();
    }
}
