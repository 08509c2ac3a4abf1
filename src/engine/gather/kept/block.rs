//! One column of one batch.

use chrono_tz::Tz;

use super::cells::{Cells, Raw};
use super::codes::Integers;
use super::values::Values;
use crate::engine::gather::decode::{self, Fit};
use crate::engine::{Cell, Column};
use crate::time::InstantReader;
use crate::value::ColumnType;

/// What of a table's column is kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::engine::gather) enum KeptColumn {
    /// Its cells, as they are stored.
    Cells(String),
    /// Its cells, read as values of a type.
    Values {
        column: String,
        ty: ColumnType,
        /// Whether they are instants: midnights if the type is a date.
        is_instant: bool,
        /// The zone of times without an offset.
        zone: Tz,
    },
}

/// One column of one batch, in compact form.
#[derive(Debug)]
pub(in crate::engine::gather) struct Block(Packed);

#[derive(Debug)]
enum Packed {
    Cells(Cells),
    Values(Values),
}

/// A batch of a column while it is being read.
#[derive(Debug, Clone)]
pub(in crate::engine::gather) struct Making(Open);

#[derive(Debug, Clone)]
enum Open {
    Cells(Raw),
    Values(ColumnType, Column, Vec<Fit>),
}

impl KeptColumn {
    /// The column's name.
    pub(in crate::engine::gather) fn name(&self) -> &str {
        match self {
            Self::Cells(column) | Self::Values { column, .. } => column,
        }
    }

    /// A new batch without rows.
    pub(in crate::engine::gather) fn making(&self) -> Making {
        Making(match self {
            Self::Cells(_) => Open::Cells(Raw::default()),
            Self::Values { ty, is_instant, .. } => {
                let column = match is_instant {
                    true => Column::Instant(Vec::new()),
                    false => decode::empty(*ty),
                };
                Open::Values(*ty, column, Vec::new())
            }
        })
    }
}

impl Making {
    /// Appends a row's cell.
    #[inline]
    pub(in crate::engine::gather) fn push(&mut self, cell: Cell<'_>, times: &mut InstantReader) {
        match &mut self.0 {
            Open::Cells(raw) => raw.push(cell),
            Open::Values(ty, column, fits) => fits.push(decode::push(column, cell, *ty, times)),
        }
    }

    /// Packs the batch and clears it.
    pub(in crate::engine::gather) fn pack(&mut self) -> Block {
        Block(match &mut self.0 {
            Open::Cells(raw) => Packed::Cells(raw.pack()),
            Open::Values(_, column, fits) => {
                let packed = Values::pack(column, fits);
                decode::clear(column);
                fits.clear();
                Packed::Values(packed)
            }
        })
    }
}

impl Block {
    /// Appends the values of this many rows, and how each fits.
    pub(in crate::engine::gather) fn values(
        &self,
        rows: usize,
        column: &mut Column,
        fits: &mut Vec<Fit>,
    ) {
        if let Packed::Values(values) = &self.0 {
            values.unpack(rows, column, fits);
        }
    }

    /// Calls `each` with each of this many cells in turn.
    #[inline]
    pub(in crate::engine::gather) fn cells<'b>(&'b self, rows: usize, each: impl FnMut(Cell<'b>)) {
        if let Packed::Cells(cells) = &self.0 {
            cells.each(rows, each);
        }
    }

    /// The cells, if all of them are whole numbers.
    pub(in crate::engine::gather) fn whole_numbers(&self) -> Option<&Integers> {
        match &self.0 {
            Packed::Cells(Cells::Integers(numbers)) => numbers.are_complete().then_some(numbers),
            _ => None,
        }
    }

    /// The cell of a row.
    pub(in crate::engine::gather) fn cell(&self, row: usize) -> Cell<'_> {
        match &self.0 {
            Packed::Cells(cells) => cells.get(row),
            Packed::Values(_) => Cell::Null,
        }
    }

    /// The number of bytes in use.
    pub(in crate::engine::gather) fn bytes(&self) -> u64 {
        let further = match &self.0 {
            Packed::Cells(cells) => cells.bytes(),
            Packed::Values(values) => values.bytes(),
        };
        (size_of::<Self>() + further) as u64
    }
}
