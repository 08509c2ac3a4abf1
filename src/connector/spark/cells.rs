//! Decodes cells from the columns that a server sends.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};

use super::failure::Failure;
use crate::connector::written::{day, decimal, moment, without_zeros};
use crate::engine::{Cell, OwnedCell};

/// A cell of the current batch.
#[derive(Debug, Clone)]
enum Stored {
    Null,
    Integer(i64),
    Real(f64),
    /// A range of the batch's texts.
    Text(Range<usize>),
    /// Bytes that are not text. No rule reads their content.
    Bytes,
}

/// The current batch, column by column.
#[derive(Debug, Default)]
pub(super) struct Cells {
    columns: Vec<Vec<Stored>>,
    texts: Vec<u8>,
    rows: usize,
}

impl Cells {
    /// Decodes the cells of a batch.
    ///
    /// # Errors
    /// A column has a type that was not requested.
    pub(super) fn of(batch: &RecordBatch) -> Result<Self, Failure> {
        let mut texts = Vec::new();
        let columns = batch.columns().iter();
        let columns = columns.map(|column| {
            stored(column, &mut texts).ok_or_else(|| {
                let ty = column.data_type();
                Failure::Refused(format!("it sent a column of the type {ty}"))
            })
        });
        Ok(Self {
            columns: columns.collect::<Result<_, _>>()?,
            texts,
            rows: batch.num_rows(),
        })
    }

    /// The number of rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// A row with owned cells.
    pub(super) fn owned(&self, row: usize) -> Vec<OwnedCell> {
        let columns = 0..self.columns.len();
        columns
            .map(|column| self.cell(row, column).into())
            .collect()
    }

    /// The cell of a row in a column; NULL where there is none.
    #[inline]
    pub(super) fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let stored = self.columns.get(column).and_then(|cells| cells.get(row));
        match stored {
            None | Some(Stored::Null) => Cell::Null,
            Some(Stored::Integer(whole)) => Cell::Integer(*whole),
            Some(Stored::Real(real)) => Cell::Real(*real),
            Some(Stored::Text(range)) => Cell::Text(self.texts.get(range.clone()).unwrap_or(&[])),
            Some(Stored::Bytes) => Cell::Blob(&[]),
        }
    }
}

/// The cells of a column; none where its type cannot be decoded.
fn stored(column: &ArrayRef, texts: &mut Vec<u8>) -> Option<Vec<Stored>> {
    macro_rules! each {
        ($values:expr, $cell:expr) => {
            $values
                .iter()
                .map(|value| value.map_or(Stored::Null, $cell))
                .collect()
        };
    }
    macro_rules! written {
        ($values:expr, $write:expr) => {
            each!($values, |value| {
                let start = texts.len();
                #[allow(clippy::redundant_closure_call)]
                $write(value, &mut *texts);
                Stored::Text(start..texts.len())
            })
        };
    }
    let text = |text: &str, texts: &mut Vec<u8>| texts.extend_from_slice(text.as_bytes());
    Some(match column.data_type() {
        DataType::Null => vec![Stored::Null; column.len()],
        DataType::Boolean => each!(column.as_boolean(), |truth| Stored::Integer(truth.into())),
        DataType::Int8 => each!(column.as_primitive::<Int8Type>(), |n| Stored::Integer(
            n.into()
        )),
        DataType::Int16 => each!(column.as_primitive::<Int16Type>(), |n| Stored::Integer(
            n.into()
        )),
        DataType::Int32 => each!(column.as_primitive::<Int32Type>(), |n| Stored::Integer(
            n.into()
        )),
        DataType::Int64 => each!(column.as_primitive::<Int64Type>(), Stored::Integer),
        DataType::Float32 => each!(column.as_primitive::<Float32Type>(), short),
        DataType::Float64 => each!(column.as_primitive::<Float64Type>(), real),
        DataType::Decimal128(_, scale) => {
            let scale = i32::from(*scale);
            each!(column.as_primitive::<Decimal128Type>(), |whole| exact(
                whole, scale, texts
            ))
        }
        DataType::Utf8 => written!(column.as_string::<i32>(), text),
        DataType::LargeUtf8 => written!(column.as_string::<i64>(), text),
        DataType::Utf8View => written!(column.as_string_view(), text),
        DataType::Date32 => written!(column.as_primitive::<Date32Type>(), |days: i32, texts| day(
            days.into(),
            texts
        )),
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            // An instant carries the zone in which it is displayed, but its count is in UTC.
            let zone = if zone.is_some() { "Z" } else { "" };
            written!(
                column.as_primitive::<TimestampMicrosecondType>(),
                |at, texts| moment(0, at, zone, texts)
            )
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => (0..column.len())
            .map(|row| match column.is_null(row) {
                true => Stored::Null,
                false => Stored::Bytes,
            })
            .collect(),
        _ => return None,
    })
}

/// A four-byte float has the value of its shortest decimal form: 0.1 is 0.1.
fn short(value: f32) -> Stored {
    value.to_string().parse().map_or(Stored::Null, real)
}

/// Not-a-number becomes NULL, as in SQLite.
fn real(value: f64) -> Stored {
    match value.is_nan() {
        true => Stored::Null,
        false => Stored::Real(value),
    }
}

/// A decimal, as a float where that has the same digits, else as text.
fn exact(whole: i128, scale: i32, texts: &mut Vec<u8>) -> Stored {
    match decimal(whole.unsigned_abs(), -scale, whole < 0) {
        Some(Cell::Integer(whole)) => Stored::Integer(whole),
        Some(Cell::Real(real)) => Stored::Real(real),
        _ => {
            let start = texts.len();
            let places = usize::try_from(scale).unwrap_or(0);
            let digits = format!("{:0>width$}", whole.unsigned_abs(), width = places + 1);
            let (before, behind) = digits.split_at(digits.len() - places);
            let sign = if whole < 0 { "-" } else { "" };
            let point = if behind.is_empty() { "" } else { "." };
            let text = format!("{sign}{before}{point}{behind}");
            texts.extend_from_slice(without_zeros(&text).as_bytes());
            Stored::Text(start..texts.len())
        }
    }
}
