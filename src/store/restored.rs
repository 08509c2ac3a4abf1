//! A timetable restored from a backup, which is older than the work that was done.

use sqlx::SqliteConnection;

use super::due::BY_HAND;
use super::error::About;
use super::migrate::begin_migrated;
use super::text::instant;
use super::timetable::remember;
use super::{KnownSchedule, Store, StoreError};

impl Store {
    /// Marks due times as done at an instant, in microseconds, and with them all that are outstanding; `known` has the
    /// schedules that are new or have changed.
    pub async fn take_for_done(
        &mut self,
        known: &[KnownSchedule],
        dues: &[(String, i64)],
        at: i64,
    ) -> Result<(), StoreError> {
        take_for_done(&mut self.connection, known, dues, at)
            .await
            .about(&self.path)
    }
}

async fn take_for_done(
    connection: &mut SqliteConnection,
    known: &[KnownSchedule],
    dues: &[(String, i64)],
    at: i64,
) -> sqlx::Result<()> {
    let mut transaction = begin_migrated(connection).await?;
    remember(&mut transaction, known).await?;
    for (schedule, due) in dues {
        sqlx::query(
            "insert into muster_due (schedule, due, state, reason, claimed_at, finished_at)
             values (?1, ?2, 'done', ?3, ?4, ?4)
             on conflict do update set state = 'done', reason = ?3, finished_at = ?4, owner = null,
                 next_attempt_at = null
             where state <> 'done'",
        )
        .bind(schedule)
        .bind(instant(*due))
        .bind(BY_HAND)
        .bind(instant(at))
        .execute(&mut *transaction)
        .await?;
    }
    sqlx::query(
        "update muster_due set state = 'done', reason = ?1, finished_at = ?2, owner = null,
             next_attempt_at = null
         where state = 'claimed' and due <= ?2",
    )
    .bind(BY_HAND)
    .bind(instant(at))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}
