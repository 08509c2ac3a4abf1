//! Opens other programs' databases for reading, and explains failures.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::disk::{no_database, too_many_open, without_database};
use crate::engine::EngineError;

/// How long to wait for another program's lock.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the file read-only, in a transaction that ends with the connection, and looks at it once. That reveals
/// whatever is wrong with the file, and fixes the state that later reads see.
pub(super) fn open(path: &Path, patience: Duration) -> Result<Connection, EngineError> {
    check(path)?;
    begun(path, patience).map_err(|error| database_error(path, &error))
}

/// Checks that there is a regular file to open. Opening a pipe, for example, would block.
pub(super) fn check(path: &Path) -> Result<(), EngineError> {
    let problem = |reason: &str| EngineError::Database(format!("`{}` {reason}", path.display()));
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(problem(&format!(
                "is not there: {}",
                without_database(path)
            )));
        }
        Err(error) => return Err(problem(&format!("cannot be looked at: {error}"))),
        Ok(_) => {}
    }
    match no_database(path) {
        Err(error) => Err(problem(&format!("cannot be looked at: {error}"))),
        Ok(Some((found, kind))) => {
            let words = format!("`{}` is {kind}, not a database file", found.display());
            Err(EngineError::Database(words))
        }
        Ok(None) => Ok(()),
    }
}

/// A connection in a read transaction.
pub(super) fn begun(path: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let connection = connect(path, patience)?;
    connection.execute_batch("BEGIN")?;
    // The transaction only begins with the first read.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// A connection without a transaction.
pub(super) fn connect(path: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    Ok(connection)
}

/// An error of the file or of SQLite itself, as a message.
pub(super) fn database_error(path: &Path, error: &rusqlite::Error) -> EngineError {
    let reason = match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => return EngineError::Cancelled,
        Some(ErrorCode::NotADatabase) => "is not a SQLite database".to_string(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            let reason = format!(
                "is locked by another program ({error}): try again when that program is done"
            );
            return EngineError::Interrupted(format!("`{}` {reason}", path.display()));
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            format!(
                "is damaged, or another file was copied over it while it was read ({error}): try again, and restore \
                 it from a copy if that does not help; a program that replaces it should rename a finished file into its place"
            )
        }
        Some(ErrorCode::CannotOpen) if let Some(why) = too_many_open(path) => {
            format!("cannot be opened: {why}")
        }
        // In WAL mode, readers also write to the file `-shm`.
        Some(ErrorCode::ReadOnly) => format!(
            "cannot be opened ({error}): a database in WAL mode needs a folder that this user may write to, or the \
             files `-wal` and `-shm` that another program keeps open there; or let a program that may write \
             run `PRAGMA journal_mode = DELETE`, which also clears a journal that a stopped program left behind"
        ),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            format!("cannot be opened ({error}): this user must be able to read it and its folder")
        }
        _ => format!("cannot be read: {error}"),
    };
    EngineError::Database(format!("`{}` {reason}", path.display()))
}

/// True where an error concerns the file or the machine, rather than one table.
pub(super) fn concerns_whole_database(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        None | Some(ErrorCode::Unknown | ErrorCode::SchemaChanged | ErrorCode::TypeMismatch) => {
            false
        }
        Some(
            ErrorCode::TooBig | ErrorCode::ApiMisuse | ErrorCode::AuthorizationForStatementDenied,
        ) => false,
        Some(_) => true,
    }
}
