//! Opening a database file.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use super::error::About;
use super::migrate::{applied, newest};
use super::{StoreError, sound};
use crate::disk::create_empty;

/// How long to wait for a lock of another program.
const PATIENCE: Duration = Duration::from_secs(5);

/// One connection to the results file.
///
/// Every method fails if the file cannot be read or written, or contains what no run can have written; a method that
/// writes has then written nothing. The docs of a method name only its further errors.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: SqliteConnection,
    pub(super) path: PathBuf,
}

impl Store {
    /// Opens results for reading; `None` if nothing was ever written there.
    ///
    /// Everything read through it is from one moment, until it is closed: a run that is published in the meantime is
    /// not seen.
    ///
    /// # Errors
    /// The file cannot be opened or read, or a newer Muster wrote it.
    pub async fn open_reader(path: &Path) -> Result<Option<Self>, StoreError> {
        // A file that may not be accessed is not the same as one that was never written.
        let there = path.try_exists();
        if !there.map_err(|error| StoreError::unseen(path, &error))? {
            return Ok(None);
        }
        StoreError::if_special(path)?;
        roll_back(path).await;
        let mut store = Self::connect(path, options(path).read_only(true)).await?;
        store.execute("begin").await?;
        if store.schema_version().await? > 0 {
            return Ok(Some(store));
        }
        let has_results = sound::has_results(&mut store.connection).await;
        if has_results.about(path)? {
            let reason = "there are results, and nothing tells which version wrote them";
            return Err(StoreError::wrong(path, reason));
        }
        Ok(None)
    }

    /// Opens results for writing. With `create`, a missing file is created: in WAL mode because it is ours, and not
    /// readable by others because it names people. An existing file keeps its settings.
    ///
    /// # Errors
    /// The file cannot be opened, or a newer Muster wrote it.
    pub async fn open_writer(path: &Path, create: bool) -> Result<Self, StoreError> {
        StoreError::if_special(path)?;
        // Deleted data is overwritten, because some clients ask to be forgotten.
        let mut options = options(path).pragma("secure_delete", "on");
        if create && made(path)? {
            options = options.journal_mode(SqliteJournalMode::Wal);
        }
        let mut store = Self::connect(path, options).await?;
        store.schema_version().await?;
        if create {
            store.relax_in_wal().await?;
        }
        Ok(store)
    }

    /// Closes the file and releases its read lock, so that others can write.
    ///
    /// # Errors
    /// The file cannot be closed properly.
    pub async fn close(self) -> Result<(), StoreError> {
        let Self { connection, path } = self;
        connection.close().await.about(&path)
    }

    /// Limits the file to a number of pages through this connection, to simulate a full disk.
    pub async fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        self.execute(format!("pragma max_page_count = {pages}"))
            .await
    }

    /// Sets how long to wait for a lock of another program, in place of the usual 5 seconds.
    pub async fn wait_for_locks(&mut self, patience: Duration) -> Result<(), StoreError> {
        let milliseconds = patience.as_millis();
        self.execute(format!("pragma busy_timeout = {milliseconds}"))
            .await
    }

    async fn execute(&mut self, sql: impl Into<String>) -> Result<(), StoreError> {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(&mut self.connection);
        done.await.map(drop).about(&self.path)
    }

    async fn connect(path: &Path, options: SqliteConnectOptions) -> Result<Self, StoreError> {
        let mut connection = options.connect().await.about(path)?;
        sound::check(&mut connection, path).await?;
        Ok(Self {
            connection,
            path: path.to_path_buf(),
        })
    }

    /// In WAL mode a crash of the machine can cost the last run, but never the file.
    async fn relax_in_wal(&mut self) -> Result<(), StoreError> {
        let mode = sqlx::query_scalar::<_, String>("pragma journal_mode")
            .fetch_one(&mut self.connection)
            .await
            .about(&self.path)?;
        if mode == "wal" {
            self.execute("pragma synchronous = normal").await?;
        }
        Ok(())
    }

    /// The newest migration applied to the file, 0 for none.
    pub(super) async fn schema_version(&mut self) -> Result<i64, StoreError> {
        let found = applied(&mut self.connection).await.about(&self.path)?;
        let known = newest();
        if found > known {
            return Err(StoreError::Newer {
                path: self.path.clone(),
                found,
                known,
            });
        }
        Ok(found)
    }
}

/// Creates an empty file, which SQLite accepts as a database, unless the file exists. Its companions (`-wal`, `-shm`)
/// get its permissions from SQLite.
fn made(path: &Path) -> Result<bool, StoreError> {
    match create_empty(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match path.exists() {
            true => Ok(false),
            // The file would be created wherever the link points.
            false => Err(StoreError::leads_nowhere(path)),
        },
        // The folder does not exist or is not accessible, which SQLite's error says as well.
        Err(_) => Ok(false),
    }
}

/// Rolls back what a killed writer left half done. A reader cannot do so, and is refused while the writer's journal
/// exists. If this process cannot write either, the next step reports it.
pub(super) async fn roll_back(path: &Path) {
    if !with_suffix(path, "-journal").exists() {
        return;
    }
    if let Ok(mut connection) = options(path).connect().await {
        // Any read of the file does this.
        let look = sqlx::raw_sql("select count(*) from sqlite_schema");
        look.execute(&mut connection).await.ok();
        connection.close().await.ok();
    }
}

/// A file that SQLite keeps beside a database.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(false)
}
