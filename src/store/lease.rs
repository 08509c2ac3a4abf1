//! The lease: one process at a time works on one results database.

use sqlx::SqliteConnection;

use super::error::About;
use super::migrate::{begin, begin_migrated};
use super::text::{Instant, instant};
use super::{Store, StoreError};

/// The holder of the lease: the row of `muster_lease`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct LeaseHolder {
    /// A new random id each time the lease is taken.
    pub owner: String,
    /// The host's name, for people.
    pub host: String,
    /// Identifies one boot of one machine and one process namespace there; empty if unknown.
    pub machine: String,
    /// The process number.
    pub pid: i64,
    /// When the process began, in the machine's clock ticks.
    pub process_start: i64,
    /// Its work: `manual`, `serve`, `run --due`.
    pub work: String,
    /// When it took the lease, in microseconds UTC by its clock.
    #[sqlx(try_from = "Instant")]
    pub taken_at: i64,
    /// A counter that increases while the process lives.
    pub beats: i64,
    /// When it last increased, in microseconds UTC by its clock.
    #[sqlx(try_from = "Instant")]
    pub beat_at: i64,
}

impl Store {
    /// The current holder; `None` if there is none, or never was.
    pub async fn lease(&mut self) -> Result<Option<LeaseHolder>, StoreError> {
        if !self.has_timetable().await? {
            return Ok(None);
        }
        holder(&mut self.connection).await.about(&self.path)
    }

    /// Takes the lease, from nobody or from the holder that was found dead. False if another process has taken it by
    /// now, or the holder was alive after all.
    pub async fn take_lease(
        &mut self,
        taker: &LeaseHolder,
        dead: Option<&LeaseHolder>,
    ) -> Result<bool, StoreError> {
        take(&mut self.connection, taker, dead)
            .await
            .about(&self.path)
    }

    /// Shows that the owner is alive, at an instant of its clock in microseconds. False if it no longer holds the
    /// lease.
    pub async fn beat(&mut self, owner: &str, at: i64) -> Result<bool, StoreError> {
        let beaten =
            sqlx::query("update muster_lease set beats = beats + 1, beat_at = ? where owner = ?")
                .bind(instant(at))
                .bind(owner)
                .execute(&mut self.connection)
                .await;
        beaten
            .map(|done| done.rows_affected() == 1)
            .about(&self.path)
    }

    /// Returns the lease, and releases the due times attempted under it.
    pub async fn release_lease(&mut self, owner: &str) -> Result<(), StoreError> {
        release(&mut self.connection, owner).await.about(&self.path)
    }
}

/// True if the owner still holds the lease; part of the caller's transaction.
pub(super) async fn is_held(connection: &mut SqliteConnection, owner: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select 1 from muster_lease where owner = ?)")
        .bind(owner)
        .fetch_one(connection)
        .await
}

async fn holder(connection: &mut SqliteConnection) -> sqlx::Result<Option<LeaseHolder>> {
    sqlx::query_as("select * from muster_lease")
        .fetch_optional(connection)
        .await
}

async fn take(
    connection: &mut SqliteConnection,
    taker: &LeaseHolder,
    dead: Option<&LeaseHolder>,
) -> sqlx::Result<bool> {
    let mut transaction = begin_migrated(connection).await?;
    let now = holder(&mut transaction).await?;
    let seen = |holder: &LeaseHolder| (holder.owner.clone(), holder.beats);
    if now.as_ref().map(seen) != dead.map(seen) {
        return Ok(false);
    }
    sqlx::query("insert or replace into muster_lease values (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(&taker.owner)
        .bind(&taker.host)
        .bind(&taker.machine)
        .bind(taker.pid)
        .bind(taker.process_start)
        .bind(&taker.work)
        .bind(instant(taker.taken_at))
        .bind(taker.beats)
        .bind(instant(taker.beat_at))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(true)
}

async fn release(connection: &mut SqliteConnection, owner: &str) -> sqlx::Result<()> {
    let mut transaction = begin(connection).await?;
    for sql in [
        "update muster_due set owner = null where owner = ?",
        "delete from muster_lease where owner = ?",
    ] {
        sqlx::query(sql)
            .bind(owner)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}
