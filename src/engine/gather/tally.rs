//! An aggregate that is put together from values that a database has counted, or from the sums that it has made.

use super::accumulate::Accumulator;
use super::pick::Pick;
use crate::engine::Column;
use crate::ir::IrMeasure;
use crate::value::{Type, Value};

/// So many values are added at once.
const BATCH: usize = 2_048;

/// One such aggregate in the making.
pub struct Tally {
    measure: IrMeasure,
    ty: Type,
    accumulator: Accumulator,
    picks: Vec<Pick>,
    values: Vec<Value>,
}

impl Tally {
    /// For a measure over values of a type, of so many subjects; none for `first` and `last`, which no counted value tells.
    pub fn new(measure: IrMeasure, ty: Type, subjects: usize) -> Option<Self> {
        Some(Self {
            measure,
            ty,
            accumulator: Accumulator::new(measure, ty, subjects)?,
            picks: Vec::new(),
            values: Vec::new(),
        })
    }

    /// The type of the values.
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// Adds a value that so many rows of a subject have.
    pub fn add(&mut self, place: u32, value: &Value, times: u64) {
        let row = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.picks.extend((0..times).map(|_| Pick { row, place }));
        self.values.push(value.clone());
        if self.values.len() >= BATCH {
            self.flush();
        }
    }

    /// Adds a sum over so many rows of a subject: of ten-thousandths of money, or of billionths.
    pub fn add_total(&mut self, place: u32, total: i128, rows: u64) {
        self.accumulator.add_total(place, total, rows);
    }

    /// One value per subject.
    pub fn column(mut self) -> Column {
        self.flush();
        self.accumulator.column(self.measure)
    }

    fn flush(&mut self) {
        let values = Column::of_values(self.ty, std::mem::take(&mut self.values));
        self.accumulator.add(&self.picks, &values, 1);
        self.picks.clear();
    }
}
