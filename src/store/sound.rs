//! Whether the content of a file can come from a run, checked before anything is read from it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::SqliteConnection;

use super::StoreError;
use super::error::About;

/// The prefix of the names of the reading threads.
const READERS: &str = "sqlx-sqlite-worker";

/// Whether one of these threads has panicked.
static PANICKED: AtomicBool = AtomicBool::new(false);

/// Makes reading threads that panic because of a file's contents print nothing: the code that waits for them reports
/// that the file is damaged.
pub fn silence_reader_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        match thread.name().is_some_and(|name| name.starts_with(READERS)) {
            true => PANICKED.store(true, Ordering::Relaxed),
            false => usual(panic),
        }
    }));
}

/// Whether a reading thread has panicked. Rows may then have been missed, and nothing that was read counts.
pub fn has_panicked() -> bool {
    PANICKED.load(Ordering::Relaxed)
}

/// Checks the schema, which is read in any case. A declaration that is not text makes the library that reads rows
/// panic, so declarations are read as bytes.
///
/// # Errors
/// The file is damaged, or cannot be read.
pub(super) async fn check(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<(), StoreError> {
    let declared: sqlx::Result<Vec<(Vec<u8>, Vec<u8>)>> = sqlx::query_as(
        "select cast(coalesce(name, '') as blob), cast(coalesce(sql, '') as blob) from sqlite_schema
         where instr(lower(cast(name as text)), 'muster_') or instr(lower(cast(sql as text)), 'muster_')",
    )
    .fetch_all(connection)
    .await;
    let declared = declared.about(path)?;
    let texts = declared.iter().flat_map(|(name, sql)| [name, sql]);
    for text in texts {
        if std::str::from_utf8(text).is_err() {
            return Err(StoreError::wrong(
                path,
                "the declaration of a table is not text",
            ));
        }
    }
    Ok(())
}

/// Whether a file without a recorded migration contains results nevertheless.
pub(super) async fn has_results(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "select count(*) > 0 from sqlite_schema where type = 'table' and lower(name) in
             ('muster_runs', 'muster_segments', 'muster_scores', 'muster_memberships')",
    )
    .fetch_one(connection)
    .await
}

/// Whether there are results without a run that published them, or runs with an impossible ending.
pub(super) async fn lacks_its_run(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "select exists (select 1 from muster_segments) or exists (
             select 1 from muster_runs
             where status not in ('published', 'partial', 'backfilled', 'held', 'failed')
         )",
    )
    .fetch_one(connection)
    .await
}
