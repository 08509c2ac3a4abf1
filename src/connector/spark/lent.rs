//! Rows that are lent to a server, in Arrow's format.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};

use super::failure::Failure;
use crate::engine::{Cell, OwnedCell};
use crate::pushdown::{Given, Kind};

/// The maximum number of bytes lent: servers accept messages of at most 128 MiB, and also keep what was lent.
const MOST: usize = 64 * 1024 * 1024;

/// Texts as one batch with its schema.
pub(super) fn stream_of_texts(
    columns: &[&str],
    rows: &[Vec<Option<String>>],
) -> Result<Vec<u8>, ArrowError> {
    let columns = columns.iter().enumerate().map(|(place, name)| {
        let cells = rows.iter().map(|row| row.get(place)?.as_deref());
        let array: ArrayRef = Arc::new(StringArray::from_iter(cells));
        (Field::new(*name, DataType::Utf8, true), array)
    });
    stream(columns.unzip())
}

/// The rows as one batch with its schema, unless they exceed the limit.
pub(super) fn stream_of(given: &Given<'_>) -> Result<Vec<u8>, Failure> {
    let too_much = || {
        Failure::Unknown(format!(
            "the values of {} people are more than can be sent to the server at once",
            given.len()
        ))
    };
    // No cell takes fewer bytes than a number.
    if given.len() * given.columns.len() * size_of::<i64>() > MOST {
        return Err(too_much());
    }
    let stream = one_batch(given).map_err(|error| Failure::Refused(error.to_string()))?;
    match stream.len() > MOST {
        true => Err(too_much()),
        false => Ok(stream),
    }
}

fn one_batch(given: &Given<'_>) -> Result<Vec<u8>, ArrowError> {
    let rows: Vec<Vec<OwnedCell>> = given.rows().collect();
    let columns = given.columns.iter().enumerate();
    let columns = columns.map(|(place, (name, kind))| {
        let cells = rows
            .iter()
            .map(|row| row.get(place).map_or(Cell::Null, OwnedCell::lent));
        let (ty, array) = column(*kind, cells);
        (Field::new(name, ty, true), array)
    });
    stream(columns.unzip())
}

fn stream((fields, arrays): (Vec<Field>, Vec<ArrayRef>)) -> Result<Vec<u8>, ArrowError> {
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)?;
    let mut stream = StreamWriter::try_new(Vec::new(), &schema)?;
    stream.write(&batch)?;
    stream.into_inner()
}

fn column<'c>(kind: Kind, cells: impl Iterator<Item = Cell<'c>>) -> (DataType, ArrayRef) {
    match kind {
        Kind::Whole => {
            let cells = cells.map(|cell| match cell {
                Cell::Integer(whole) => Some(whole),
                _ => None,
            });
            (DataType::Int64, Arc::new(cells.collect::<Int64Array>()))
        }
        Kind::Double => {
            let cells = cells.map(|cell| match cell {
                Cell::Real(real) => Some(real),
                _ => None,
            });
            (DataType::Float64, Arc::new(cells.collect::<Float64Array>()))
        }
        Kind::Text => {
            let cells: Vec<_> = cells.map(Cell::text).collect();
            (DataType::Utf8, Arc::new(StringArray::from_iter(cells)))
        }
    }
}
