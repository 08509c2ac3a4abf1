//! Whether a file has changed, without a lock on it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Result};

use super::open::connect;
use crate::connector::Sentinel;

/// A connection in no transaction, which sees every commit of others.
#[derive(Debug)]
pub(super) struct FileSentinel {
    path: PathBuf,
    connection: Connection,
    file: Option<(u64, u64)>,
    /// What SQLite said last, and the number of that state. SQLite's own number means nothing to another connection.
    version: i64,
    state: u64,
}

impl FileSentinel {
    /// Of a file; waits so long for the locks of other programs.
    pub(super) fn new(path: &Path, patience: Duration) -> Result<Self> {
        let file = identity(path);
        let connection = connect(path, patience)?;
        Ok(Self {
            path: path.to_path_buf(),
            version: asked(&connection, "PRAGMA data_version")?,
            connection,
            file,
            state: 0,
        })
    }

    /// How large the database is.
    pub(super) fn bytes(&self) -> Result<u64> {
        let asked = |pragma| asked(&self.connection, pragma);
        let bytes = asked("PRAGMA page_count")?.saturating_mul(asked("PRAGMA page_size")?);
        Ok(u64::try_from(bytes).unwrap_or(0))
    }

    fn look(&mut self) -> Result<()> {
        let file = identity(&self.path);
        if file == self.file {
            self.connection.busy_timeout(Duration::ZERO)?;
            let version = asked(&self.connection, "PRAGMA data_version")?;
            self.state += u64::from(version != self.version);
            self.version = version;
            return Ok(());
        }
        // Another file has been put in its place.
        let state = self.state + 1;
        *self = Self::new(&self.path.clone(), Duration::ZERO)?;
        self.state = state;
        Ok(())
    }
}

impl Sentinel for FileSentinel {
    fn state(&mut self) -> Option<u64> {
        self.look().ok().map(|()| self.state)
    }
}

fn asked(connection: &Connection, pragma: &str) -> Result<i64> {
    connection.query_row(pragma, [], |row| row.get(0))
}

/// What tells a file from another one that has been put in its place; none where the system does not say. The
/// connection holds the file, so that no other one is given its number.
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
