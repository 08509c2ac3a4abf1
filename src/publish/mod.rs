//! Results on a PostgreSQL server, where analysts join them: the tables of the results file, copied after each run.
//!
//! One transaction takes what is there to what the file says, row by row: rows that are the same are not touched, so a repeat
//! changes nothing, and runs that were missed are made up for. Readers are never waited for, and never wait. The row of
//! `publication` says which run it is; a lock keeps two writers apart.

mod lines;
mod sql;
mod tables;

use futures_util::TryStreamExt;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use self::lines::Lines;
use self::sql::Target;
use self::tables::{MARKER, TABLES};
use crate::config::{Config, Server};
use crate::connector::postgres::Writing;
use crate::engine::EngineError;
use crate::store::{Store, StoreError};

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
pub async fn published_run(server: &Server) -> Result<Option<i64>, PublishError> {
    let server = server.clone();
    let asked = spawn_blocking(move || {
        let target = Target::new(&server);
        let writing = Writing::begin(&server)?;
        match is_made(&writing, &target)? {
            true => marked_run(&writing, &target),
            false => Ok(None),
        }
    });
    Ok(asked.await.map_err(|_| PublishError::Ended)??)
}

/// Takes the tables of the server to what the results file says, and gives the run that they are of; none where no run was
/// published yet, and nothing is written.
///
/// # Errors
/// The file cannot be read, or the server not written: nothing of it has changed then.
pub async fn publish(config: &Config, server: &Server) -> Result<Option<i64>, PublishError> {
    let (results, server) = (config.results_path().to_path_buf(), server.clone());
    let runtime = Handle::current();
    // Whoever writes to a server waits for it on a thread that nobody else needs.
    let written = spawn_blocking(move || {
        runtime.block_on(async {
            let target = Target::new(&server);
            let writing = Writing::begin(&server)?;
            // What is read is newer than what the writer before has read.
            writing.execute(target.lock())?;
            let Some(mut store) = Store::open_reader(&results).await? else {
                return Ok(None);
            };
            let run = runs_of(&mut store).await?.map(|runs| runs.newest);
            if let Some(run) = run {
                write(&writing, &target, &mut store, run).await?;
                writing.commit()?;
            }
            store.close().await?;
            Ok(run)
        })
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

async fn write(
    writing: &Writing,
    target: &Target,
    store: &mut Store,
    run: i64,
) -> Result<(), PublishError> {
    let key_type = match store.has_text_keys().await? {
        true => "text",
        false => "bigint",
    };
    if is_made(writing, target)? {
        let there = writing.execute(target.key_type())?;
        if key_type == "text" && there.as_deref() == Some("bigint") {
            return Err(PublishError::Keys(target.drop_all()));
        }
    } else {
        let has_schema = writing.execute(target.has_schema())?.is_some();
        writing.execute(target.create(has_schema, key_type))?;
    }
    for table in &TABLES {
        writing.execute(target.stage(table))?;
        let staged = sql::staged(table);
        let mut lines = Lines::default();
        let mut rows = store.cells(table.source, &table.names());
        while let Some(row) = rows.try_next().await? {
            if let Some(full) = lines.add(&row) {
                writing.fill(&staged, full)?;
            }
        }
        drop(rows);
        writing.fill(&staged, lines.rest())?;
        writing.execute(target.merge(table))?;
    }
    if marked_run(writing, target)? != Some(run) {
        writing.execute(target.mark(run))?;
    }
    Ok(())
}

fn is_made(writing: &Writing, target: &Target) -> Result<bool, EngineError> {
    let found = writing.execute(target.find(MARKER))?;
    Ok(found.is_some())
}

fn marked_run(writing: &Writing, target: &Target) -> Result<Option<i64>, EngineError> {
    let run = writing.execute(target.marked())?;
    Ok(run.and_then(|run| run.parse().ok()))
}
