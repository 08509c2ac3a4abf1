//! A timetable that was put back from a backup: it knows less than was done.

use sqlx::{Connection, SqliteConnection};

use super::connect::migrate;
use super::text::instant;
use super::timetable::remember;
use super::{Due, DueState, KnownSchedule, Store, StoreError};

/// What stands in the rows as their reason.
pub(super) const REASON: &str = "taken for done by `muster schedule --skip-missed`";

impl Due {
    /// True where it counts as done because somebody said so: nothing was run for it.
    pub fn is_skipped_by_hand(&self) -> bool {
        self.state == DueState::Done && self.reason.as_deref() == Some(REASON)
    }
}

impl Store {
    /// Takes due times for done by an instant, in microseconds, and with them all that are owed; `known` are
    /// schedules that are new or have changed.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn take_for_done(
        &mut self,
        known: &[KnownSchedule],
        dues: &[(String, i64)],
        at: i64,
    ) -> Result<(), StoreError> {
        let taken = take_for_done(&mut self.connection, known, dues, at).await;
        taken.map_err(|error| self.error(&error))
    }
}

async fn take_for_done(
    connection: &mut SqliteConnection,
    known: &[KnownSchedule],
    dues: &[(String, i64)],
    at: i64,
) -> sqlx::Result<()> {
    let mut transaction = connection.begin_with("begin immediate").await?;
    migrate(&mut transaction).await?;
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
        .bind(REASON)
        .bind(instant(at))
        .execute(&mut *transaction)
        .await?;
    }
    sqlx::query(
        "update muster_due set state = 'done', reason = ?1, finished_at = ?2, owner = null,
             next_attempt_at = null
         where state = 'claimed' and due <= ?2",
    )
    .bind(REASON)
    .bind(instant(at))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}
