//! Several connections that see one state of a file.
//!
//! Nothing is written to make them agree. A connection outside any transaction watches: if its `data_version` is the
//! same before the first and after the last of the others has begun to read, nothing was committed in between. With a
//! rollback journal, the first reader blocks all commits. A further reader is then refused if a writer is already
//! waiting for the first to end.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Error, ErrorCode, Result};

use super::open::{begun, check, database_error, open};
use super::sentinel::FileSentinel;
use crate::connector::Sentinel;
use crate::engine::EngineError;

/// How often to try for a moment in which nobody commits.
const TRIES: u32 = 5;

/// Connections that see the same state, each in a read transaction.
pub(super) struct Pinned {
    pub(super) first: Connection,
    /// As many as were requested, or none.
    pub(super) others: Vec<Connection>,
}

/// Pins a state with `further` additional connections. Pins it without them where the file has fewer than `least`
/// bytes, or where they cannot be opened.
///
/// # Errors
/// The file cannot be opened or read.
pub(super) fn pin(
    path: &Path,
    patience: Duration,
    further: usize,
    least: u64,
) -> std::result::Result<Pinned, EngineError> {
    let tries = if further > 0 { TRIES } else { 0 };
    for _ in 0..tries {
        check(path)?;
        let mut watching = match watch(path, patience, least) {
            Ok(Some(watching)) => watching,
            Err(error) if is_busy(&error) => return Err(database_error(path, &error)),
            Ok(None) | Err(_) => break,
        };
        let state = watching.state();
        let Ok(first) = begun(path, patience) else {
            break;
        };
        // Do not wait: the holder of a lock may be waiting for our own first connection.
        let others = (0..further).map(|_| begun(path, Duration::ZERO));
        let Ok(others) = others.collect::<Result<Vec<_>>>() else {
            continue;
        };
        if state.is_some() && watching.state() == state {
            return Ok(Pinned { first, others });
        }
    }
    // This reveals what is wrong with the file.
    Ok(Pinned {
        first: open(path, patience)?,
        others: Vec::new(),
    })
}

fn is_busy(error: &Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Watches a file that has at least `least` bytes.
fn watch(path: &Path, patience: Duration, least: u64) -> Result<Option<FileSentinel>> {
    let sentinel = FileSentinel::new(path, patience)?;
    Ok((sentinel.bytes()? >= least).then_some(sentinel))
}
