//! Our tables in a file: which there are, and how they are made and brought up to date.

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};

/// Where the migrations that a file has seen stand: the default name may be the owner's own.
const MIGRATIONS: &str = "muster_migrations";

/// Begins to write. Immediately, because a read lock that is raised later does not wait for other writers.
pub(super) async fn begin(
    connection: &mut SqliteConnection,
) -> sqlx::Result<Transaction<'_, Sqlite>> {
    connection.begin_with("begin immediate").await
}

/// The same, with our tables as this version has them.
pub(super) async fn begin_migrated(
    connection: &mut SqliteConnection,
) -> sqlx::Result<Transaction<'_, Sqlite>> {
    let mut transaction = begin(connection).await?;
    migrate(&mut transaction).await?;
    Ok(transaction)
}

/// False for a table that came with a later migration than the file has seen.
pub(super) async fn has_table(
    connection: &mut SqliteConnection,
    table: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar("select count(*) from sqlite_schema where type = 'table' and name = ?")
        .bind(table)
        .fetch_one(connection)
        .await
}

/// Makes or updates our tables.
async fn migrate(connection: &mut SqliteConnection) -> sqlx::Result<()> {
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

fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("src/store/migrations");
    migrator.dangerous_set_table_name(MIGRATIONS);
    migrator
}

pub(super) fn newest() -> i64 {
    let migrator = migrator();
    migrator.iter().map(|step| step.version).max().unwrap_or(0)
}

pub(super) async fn applied(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    if !has_table(connection, MIGRATIONS).await? {
        return Ok(0);
    }
    sqlx::query_scalar("select coalesce(max(version), 0) from muster_migrations")
        .fetch_one(connection)
        .await
}
