//! Detects changes to a file without a transaction.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Result};

use super::open::connect;
use crate::connector::Sentinel;

/// A connection outside any transaction, which sees every commit of others. In WAL mode, SQLite holds a shared lock
/// on the file while it is open: others can read, write and run checkpoints, but cannot leave that mode.
#[derive(Debug)]
pub(super) struct FileSentinel {
    path: PathBuf,
    connection: Connection,
    file: Option<FileState>,
    /// The last `data_version` from SQLite; the number of that state follows. SQLite's number means nothing to
    /// another connection.
    version: i64,
    state: u64,
}

impl FileSentinel {
    /// Watches a file; `patience` is how long it waits for other programs' locks.
    pub(super) fn new(path: &Path, patience: Duration) -> Result<Self> {
        let file = FileState::of(path);
        let connection = connect(path, patience)?;
        Ok(Self {
            path: path.to_path_buf(),
            version: asked(&connection, "PRAGMA data_version")?,
            connection,
            file,
            state: 0,
        })
    }

    /// The size of the database.
    pub(super) fn bytes(&self) -> Result<u64> {
        let asked = |pragma| asked(&self.connection, pragma);
        let bytes = asked("PRAGMA page_count")?.saturating_mul(asked("PRAGMA page_size")?);
        Ok(u64::try_from(bytes).unwrap_or(0))
    }

    fn look(&mut self) -> Result<()> {
        let file = FileState::of(&self.path);
        if file == self.file {
            self.connection.busy_timeout(Duration::ZERO)?;
            let version = asked(&self.connection, "PRAGMA data_version")?;
            self.state += u64::from(version != self.version);
            self.version = version;
            return Ok(());
        }
        // The file was replaced, or something wrote to it, perhaps bypassing SQLite.
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

/// The system's metadata of a file. SQLite's own number does not change when the file is overwritten by a copy with
/// as many commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileState {
    /// The device and the inode number. The connection keeps the file open, so its number cannot be reused.
    number: (u64, u64),
    bytes: u64,
    /// Seconds and nanoseconds, at the resolution of the file system's clock.
    changed: (i64, i64),
}

impl FileState {
    /// Reads the metadata of a file; none where the system does not provide it.
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let file = std::fs::metadata(path).ok()?;
        Some(Self {
            number: (file.dev(), file.ino()),
            bytes: file.len(),
            // Not `mtime`, which copying programs set back.
            changed: (file.ctime(), file.ctime_nsec()),
        })
    }

    /// Reads the metadata of a file; none where the system does not provide it. An open file cannot be replaced.
    #[cfg(not(unix))]
    fn of(path: &Path) -> Option<Self> {
        let file = std::fs::metadata(path).ok()?;
        let modified = file.modified().ok()?;
        let since = modified.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(Self {
            number: (0, 0),
            bytes: file.len(),
            changed: (
                i64::try_from(since.as_secs()).ok()?,
                since.subsec_nanos().into(),
            ),
        })
    }
}
