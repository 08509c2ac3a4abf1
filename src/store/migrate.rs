//! Our tables in a file: which exist, and how they are created and upgraded.

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};

/// The table with the applied migrations: the default name may already belong to the file's owner.
const MIGRATIONS: &str = "muster_migrations";

/// Begins a write transaction. Immediately, because upgrading a read lock later does not wait for other writers.
pub(super) async fn begin(
    connection: &mut SqliteConnection,
) -> sqlx::Result<Transaction<'_, Sqlite>> {
    connection.begin_with("begin immediate").await
}

/// The same, after bringing our tables up to date.
pub(super) async fn begin_migrated(
    connection: &mut SqliteConnection,
) -> sqlx::Result<Transaction<'_, Sqlite>> {
    let mut transaction = begin(connection).await?;
    migrate(&mut transaction).await?;
    Ok(transaction)
}

/// False for a table of a later migration than those applied to the file.
pub(super) async fn has_table(
    connection: &mut SqliteConnection,
    table: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar("select count(*) from sqlite_schema where type = 'table' and name = ?")
        .bind(table)
        .fetch_one(connection)
        .await
}

/// Creates or upgrades our tables.
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
