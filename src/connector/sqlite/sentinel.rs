//! Whether a file has changed, without a transaction.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Result};

use super::open::connect;
use crate::connector::Sentinel;

/// A connection in no transaction, which sees every commit of others. In WAL mode SQLite holds a shared lock on the file as long
/// as it is open: others read, write and run checkpoints, but cannot leave that mode.
#[derive(Debug)]
pub(super) struct FileSentinel {
    path: PathBuf,
    connection: Connection,
    file: Option<FileState>,
    /// What SQLite said last, and the number of that state. SQLite's own number means nothing to another connection.
    version: i64,
    state: u64,
}

impl FileSentinel {
    /// Of a file; waits so long for the locks of other programs.
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

    /// How large the database is.
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
        // Another file has been put in its place, or somebody has written to it, perhaps past SQLite.
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

/// What the system says about a file. SQLite's own number does not tell when the file is overwritten by a copy that
/// has seen as many commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileState {
    /// The device, and the file's number there. The connection holds the file, so that no other one is given its number.
    number: (u64, u64),
    bytes: u64,
    /// Seconds and nanoseconds, as finely as the file system's clock runs.
    changed: (i64, i64),
}

impl FileState {
    /// Of a file; none where the system does not say.
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let file = std::fs::metadata(path).ok()?;
        Some(Self {
            number: (file.dev(), file.ino()),
            bytes: file.len(),
            // Not `mtime`, which programs that copy files set back.
            changed: (file.ctime(), file.ctime_nsec()),
        })
    }

    /// Of a file; none where the system does not say. An open file cannot be replaced.
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
