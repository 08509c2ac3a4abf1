//! The lock that lets one process at a time deliver from an outbox. The operating system releases it when its holder
//! dies, however it dies. So the holder knows that no other process is sending a row marked `sending`.

use std::fs::{File, OpenOptions, TryLockError, symlink_metadata};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::MailError;
use crate::disk::create_empty;

/// How often to try a lock that another process holds.
const PAUSE: Duration = Duration::from_millis(50);

/// The right to deliver, held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock; `None` if another process holds it for the whole time, or on the stop signal.
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

/// Opens the file, and creates it if it does not exist. A link is not followed, because the file could then be created
/// elsewhere.
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
    // A process that may not write the file may still lock it.
    let writable = OpenOptions::new().write(true).open(path);
    writable.or_else(|_| File::open(path))
}

/// The lock file beside the results. It is a separate file, because SQLite's own lock on the database would be lost
/// when any other handle on the same file is closed.
fn beside(results: &Path) -> PathBuf {
    let mut name = results.as_os_str().to_owned();
    name.push("-mail-lock");
    PathBuf::from(name)
}
