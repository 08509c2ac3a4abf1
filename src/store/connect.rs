//! Opening a database file, and bringing its `muster_` tables up to date.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use super::{StoreError, sound};
use crate::disk::create_empty;

/// How long a lock of another program is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// One connection to the file that holds results.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: SqliteConnection,
    pub(super) path: PathBuf,
}

impl Store {
    /// Opens results for reading; none where nothing was ever written there.
    ///
    /// Everything read through it is of one moment, until it is closed: a run that is published
    /// meanwhile is not seen.
    ///
    /// # Errors
    /// The file cannot be opened or read, or a newer Muster wrote it.
    pub async fn open_reader(path: &Path) -> Result<Option<Self>, StoreError> {
        // A file that may not be looked at is not one that was never written.
        let there = path.try_exists();
        if !there.map_err(|error| StoreError::unseen(path, &error))? {
            return Ok(None);
        }
        StoreError::if_special(path)?;
        roll_back(path).await;
        let mut store = Self::connect(path, options(path).read_only(true)).await?;
        let begun = sqlx::raw_sql("begin").execute(&mut store.connection).await;
        begun.map_err(|error| store.error(&error))?;
        match store.schema_version().await? {
            0 if store.has_results().await? => Err(StoreError::wrong(
                path,
                "there are results, and nothing tells which version wrote them",
            )),
            0 => Ok(None),
            _ => Ok(Some(store)),
        }
    }

    /// Opens results for writing. With `create`, a missing file is made: in WAL mode because it is ours, and
    /// closed to others because it names people. A file that is there keeps its settings.
    ///
    /// # Errors
    /// The file cannot be opened, or a newer Muster wrote it.
    pub async fn open_writer(path: &Path, create: bool) -> Result<Self, StoreError> {
        StoreError::if_special(path)?;
        // What is deleted is overwritten: people leave, and some of them want to be forgotten.
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

    /// Closes the file; what was read of it is let go, so that others can write.
    ///
    /// # Errors
    /// The file cannot be closed in order.
    pub async fn close(self) -> Result<(), StoreError> {
        let Self { connection, path } = self;
        let closed = connection.close().await;
        closed.map_err(|error| StoreError::new(&path, &error))
    }

    /// Lets the file grow to so many pages at most, through this connection: how a full disk is
    /// rehearsed.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        let sql = format!("pragma max_page_count = {pages}");
        let limited = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut self.connection)
            .await;
        limited.map(drop).map_err(|error| self.error(&error))
    }

    /// Waits so long for a lock of another program, in place of the usual 5 seconds.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn wait_for_locks(&mut self, patience: Duration) -> Result<(), StoreError> {
        let sql = format!("pragma busy_timeout = {}", patience.as_millis());
        let set = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut self.connection)
            .await;
        set.map(drop).map_err(|error| self.error(&error))
    }

    async fn connect(path: &Path, options: SqliteConnectOptions) -> Result<Self, StoreError> {
        let connection = options.connect().await;
        let mut connection = connection.map_err(|error| StoreError::new(path, &error))?;
        sound::check(&mut connection, path).await?;
        Ok(Self {
            connection,
            path: path.to_path_buf(),
        })
    }

    async fn has_results(&mut self) -> Result<bool, StoreError> {
        let found = sound::has_results(&mut self.connection).await;
        found.map_err(|error| self.error(&error))
    }

    /// In WAL mode a crash of the machine can cost the last run, and never the file.
    async fn relax_in_wal(&mut self) -> Result<(), StoreError> {
        let mode = sqlx::query_scalar::<_, String>("pragma journal_mode")
            .fetch_one(&mut self.connection)
            .await
            .map_err(|error| self.error(&error))?;
        if mode == "wal" {
            sqlx::raw_sql("pragma synchronous = normal")
                .execute(&mut self.connection)
                .await
                .map_err(|error| self.error(&error))?;
        }
        Ok(())
    }

    /// The newest migration that the file has seen, 0 for none.
    pub(super) async fn schema_version(&mut self) -> Result<i64, StoreError> {
        let found = applied(&mut self.connection)
            .await
            .map_err(|error| self.error(&error))?;
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

    pub(super) fn error(&self, error: &sqlx::Error) -> StoreError {
        StoreError::new(&self.path, error)
    }
}

/// Makes an empty file, which is a database to SQLite, unless one is there. Its companions (`-wal`, `-shm`) get
/// its permissions from SQLite.
fn made(path: &Path) -> Result<bool, StoreError> {
    match create_empty(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match path.exists() {
            true => Ok(false),
            // A file would come to be where somebody else says.
            false => Err(StoreError::leads_nowhere(path)),
        },
        // The folder is not there or closed, which SQLite's words tell as well.
        Err(_) => Ok(false),
    }
}

/// Takes back what a writer that was killed left half done: who may only read cannot, and is refused
/// as long as its journal lies there. Who cannot write here either is told so by what follows.
pub(super) async fn roll_back(path: &Path) {
    if !with_suffix(path, "-journal").exists() {
        return;
    }
    if let Ok(mut connection) = options(path).connect().await {
        // Any look at the file does it.
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

/// Makes or updates our tables; part of the caller's transaction.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    if applied(connection).await? == newest() {
        return Ok(());
    }
    migrator()
        .run_direct(None, connection, false)
        .await
        .map_err(|error| match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error,
            other => sqlx::Error::Migrate(Box::new(other)),
        })
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(false)
}

/// Our migrations, in our own table: the default name may be the owner's own.
fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("src/store/migrations");
    migrator.dangerous_set_table_name("muster_migrations");
    migrator
}

fn newest() -> i64 {
    let migrator = migrator();
    migrator.iter().map(|step| step.version).max().unwrap_or(0)
}

async fn applied(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    let ours =
        "select count(*) from sqlite_schema where type = 'table' and name = 'muster_migrations'";
    let there: i64 = sqlx::query_scalar(ours).fetch_one(&mut *connection).await?;
    if there == 0 {
        return Ok(0);
    }
    sqlx::query_scalar("select coalesce(max(version), 0) from muster_migrations")
        .fetch_one(connection)
        .await
}
