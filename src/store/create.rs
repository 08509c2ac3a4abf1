//! A new database file from plain tables: for the demo.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, QueryBuilder, Sqlite, SqliteConnection};

use super::StoreError;
use super::connect::{roll_back, with_suffix};
use super::error::About;
use crate::engine::OwnedCell;
use crate::sql::quoted;

/// `MSTR` in ASCII: SQLite's `application_id` in files that [`create_database`] created.
const APPLICATION: i32 = 0x4d53_5452;

/// Values bound in one statement; SQLite allows 32,766.
const BINDS: usize = 8_000;

/// A table to create.
#[derive(Debug, Clone, PartialEq)]
pub struct TableData {
    pub name: String,
    /// Its `CREATE TABLE` statement; never text that a user wrote.
    pub sql: String,
    /// Its columns, in the order of the cells.
    pub columns: Vec<String>,
    /// Its rows, each as long as `columns`.
    pub rows: Vec<Vec<OwnedCell>>,
}

/// Creates a database with these tables at `path`, atomically, replacing any existing file. [`mark_of`] reads `mark`
/// back.
///
/// # Errors
/// The folder cannot be written, the disk is full, or a table does not match its statement.
pub async fn create_database(
    path: &Path,
    tables: &[TableData],
    mark: &str,
) -> Result<(), StoreError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(|error| StoreError::io(path, &error))?;
    let file = new_file(folder).map_err(|error| StoreError::io(path, &error))?;
    fill(file.path(), tables, mark).await.about(path)?;
    let synced = file.as_file().sync_all();
    synced.map_err(|error| StoreError::io(path, &error))?;
    // SQLite would replay the old file's leftovers into the new one.
    for suffix in ["-journal", "-wal", "-shm"] {
        if let Err(error) = std::fs::remove_file(with_suffix(path, suffix))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(StoreError::io(path, &error));
        }
    }
    match file.persist(path) {
        Ok(_) => Ok(()),
        Err(failed) => Err(StoreError::io(path, &failed.error)),
    }
}

/// The mark that [`create_database`] left in a file; `None` if the file is missing or was not created by it.
pub async fn mark_of(path: &Path) -> Option<String> {
    StoreError::if_special(path).ok()?;
    roll_back(path).await;
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .connect()
        .await
        .ok()?;
    let application: i32 = sqlx::query_scalar("pragma application_id")
        .fetch_one(&mut connection)
        .await
        .ok()?;
    if application != APPLICATION {
        return None;
    }
    sqlx::query_scalar("select mark from muster_file")
        .fetch_one(&mut connection)
        .await
        .ok()
}

/// A temporary file in the folder, deleted unless it is kept.
fn new_file(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".muster-").suffix(".db");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The same mode as for any results file, subject to the umask.
        builder.permissions(std::fs::Permissions::from_mode(0o640));
    }
    builder.tempfile_in(folder)
}

async fn fill(path: &Path, tables: &[TableData], mark: &str) -> sqlx::Result<()> {
    // Nobody sees the file before it is complete, so it need not survive a crash.
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false)
        .connect()
        .await?;
    let mut transaction = connection.begin().await?;
    for table in tables {
        sqlx::raw_sql(AssertSqlSafe(table.sql.clone()))
            .execute(&mut *transaction)
            .await?;
        insert(&mut transaction, table).await?;
    }
    sqlx::raw_sql("create table muster_file (mark text not null)")
        .execute(&mut *transaction)
        .await?;
    sqlx::query("insert into muster_file values (?)")
        .bind(mark)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(AssertSqlSafe(format!(
        "pragma application_id = {APPLICATION}"
    )))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    connection.close().await
}

async fn insert(connection: &mut SqliteConnection, table: &TableData) -> sqlx::Result<()> {
    let columns: Vec<String> = table.columns.iter().map(|name| quoted(name)).collect();
    let head = format!(
        "insert into {} ({}) ",
        quoted(&table.name),
        columns.join(", ")
    );
    for rows in table.rows.chunks((BINDS / columns.len().max(1)).max(1)) {
        let mut statement = QueryBuilder::<Sqlite>::new(head.as_str());
        statement.push_values(rows, |mut tuple, row| {
            for cell in row {
                match cell {
                    OwnedCell::Null => tuple.push_bind(None::<i64>),
                    OwnedCell::Integer(value) => tuple.push_bind(*value),
                    OwnedCell::Real(value) => tuple.push_bind(*value),
                    OwnedCell::Text(text) => {
                        tuple.push_bind(String::from_utf8_lossy(text).into_owned())
                    }
                    OwnedCell::Blob(bytes) => tuple.push_bind(bytes.as_ref()),
                };
            }
        });
        statement.build().execute(&mut *connection).await?;
    }
    Ok(())
}
