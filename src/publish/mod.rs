//! Results on a server, where analysts join them: the tables of the results file, copied after each run.
//!
//! The server keeps a digest of each part of each table that it has, so that only what it lacks is sent: a repeat changes nothing, and
//! runs that were missed are made up for. Readers see the tables of one whole run, never wait, and are never waited for; the row
//! of `publication` says which run it is.

mod after;
mod identity;
mod parts;
mod postgres;
mod spark;
mod standing;
mod tables;

pub use self::after::{after_forgetting, after_run};
pub use self::identity::{StoredRuns, stored_runs};
pub use self::standing::{Standing, standing};

use std::path::Path;

use futures_util::TryStreamExt;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use self::identity::{Mark, Published, allowed, runs_of};
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
    /// Another results file has published there.
    #[error(
        "`{server}` has the results of another file in this schema (run {run}), and nothing of them was touched: each project needs a \
         schema of its own (`schema:` under `publish:`). If this file is to take the place of that one, `muster publish --take-over` \
         writes over what is there"
    )]
    OtherFile {
        /// Which server.
        server: String,
        /// The run that it has.
        run: i64,
    },
    /// Another copy of this file has published there since this one did.
    #[error(
        "`{server}` has run {run} of another copy of this results file, which has published since, and nothing of it was touched: each \
         copy needs a schema of its own (`schema:` under `publish:`). If this one is to go on, such as a backup that was restored, \
         `muster publish --take-over` writes over what is there; forget again who was forgotten since the backup"
    )]
    OtherCopy {
        /// Which server.
        server: String,
        /// The run that it has.
        run: i64,
    },
    /// A later state of this file, or of a copy of it, has published there.
    #[error(
        "`{server}` has run {there}, and this results file ends with run {here}: the file is an older state or a copy, and nothing on the \
         server was touched. If this file is to go on, `muster publish --take-over` writes over what is there; forget again who was \
         forgotten since"
    )]
    Older {
        /// Which server.
        server: String,
        /// The run that the server has.
        there: i64,
        /// The newest run of the file.
        here: i64,
    },
    /// A table is not as it was made.
    #[error(
        "the table {table} there has no column `{column}` any more: execute `{removal}`, and publish again, which makes it anew; views \
         that read it go first and have to be made again, and rights on it granted again"
    )]
    Altered {
        /// The table, quoted.
        table: String,
        /// What it lacks.
        column: &'static str,
        /// The statement that removes it.
        removal: String,
    },
    /// The server has other rows than were sent.
    #[error(
        "the table {table} has {there} rows after {sent} were written: something there (a trigger, a rule, a policy, another program) \
         changes what is written, and has to leave it alone"
    )]
    Changed {
        /// The table, quoted.
        table: String,
        /// How many rows there are.
        there: u64,
        /// How many there should be.
        sent: u64,
    },
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

/// What a server has.
#[derive(Debug)]
struct There {
    keys: Keys,
    /// What the tables are of; none before the first run, and where nobody can tell.
    published: Option<Published>,
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

    /// Lets readers see all of it at once, marked so; without a mark everything is the same, and nothing of it changes.
    fn finish(self, mark: Option<Mark>) -> Result<(), PublishError>;
}

/// What the server has whole; none where nothing was ever written there.
///
/// # Errors
/// The server cannot be asked.
async fn published(destination: &Destination) -> Result<Option<Published>, PublishError> {
    let destination = destination.clone();
    let asked = spawn_blocking(move || match &destination {
        Destination::Postgres(server) => postgres::published(server),
        Destination::Spark(server) => spark::published(server),
    });
    asked.await.map_err(|_| PublishError::Ended)?
}

/// Takes the tables of the server to what the results file says, and gives the run that they are of; none where no run was
/// published yet, and nothing is written. What another results file has published there is written over only to `take_over`.
///
/// # Errors
/// The file cannot be read, the server not written, or it has the results of another file: nothing that its readers see has changed
/// then.
pub async fn publish(
    config: &Config,
    destination: &Destination,
    take_over: bool,
) -> Result<Option<i64>, PublishError> {
    let (results, destination) = (config.results_path().to_path_buf(), destination.clone());
    let runtime = Handle::current();
    // Whoever writes to a server waits for it on a thread that nobody else needs.
    let written = spawn_blocking(move || {
        let copied = || match &destination {
            Destination::Postgres(server) => {
                let writer = PostgresWriter::begin(server)?;
                runtime.block_on(copy(&results, writer, &destination, take_over))
            }
            Destination::Spark(server) => {
                let writer = SparkWriter::begin(server)?;
                runtime.block_on(copy(&results, writer, &destination, take_over))
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

/// Reads the file after the writer has begun, so that what is written is newer than what was written before.
async fn copy(
    results: &Path,
    mut writer: impl Writer,
    destination: &Destination,
    take_over: bool,
) -> Result<Option<i64>, PublishError> {
    let there = writer.there()?;
    let Some(mut store) = Store::open_current(results).await? else {
        return Ok(None);
    };
    let Some(runs) = runs_of(&mut store).await? else {
        return Ok(None);
    };
    let own = store.publications().await?;
    let keys = match store.has_text_keys().await? {
        true => Keys::Texts,
        false => Keys::Numbers,
    };
    let there = match there {
        None => {
            writer.make(keys)?;
            There {
                keys,
                published: None,
                parts: Parts::new(),
            }
        }
        Some(there) => there,
    };
    if !take_over {
        allowed(there.published.as_ref(), (&runs, &own), destination)?;
    }
    if (keys, there.keys) == (Keys::Texts, Keys::Numbers) {
        return Err(PublishError::Keys(writer.removal()));
    }
    let published = there.published.filter(|published| published.is_own(&own));
    let known = published
        .as_ref()
        .filter(|published| published.has_history_of(&runs));
    let here = parts_of(&mut store, known.map(|_| &there.parts)).await?;
    let mut is_same = published
        .as_ref()
        .is_some_and(|published| published.is_of(&runs));
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
    let mut mark = None;
    if !is_same {
        let found = published.and_then(|published| published.token);
        let mut store = Store::open_writer(results, false).await?;
        let token = store.begin_publication(found.as_deref()).await?;
        store.close().await?;
        mark = Some(Mark { runs, token });
    }
    writer.finish(mark)?;
    Ok(Some(runs.published))
}
