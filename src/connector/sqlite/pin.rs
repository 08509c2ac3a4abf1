//! Several connections that see one state of a file.
//!
//! Nothing is written to make them agree. A connection that is in no transaction watches: where its `data_version` is
//! the same before the first and after the last of the others has begun to read, nothing was committed in between.
//! With a rollback journal the first reader keeps everybody from committing; a further one may then find a writer
//! that waits for the first to end, and is refused.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Error, ErrorCode, Result};

use super::open::{begun, check, connect, database_error, open};
use crate::engine::EngineError;

/// So often it is tried to catch a moment in which nobody commits.
const TRIES: u32 = 5;

/// Connections in one read transaction each, over the same state.
pub(super) struct Pinned {
    pub(super) first: Connection,
    /// As many as were asked for, or none.
    pub(super) others: Vec<Connection>,
}

/// Pins a state with so many further connections; without them where the file has fewer than `least` bytes, or
/// where they cannot be had.
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
        let file = identity(path);
        let watching = match watch(path, patience, least) {
            Ok(Some(watching)) => watching,
            Err(error) if is_busy(&error) => return Err(database_error(path, &error)),
            Ok(None) | Err(_) => break,
        };
        let Ok(first) = begun(path, patience) else {
            break;
        };
        // Nobody is waited for: whoever holds a lock may be waiting for our own first connection.
        let others = (0..further).map(|_| begun(path, Duration::ZERO));
        let Ok(others) = others.collect::<Result<Vec<_>>>() else {
            continue;
        };
        let same = watching.is_unchanged().unwrap_or(false);
        if same && identity(path) == file {
            return Ok(Pinned { first, others });
        }
    }
    // What is wrong with the file shows here.
    Ok(Pinned {
        first: open(path, patience)?,
        others: Vec::new(),
    })
}

/// A connection that sees every commit, and what it saw first.
struct Watching {
    connection: Connection,
    version: i64,
}

/// Watches a file that has so many bytes at least.
fn watch(path: &Path, patience: Duration, least: u64) -> Result<Option<Watching>> {
    let connection = connect(path, patience)?;
    let asked = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let version = asked("PRAGMA data_version")?;
    let bytes = asked("PRAGMA page_count")?.saturating_mul(asked("PRAGMA page_size")?);
    let is_large = u64::try_from(bytes).is_ok_and(|bytes| bytes >= least);
    Ok(is_large.then_some(Watching {
        connection,
        version,
    }))
}

fn is_busy(error: &Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

impl Watching {
    /// Waits for nobody, either.
    fn is_unchanged(&self) -> Result<bool> {
        self.connection.busy_timeout(Duration::ZERO)?;
        let version: i64 = self
            .connection
            .query_row("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(version == self.version)
    }
}

/// What tells a file from another one that has been put in its place; none where the system does not say.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let file = std::fs::metadata(path).ok()?;
    Some((file.dev(), file.ino()))
}

/// An open file cannot be replaced.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}
