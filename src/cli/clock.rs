//! The clock used by commands: the machine's or, for tests, an instant in a file.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::serve::WallClock;

/// The variable that names a file with the current instant, such as `2026-03-15T10:00:00Z`; the file is read each time.
/// It lets tests run real processes under a clock that they move forward and back.
const VARIABLE: &str = "MUSTER_CLOCK";
/// How often a process that waits for the file to change checks it.
const PAUSE: Duration = Duration::from_millis(20);

pub(super) fn clock() -> Arc<dyn WallClock> {
    match std::env::var_os(VARIABLE) {
        Some(path) => Arc::new(InFile {
            path: path.into(),
            last: Mutex::new(machine()),
        }),
        None => Arc::new(Machine),
    }
}

/// The given instant, if it is not the machine's clock; in microseconds UTC.
pub(super) fn given() -> Option<i64> {
    std::env::var_os(VARIABLE).map(|_| clock().now())
}

fn machine() -> i64 {
    Utc::now().timestamp_micros()
}

#[derive(Debug)]
struct Machine;

impl WallClock for Machine {
    fn now(&self) -> i64 {
        machine()
    }

    fn moved(&self, _: i64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

#[derive(Debug)]
struct InFile {
    path: PathBuf,
    /// The last value read, used while the file is being written.
    last: Mutex<i64>,
}

impl WallClock for InFile {
    fn now(&self) -> i64 {
        let text = crate::source::read(&self.path).unwrap_or_default();
        let read = DateTime::parse_from_rfc3339(text.trim());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(read) = read {
            *last = read.timestamp_micros();
        }
        *last
    }

    fn moved(&self, seen: i64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            while self.now() == seen {
                tokio::time::sleep(PAUSE).await;
            }
        })
    }
}
