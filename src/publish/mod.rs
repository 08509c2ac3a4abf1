//! Results on a server, where analysts join them: the tables of the results file, copied after each run.
//!
//! The server keeps a digest of each part of each table that it has, so that only what it lacks is sent: a repeat changes nothing, and
//! runs that were missed are made up for. Readers see the tables of one whole run, never wait, and are never waited for; the row
//! of `publication` says which run it is.

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

/// So often it is begun anew where somebody else has published meanwhile.
const TRIES: u32 = 3;

/// What a server has.
#[derive(Debug)]
struct There {
    /// None where no table with keys is left.
    keys: Option<Keys>,
    /// What the tables are of; none before the first run, and where nobody can tell.
    published: Option<Published>,
    /// Whether there are results of which nobody can tell whose they are.
    is_unmarked: bool,
}

/// What readers of a server find, at a glance.
#[derive(Debug, Default)]
struct Glance {
    /// What the tables are of; none where nothing was ever published, and where nobody can tell.
    published: Option<Published>,
    /// Tables that are there, without anything that tells what they are of.
    is_unmarked: bool,
    /// Tables that are gone.
    gone: Vec<String>,
    /// Whether rows from before history was written anew are still to be removed.
    is_unswept: bool,
    /// What keeps the file from being published, whoever has published what is there.
    refused: Option<PublishError>,
}

/// Tables on a server that are being written. Dropped before [`Writer::finish`], readers see what they saw before.
trait Writer {
    /// What is there, as of when the writing began; none where the tables are not made yet. Nothing is changed by it.
    fn there(&mut self) -> Result<Option<There>, PublishError>;

    /// The statement that removes the tables.
    fn removal(&self) -> String;

    /// Makes the tables.
    fn make(&mut self, keys: Keys) -> Result<(), PublishError>;

    /// Makes those anew that somebody has removed, and gives their names.
    fn mend(&mut self, keys: Keys) -> Result<Vec<String>, PublishError>;

    /// The parts that the tables have.
    fn parts(&mut self) -> Result<Parts, PublishError>;

    /// Takes a row of what a table lacks, in the order of its keys.
    fn add(&mut self, table: &'static Table, row: Vec<Option<String>>) -> Result<(), PublishError>;

    /// All that the table lacks was added.
    fn settle(
        &mut self,
        table: &'static Table,
        lacking: &Lacking,
        here: &Parts,
    ) -> Result<(), PublishError>;

    /// Lets readers see all of it, marked so, where it is what is `here`; without a mark all rows are the same, and none of them
    /// changes. Tells whether readers certainly saw it at once.
    fn finish(self, mark: Option<Mark>, here: &Parts) -> Result<bool, PublishError>;
}

/// What readers of a server find, where the file has such keys.
///
/// # Errors
/// The server cannot be asked.
async fn glance(destination: &Destination, keys: Keys) -> Result<Glance, PublishError> {
    let destination = destination.clone();
    let asked = spawn_blocking(move || match &destination {
        Destination::Postgres(server) => postgres::glance(server, keys),
        Destination::Spark(server) => spark::glance(server, keys),
    });
    asked.await.map_err(|_| PublishError::Ended)?
}

/// Takes the tables of the server to what the results file says, and tells what was done; none where no run was published yet, and
/// nothing is written. What another results file has published there is written over only to `take_over`, which sends all rows anew, so
/// that values are put right that somebody has changed there. It ends once `watch` asks to stop, whatever it is waiting for.
///
/// # Errors
/// The file cannot be read, the server not written, it has the results of another file, or we are to stop: nothing that its readers
/// see has changed then.
pub async fn publish(
    config: &Config,
    destination: &Destination,
    take_over: bool,
    watch: &dyn Watch,
) -> Result<Option<Done>, PublishError> {
    let (results, destination) = (config.results_path().to_path_buf(), destination.clone());
    let (runtime, stop) = (Handle::current(), Stop::default());
    let of_writer = stop.clone();
    // Whoever writes to a server waits for it on a thread that nobody else needs.
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

/// Waits until whoever looks on asks to stop.
async fn asked_to_stop(watch: &dyn Watch) {
    while !watch.cancelled() {
        sleep(PULSE).await;
    }
}

/// Reads the file after the writer has begun, so that what is written is newer than what was written before.
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
        // No row is taken for what it was noted to be.
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

/// Refuses keys that the tables were not made for, with the statement that removes them.
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
