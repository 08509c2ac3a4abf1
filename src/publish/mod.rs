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
mod told;

pub use self::after::{after_forgetting, after_run};
pub use self::identity::{StoredRuns, stored_runs};
pub use self::standing::{Standing, standing};
pub use self::told::Done;

use std::path::Path;
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use self::identity::{Mark, Published, allowed, runs_of};
use self::parts::{Lacking, Parts, parts_of};
use self::postgres::PostgresWriter;
use self::spark::SparkWriter;
use self::tables::{Keys, TABLES, Table};
use crate::config::{Config, Destination};
use crate::connector::postgres::Stop;
use crate::engine::{EngineError, Watch};
use crate::store::{Store, StoreError};

/// So often it is begun anew where somebody else has published meanwhile.
const TRIES: u32 = 3;

/// How often whoever looks on is asked whether to stop.
const PULSE: Duration = Duration::from_millis(50);

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
    /// The server has other values than were sent.
    #[error(
        "{rows} of the rows of the table {table} are not as they were written: something there (a trigger, a rule, another type of a \
         column) changes what is written, and has to leave it alone"
    )]
    Unlike {
        /// The table, quoted.
        table: String,
        /// How many rows are otherwise.
        rows: u64,
    },
    /// The row that tells whose the tables are is gone.
    #[error(
        "`{0}` has tables of Muster's in this schema, and its table `publication` no longer tells whose they are: nothing of them was \
         touched. If they are of this file, or it is to take their place, `muster publish --take-over` writes them anew"
    )]
    Unmarked(String),
    /// The schema has tables of the same names, and nothing that tells that they are ours.
    #[error(
        "the schema has tables already ({tables}), and nothing there tells that they are Muster's: let `schema:` under `publish:` name a \
         schema that nobody else has tables in. If an earlier publication has left them, execute `{removal}`, and publish again, which \
         makes them anew; rights on them have to be granted again"
    )]
    Taken {
        /// Their names.
        tables: String,
        /// The statement that removes them.
        removal: String,
    },
    /// We were asked to stop.
    #[error("Muster was stopped before it was done")]
    Stopped,
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
    /// Tables that were gone, and were made anew.
    made: Vec<String>,
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

/// What readers of a server find.
///
/// # Errors
/// The server cannot be asked.
async fn glance(destination: &Destination) -> Result<Glance, PublishError> {
    let destination = destination.clone();
    let asked = spawn_blocking(move || match &destination {
        Destination::Postgres(server) => postgres::glance(server),
        Destination::Spark(server) => spark::published(server).map(|published| Glance {
            published,
            ..Glance::default()
        }),
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
                let writer = SparkWriter::begin(server)?;
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
        Err(PublishError::Server(EngineError::Cancelled)) => Err(PublishError::Stopped),
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
    let keys = match store.has_text_keys().await? {
        true => Keys::Texts,
        false => Keys::Numbers,
    };
    let mut there = match there {
        None => {
            writer.make(keys)?;
            There {
                keys,
                published: None,
                parts: Parts::new(),
                made: Vec::new(),
            }
        }
        Some(there) => there,
    };
    match take_over {
        // No row is taken for what it was noted to be.
        true => there
            .parts
            .values_mut()
            .for_each(|part| part.digest.clear()),
        false if there.published.is_none() && !there.parts.is_empty() => {
            return Err(PublishError::Unmarked(destination.to_string()));
        }
        false => allowed(there.published.as_ref(), (&runs, &own), destination)?,
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
    Ok(Some(Done {
        run: runs.published,
        made: there.made,
    }))
}
