//! One process at a time delivers from an outbox. The system itself lets go of the lock when its holder
//! dies, however it dies: so its holder knows that nobody is sending what stands as `sending`.

use std::fs::{File, OpenOptions, TryLockError, symlink_metadata};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::MailError;
use crate::disk::create_empty;

/// How often somebody else's lock is tried.
const PAUSE: Duration = Duration::from_millis(50);

/// The right to deliver, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the right; none where another process keeps it for so long, or on the stop signal.
    pub(super) async fn wait(
        results: &Path,
        patience: Duration,
        stop: &CancellationToken,
    ) -> Result<Option<Self>, MailError> {
        let path = beside(results);
        let file = open(&path).map_err(|error| MailError::lock(&path, &error))?;
        let until = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self { _file: file })),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(MailError::lock(&path, &error)),
            }
            if stop.is_cancelled() || Instant::now() >= until {
                return Ok(None);
            }
            sleep(PAUSE).await;
        }
    }
}

/// Opens the file, and makes it where it is not there. A link is not followed: a file could be made elsewhere.
fn open(path: &Path) -> std::io::Result<File> {
    match symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => match create_empty(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            created => return created,
        },
        Err(error) => return Err(error),
        Ok(meta) if meta.is_file() => {}
        Ok(_) => {
            return Err(Error::other(
                "it is a link, or not a file at all; delete it, and it is made again",
            ));
        }
    }
    // Who may not write the file may lock it all the same.
    let writable = OpenOptions::new().write(true).open(path);
    writable.or_else(|_| File::open(path))
}

/// SQLite's own lock on the database would be lost with any other handle on the same file that is
/// closed, so that this is a file of its own.
fn beside(results: &Path) -> PathBuf {
    let mut name = results.as_os_str().to_owned();
    name.push("-mail-lock");
    PathBuf::from(name)
}
