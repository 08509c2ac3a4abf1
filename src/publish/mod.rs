//! Results on a server, where analysts can join them: the tables of the results file, copied after each run.
//!
//! The server keeps a digest of each part of each of its tables, so that only missing parts are sent: a repeat changes
//! nothing, and missed runs are caught up on. Readers see the tables of one whole run, never wait, and never block the
//! writer; the row of `publication` says which run it is.

mod after;
mod error;
mod identity;
mod parts;
mod postgres;
mod spark;
mod standing;
mod tables;
mod told;

pub use self::after::{after_forgetting, after_run};
pub use self::error::PublishError;
pub use self::identity::{StoredRuns, stored_runs};
pub use self::standing::{Standing, standing};
pub use self::told::Done;

use std::path::Path;

use futures_util::TryStreamExt;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use self::identity::{Mark, Published, allowed, keys_of, runs_of};
use self::parts::{Lacking, Parts, parts_of};
use self::postgres::PostgresWriter;
use self::spark::SparkWriter;
use self::tables::{Keys, TABLES, Table};
use crate::config::{Config, Destination};
use crate::connector::{PULSE, Stop};
use crate::engine::{EngineError, Watch};
use crate::store::Store;

/// How often publishing starts over if another process has published in the meantime.
const TRIES: u32 = 3;

/// What a server has.
#[derive(Debug)]
struct There {
    /// `None` if no table with keys is left, or if the tables differ.
    keys: Option<Keys>,
    /// What the tables were published from; `None` before the first run, and if it cannot be determined.
    published: Option<Published>,
    /// Whether there are results whose owner cannot be determined.
    is_unmarked: bool,
}

/// What readers of a server find, at a glance.
#[derive(Debug, Default)]
struct Glance {
    /// What the tables were published from; `None` if nothing was ever published, and if it cannot be determined.
    published: Option<Published>,
    /// Whether there are tables without any record of what they were published from.
    is_unmarked: bool,
    /// Tables that are missing.
    gone: Vec<String>,
    /// Whether rows from before a history rewrite still have to be removed.
    is_unswept: bool,
    /// Why publishing would be refused, whoever published what is there; `None` if it would not.
    refused: Option<PublishError>,
}

/// A write to the tables of a server. If it is dropped before [`Writer::finish`], readers see what they saw before.
trait Writer {
    /// The state of the server when the write began; `None` if the tables do not exist yet. Changes nothing.
    fn there(&mut self) -> Result<Option<There>, PublishError>;

    /// The statement that removes the tables.
    fn removal(&self) -> String;

    /// Creates the tables.
    fn make(&mut self, keys: Keys) -> Result<(), PublishError>;

    /// Recreates tables that were removed, and returns their names.
    fn mend(&mut self, keys: Keys) -> Result<Vec<String>, PublishError>;

    /// The parts of the tables on the server.
    fn parts(&mut self) -> Result<Parts, PublishError>;

    /// Adds a row that a table lacks, in the order of its keys.
    fn add(&mut self, table: &'static Table, row: Vec<Option<String>>) -> Result<(), PublishError>;

    /// Completes a table: all rows that it lacks have been added.
    fn settle(
        &mut self,
        table: &'static Table,
        lacking: &Lacking,
        here: &Parts,
    ) -> Result<(), PublishError>;

    /// Makes everything visible to readers, marked with `mark`, if the server has the parts that are `here`; without a mark, all
    /// rows are unchanged. Returns whether readers certainly saw everything at once.
    fn finish(self, mark: Option<Mark>, here: &Parts) -> Result<bool, PublishError>;
}

/// What readers of a server find, and whether a file with such keys can be published there.
///
/// # Errors
/// The server cannot be queried.
async fn glance(destination: &Destination, keys: Keys) -> Result<Glance, PublishError> {
    let destination = destination.clone();
    let asked = spawn_blocking(move || match &destination {
        Destination::Postgres(server) => postgres::glance(server, keys),
        Destination::Spark(server) => spark::glance(server, keys),
    });
    asked.await.map_err(|_| PublishError::Ended)?
}

/// Brings the tables of the server up to date with the results file, and returns what was done; `None` if no run was
/// published yet, in which case nothing is written. Results of another results file are overwritten only with
/// `take_over`, which sends all rows again and so also repairs values that were changed on the server. Ends once
/// `watch` asks to stop, whatever it is waiting for.
///
/// # Errors
/// The file cannot be read, the server cannot be written, the server has the results of another file, or `watch` asked
/// to stop: readers of the server then see no change.
pub async fn publish(
    config: &Config,
    destination: &Destination,
    take_over: bool,
    watch: &dyn Watch,
) -> Result<Option<Done>, PublishError> {
    let (results, destination) = (config.results_path().to_path_buf(), destination.clone());
    let (runtime, stop) = (Handle::current(), Stop::default());
    let of_writer = stop.clone();
    // Writing waits for the server, on a thread that nothing else needs.
    let mut written = spawn_blocking(move || {
        let copied = || match &destination {
            Destination::Postgres(server) => {
                let writer = PostgresWriter::begin(server, &of_writer)?;
                runtime.block_on(copy(&results, writer, &destination, take_over))
            }
            Destination::Spark(server) => {
                let writer = SparkWriter::begin(server, &of_writer)?;
                runtime.block_on(copy(&results, writer, &destination, take_over))
            }
        };
        let mut done = copied();
        for _ in 1..TRIES {
            if of_writer.is_asked() || !matches!(done, Err(PublishError::Overtaken(_))) {
                break;
            }
            done = copied();
        }
        done
    });
    let done = tokio::select! {
        biased;
        done = &mut written => done,
        () = asked_to_stop(watch) => {
            stop.stop();
            written.await
        }
    };
    match done.map_err(|_| PublishError::Ended)? {
        Err(
            PublishError::Server(EngineError::Cancelled)
            | PublishError::Unswept(EngineError::Cancelled),
        ) => Err(PublishError::Stopped),
        done => done,
    }
}

/// Waits until the watcher asks to stop.
async fn asked_to_stop(watch: &dyn Watch) {
    while !watch.cancelled() {
        sleep(PULSE).await;
    }
}

/// Reads the file after the writer has begun, so that what is written is never older than what was written before.
async fn copy(
    results: &Path,
    mut writer: impl Writer,
    destination: &Destination,
    take_over: bool,
) -> Result<Option<Done>, PublishError> {
    let there = writer.there()?;
    let Some(mut store) = Store::open_current(results).await? else {
        return Ok(None);
    };
    let Some(runs) = runs_of(&mut store).await? else {
        return Ok(None);
    };
    let own = store.publications().await?;
    let keys = keys_of(&mut store).await?;
    let (mut published, mut parts, mut made) = (None, Parts::new(), Vec::new());
    match there {
        None => writer.make(keys)?,
        Some(there) => {
            if !take_over && there.is_unmarked {
                return Err(PublishError::Unmarked(destination.to_string()));
            }
            if !take_over {
                allowed(there.published.as_ref(), (&runs, &own), destination)?;
            }
            allows_keys(keys, there.keys, || writer.removal())?;
            published = there.published.filter(|published| published.is_own(&own));
            made = writer.mend(there.keys.unwrap_or(keys))?;
            parts = writer.parts()?;
        }
    }
    if take_over {
        // Trust no recorded digest, so that every row is sent.
        parts.values_mut().for_each(|part| part.digest.clear());
    }
    let known = published
        .as_ref()
        .filter(|published| published.has_history_of(&runs));
    let here = parts_of(&mut store, known.map(|_| &parts)).await?;
    let mut is_same = published
        .as_ref()
        .is_some_and(|published| published.is_of(&runs));
    for table in &TABLES {
        let lacking = Lacking::of(table, &here, &parts);
        if lacking.is_empty() {
            continue;
        }
        is_same = false;
        let among = table.is_history.then_some(&*lacking.sent);
        let mut rows = store.cells(table.source, &table.names(), table.keys, among);
        while let Some(row) = rows.try_next().await? {
            writer.add(table, row)?;
        }
        drop(rows);
        writer.settle(table, &lacking, &here)?;
    }
    store.close().await?;
    let mut mark = None;
    if !is_same {
        let found = published.and_then(|published| published.token);
        let mut store = Store::open_writer(results, false).await?;
        let token = store.begin_publication(found.as_deref()).await?;
        store.close().await?;
        mark = Some(Mark { runs, token });
    }
    let is_at_once = writer.finish(mark, &here)?;
    Ok(Some(Done {
        run: runs.published,
        made,
        is_at_once,
    }))
}

/// Fails if the tables were not created for the file's keys; the error has the statement that removes them.
fn allows_keys(
    here: Keys,
    there: Option<Keys>,
    removal: impl FnOnce() -> String,
) -> Result<(), PublishError> {
    match (here, there) {
        (Keys::Texts, Some(Keys::Numbers)) => Err(PublishError::Keys(removal())),
        _ => Ok(()),
    }
}
