//! The cost of looking ahead one more day, in steps of a nanosecond or two of a processor each.

use std::collections::BTreeMap;

use crate::engine::TooLarge;
use crate::ir::{Ir, IrMeasure, Op, TableScan};

/// The cost of a row that is read from the database instead of memory.
const STEPS_OF_READING: u64 = 250;
/// The cost per subject where all of them are sorted or compared.
const STEPS_OF_A_PLACE: u64 = 32;

/// The amount of data to evaluate on each day.
#[derive(Debug, Clone, Copy)]
pub struct Size<'a> {
    /// The number of rows of each table.
    pub rows: &'a BTreeMap<String, u64>,
    /// The number of subjects.
    pub subjects: usize,
}

/// The steps of a day, over all rows and all subjects; tables in `read_anew` do not fit into memory.
pub(super) fn steps_of_a_day(ir: &Ir, size: Size<'_>, read_anew: &[TooLarge]) -> u64 {
    let of_rows = ir.scans.iter().map(|scan| {
        let rows = size.rows.get(&scan.table).copied().unwrap_or(0);
        let reading = match read_anew.iter().any(|large| large.table == scan.table) {
            true => STEPS_OF_READING,
            false => 1,
        };
        rows.saturating_mul(reading + steps_of_a_row(ir, scan))
    });
    let of_nodes = ir.program.nodes.iter().map(|node| match node.op {
        Op::Population { .. } => STEPS_OF_A_PLACE,
        _ => 1,
    });
    let of_subjects = of_nodes.sum::<u64>().saturating_mul(size.subjects as u64);
    of_rows.fold(of_subjects, u64::saturating_add)
}

/// The steps of a row: a few if it is added to a number, more if values are kept.
fn steps_of_a_row(ir: &Ir, scan: &TableScan) -> u64 {
    let selections = scan.collections.iter().flat_map(|of| &of.selections);
    let measures = selections.flat_map(|selection| &selection.measures);
    let measures = measures.filter_map(|id| ir.aggregates.get(*id));
    let steps = measures.map(|aggregate| match aggregate.measure {
        IrMeasure::Count
        | IrMeasure::Exists
        | IrMeasure::Sum(_)
        | IrMeasure::Avg(_)
        | IrMeasure::Min(_)
        | IrMeasure::Max(_) => 4,
        IrMeasure::First(_) | IrMeasure::Last(_) => 8,
        IrMeasure::CountDistinct(_)
        | IrMeasure::Quantile(..)
        | IrMeasure::Stddev(_)
        | IrMeasure::Values(_) => 32,
    });
    steps.sum()
}
