//! Decodes the batches that a server sends in Arrow's format.

use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use spark_connect_proto::execute_plan_response::ArrowBatch;

use super::failure::Failure;

/// The batches of one answer. The answer states how many rows they have.
pub(super) fn batches_of(sent: &ArrowBatch) -> Result<Vec<RecordBatch>, Failure> {
    let broken = |error: &dyn std::fmt::Display| {
        Failure::Lost(format!("it sent rows that cannot be read: {error}"))
    };
    let reader = StreamReader::try_new(Cursor::new(&sent.data), None);
    let batches = reader.map_err(|error| broken(&error))?;
    let batches: Result<Vec<RecordBatch>, _> = batches.collect();
    let batches = batches.map_err(|error| broken(&error))?;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    match i64::try_from(rows) == Ok(sent.row_count) {
        true => Ok(batches),
        false => {
            let said = sent.row_count;
            Err(broken(&format!("{rows} instead of {said}")))
        }
    }
}
