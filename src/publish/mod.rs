//! Results on a server, where analysts join them: the tables of the results file, copied after each run.
//!
//! The server keeps a digest of each part of each table that it has, so that only what it lacks is sent: a repeat changes nothing, and
//! runs that were missed are made up for. Readers see the tables of one whole run, never wait, and are never waited for; the row
//! of `publication` says which run it is.

mod after;
mod parts;
mod postgres;
mod spark;
mod standing;
mod tables;

pub use self::after::{after_forgetting, after_run};
pub use self::standing::{Standing, standing};

use std::path::Path;

use futures_util::TryStreamExt;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use self::parts::{Lacking, Parts, parts_of};
use self::postgres::PostgresWriter;
use self::spark::SparkWriter;
use self::tables::{Keys, TABLES, Table};
use crate::config::{Config, Destination};
use crate::engine::EngineError;
use crate::store::{Store, StoreError};

/// So often it is begun anew where somebody else has published meanwhile.
const TRIES: u32 = 3;

/// Why results are not on the server.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The results file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server cannot be written.
    #[error(transparent)]
    Server(#[from] EngineError),
    /// Keys have become texts since the tables were made; the statement that lets them be made anew.
    #[error(
        "keys are texts now, and the tables on the server were made for numbers: execute `{0}` there, and publish again, which makes \
         them anew; rights that were granted on them have to be granted again"
    )]
    Keys(String),
    /// Another program has written the same tables at the same time.
    #[error(
        "somebody else publishes to the same schema of `{0}` at the same time: each project needs one of its own; try again"
    )]
    Overtaken(String),
    /// A server speaks as Spark does, and cannot let a run be seen as a whole.
    #[error(
        "`{0}` keeps no list of a table's partitions, by which all tables of a run come to be seen at once: results are published to \
         Apache Spark itself, or to PostgreSQL"
    )]
    Unfit(String),
    /// The work was cut off by the end of the program.
    #[error("the program ended first")]
    Ended,
}

/// Runs of the results file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredRuns {
    /// The newest one, whatever became of it.
    pub newest: i64,
    /// The last one that was published.
    pub published: i64,
    /// Another number each time somebody has been erased from them.
    pub erased: i64,
}

/// What a server has of a project.
#[derive(Debug)]
struct There {
    keys: Keys,
    /// The run that the tables are of; none before the first.
    run: Option<i64>,
    parts: Parts,
}

/// Tables on a server that are being written. Dropped before [`Writer::finish`], readers see what they saw before.
trait Writer {
    /// What is there, as of when the writing began; none where the tables are not made yet.
    fn there(&mut self) -> Result<Option<There>, PublishError>;

    /// The statement that removes the tables.
    fn removal(&self) -> String;

    /// Makes the tables.
    fn make(&mut self, keys: Keys) -> Result<(), PublishError>;

    /// Takes a row of what a table lacks, in the order of its keys.
    fn add(&mut self, table: &'static Table, row: Vec<Option<String>>) -> Result<(), PublishError>;

    /// All that the table lacks was added.
    fn settle(
        &mut self,
        table: &'static Table,
        lacking: &Lacking,
        here: &Parts,
    ) -> Result<(), PublishError>;

    /// Lets readers see all of it at once; where everything is the same, nothing of it changes.
    fn finish(self, runs: StoredRuns, is_same: bool) -> Result<(), PublishError>;
}

/// Which runs the results file has; none before the first that was published.
///
/// # Errors
/// The file cannot be read.
pub async fn stored_runs(config: &Config) -> Result<Option<StoredRuns>, StoreError> {
    let Some(mut store) = Store::open_reader(config.results_path()).await? else {
        return Ok(None);
    };
    let runs = runs_of(&mut store).await?;
    store.close().await?;
    Ok(runs)
}

/// The newest run that the server has whole; none where nothing was ever written there.
///
/// # Errors
/// The server cannot be asked.
pub async fn published_run(destination: &Destination) -> Result<Option<i64>, PublishError> {
    let destination = destination.clone();
    let asked = spawn_blocking(move || match &destination {
        Destination::Postgres(server) => postgres::published_run(server),
        Destination::Spark(server) => spark::published_run(server),
    });
    asked.await.map_err(|_| PublishError::Ended)?
}

/// Takes the tables of the server to what the results file says, and gives the run that they are of; none where no run was
/// published yet, and nothing is written.
///
/// # Errors
/// The file cannot be read, or the server not written: nothing that its readers see has changed then.
pub async fn publish(
    config: &Config,
    destination: &Destination,
) -> Result<Option<i64>, PublishError> {
    let (results, destination) = (config.results_path().to_path_buf(), destination.clone());
    let runtime = Handle::current();
    // Whoever writes to a server waits for it on a thread that nobody else needs.
    let written = spawn_blocking(move || {
        let copied = || match &destination {
            Destination::Postgres(server) => {
                let writer = PostgresWriter::begin(server)?;
                runtime.block_on(copy(&results, writer))
            }
            Destination::Spark(server) => {
                let writer = SparkWriter::begin(server)?;
                runtime.block_on(copy(&results, writer))
            }
        };
        let mut done = copied();
        for _ in 1..TRIES {
            if !matches!(done, Err(PublishError::Overtaken(_))) {
                break;
            }
            done = copied();
        }
        done
    });
    written.await.map_err(|_| PublishError::Ended)?
}

async fn runs_of(store: &mut Store) -> Result<Option<StoredRuns>, StoreError> {
    let Some(published) = store.last_published().await? else {
        return Ok(None);
    };
    let newest = store.runs(1).await?;
    let erased = store.erasures().await?;
    Ok(newest.first().map(|newest| StoredRuns {
        newest: newest.id,
        published: published.id,
        erased,
    }))
}

/// Reads the file after the writer has begun, so that what is written is newer than what was written before.
async fn copy(results: &Path, mut writer: impl Writer) -> Result<Option<i64>, PublishError> {
    let there = writer.there()?;
    let Some(mut store) = Store::open_reader(results).await? else {
        return Ok(None);
    };
    let Some(runs) = runs_of(&mut store).await? else {
        return Ok(None);
    };
    let keys = match store.has_text_keys().await? {
        true => Keys::Texts,
        false => Keys::Numbers,
    };
    let there = match there {
        None => {
            writer.make(keys)?;
            There {
                keys,
                run: None,
                parts: Parts::new(),
            }
        }
        Some(there) => there,
    };
    if (keys, there.keys) == (Keys::Texts, Keys::Numbers) {
        return Err(PublishError::Keys(writer.removal()));
    }
    let here = parts_of(&mut store).await?;
    let mut is_same = there.run == Some(runs.newest);
    for table in &TABLES {
        let lacking = Lacking::of(table, &here, &there.parts);
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
    writer.finish(runs, is_same)?;
    Ok(Some(runs.newest))
}
