//! Due times and their states.

use sqlx::SqliteConnection;

use super::due::{BY_HAND, DueState, Findings, Hold, KnownSchedule, Settled, Timetable};
use super::error::About;
use super::lease::is_held;
use super::migrate::{begin, begin_migrated};
use super::text::{instant, reason};
use super::write::insert_run;
use super::{NewRun, Run, Store, StoreError};

/// The migration that created the tables.
const MIGRATION: i64 = 4;

impl Store {
    /// Schedules and due times: for each schedule at most the `recent` newest due times, plus all that are outstanding
    /// and the newest one done.
    pub async fn timetable(&mut self, recent: u32) -> Result<Timetable, StoreError> {
        if !self.has_timetable().await? {
            return Ok(Timetable::default());
        }
        timetable(&mut self.connection, recent)
            .await
            .about(&self.path)
    }

    /// Writes the findings of a look at an instant, in microseconds, that was based on the result of
    /// [`Store::timetable`]. False, with nothing written, if the file has changed since: another process wrote in the
    /// meantime, or the file has only just appeared.
    pub async fn note(
        &mut self,
        findings: &Findings,
        looked_at: (&Timetable, u32),
        at: i64,
    ) -> Result<bool, StoreError> {
        note(&mut self.connection, findings, looked_at, at)
            .await
            .about(&self.path)
    }

    /// Begins an attempt at an outstanding due time under the lease. If an attempt was already in progress, its process
    /// died, which is counted. False if the due time is no longer outstanding, or another process holds the lease.
    pub async fn begin_due(&mut self, hold: &Hold) -> Result<bool, StoreError> {
        begin_due(&mut self.connection, hold)
            .await
            .about(&self.path)
    }

    /// Ends an attempt that published nothing, and records its run if there was one.
    ///
    /// # Errors
    /// Nothing was written. [`StoreError::TakenOver`] if another process holds the lease.
    pub async fn settle_due(
        &mut self,
        hold: &Hold,
        settled: &Settled,
        run: Option<&NewRun>,
    ) -> Result<Option<Run>, StoreError> {
        let run = settle(&mut self.connection, hold, settled, run).await;
        let run = run.about(&self.path)?;
        run.ok_or_else(|| StoreError::TakenOver(self.path.clone()))
    }

    /// False if the file was last written by a Muster version without a timetable.
    pub(super) async fn has_timetable(&mut self) -> Result<bool, StoreError> {
        Ok(self.schema_version().await? >= MIGRATION)
    }
}

/// Marks a due time as done by a run; false if the holder may not mark it. Part of the caller's transaction, so that no
/// kill can come between a run and its mark.
pub(super) async fn mark_done(
    connection: &mut SqliteConnection,
    hold: &Hold,
    run: &Run,
) -> sqlx::Result<bool> {
    let Some((schedule, due)) = &hold.due else {
        return Ok(true);
    };
    let marked = sqlx::query(
        "update muster_due set state = 'done', owner = null, run_id = ?1, finished_at = ?2,
             reason = null, next_attempt_at = null
         where schedule = ?3 and due = ?4 and state = 'claimed' and owner = ?5",
    )
    .bind(run.id)
    .bind(run.finished_at.map(instant))
    .bind(schedule)
    .bind(instant(*due))
    .bind(&hold.owner)
    .execute(connection)
    .await?;
    Ok(marked.rows_affected() == 1)
}

async fn timetable(connection: &mut SqliteConnection, recent: u32) -> sqlx::Result<Timetable> {
    let known = sqlx::query_as("select * from muster_schedules order by id")
        .fetch_all(&mut *connection)
        .await?;
    let dues = sqlx::query_as(
        "select * from (
             select *, row_number() over (partition by schedule order by due desc) as place,
                 row_number() over (partition by schedule, state, reason is ?2 order by due desc) as of_state
             from muster_due
         ) where place <= ?1 or state = 'claimed' or (state = 'done' and of_state = 1)
         order by schedule, due desc",
    )
    .bind(recent)
    .bind(BY_HAND)
    .fetch_all(connection)
    .await?;
    Ok(Timetable { known, dues })
}

async fn note(
    connection: &mut SqliteConnection,
    findings: &Findings,
    (looked_at, recent): (&Timetable, u32),
    at: i64,
) -> sqlx::Result<bool> {
    let mut transaction = begin_migrated(connection).await?;
    if timetable(&mut transaction, recent).await? != *looked_at {
        return Ok(false);
    }
    remember(&mut transaction, &findings.known).await?;
    for id in &findings.gone {
        sqlx::query("delete from muster_schedules where id = ?")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "update muster_due set state = 'failed', finished_at = ?2, owner = null,
                 next_attempt_at = null, reason = 'its schedule is no longer in the config'
             where schedule = ?1 and state = 'claimed'",
        )
        .bind(id)
        .bind(instant(at))
        .execute(&mut *transaction)
        .await?;
    }
    for (schedule, due) in &findings.undone {
        sqlx::query(
            "delete from muster_due
             where schedule = ? and due = ? and state in ('failed', 'skipped', 'missed')",
        )
        .bind(schedule)
        .bind(instant(*due))
        .execute(&mut *transaction)
        .await?;
    }
    for found in &findings.found {
        let over = (found.state != DueState::Claimed).then(|| instant(at));
        sqlx::query(
            "insert into muster_due (schedule, due, state, reason, claimed_at, finished_at)
             values (?, ?, ?, ?, ?, ?) on conflict do nothing",
        )
        .bind(&found.schedule)
        .bind(instant(found.due))
        .bind(found.state.name())
        .bind(found.reason.as_deref().map(reason))
        .bind(instant(at))
        .bind(over)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(true)
}

/// Records the current schedules. Part of the caller's transaction.
pub(super) async fn remember(
    connection: &mut SqliteConnection,
    schedules: &[KnownSchedule],
) -> sqlx::Result<()> {
    for known in schedules {
        sqlx::query("insert or replace into muster_schedules values (?, ?, ?)")
            .bind(&known.id)
            .bind(&known.definition)
            .bind(instant(known.known_since))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn begin_due(connection: &mut SqliteConnection, hold: &Hold) -> sqlx::Result<bool> {
    let Some((schedule, due)) = &hold.due else {
        return Ok(false);
    };
    let mut transaction = begin(connection).await?;
    let begun = is_held(&mut transaction, &hold.owner).await?
        && sqlx::query(
            "update muster_due set deaths = deaths + (owner is not null), owner = ?1
             where schedule = ?2 and due = ?3 and state = 'claimed'",
        )
        .bind(&hold.owner)
        .bind(schedule)
        .bind(instant(*due))
        .execute(&mut *transaction)
        .await?
        .rows_affected()
            == 1;
    if begun {
        transaction.commit().await?;
    }
    Ok(begun)
}

async fn settle(
    connection: &mut SqliteConnection,
    hold: &Hold,
    settled: &Settled,
    run: Option<&NewRun>,
) -> sqlx::Result<Option<Option<Run>>> {
    let Some((schedule, due)) = &hold.due else {
        return Ok(None);
    };
    let mut transaction = begin(connection).await?;
    if !is_held(&mut transaction, &hold.owner).await? {
        return Ok(None);
    }
    let over = (settled.state != DueState::Claimed).then(|| instant(settled.at));
    let changed = sqlx::query(
        "update muster_due set state = ?1, attempts = attempts + ?2, deaths = deaths + ?3,
             owner = null, run_id = ?4, reason = ?5, finished_at = ?6, next_attempt_at = ?7
         where schedule = ?8 and due = ?9 and state = 'claimed'",
    )
    .bind(settled.state.name())
    .bind(settled.failed)
    .bind(settled.died)
    .bind(settled.run)
    .bind(settled.reason.as_deref().map(reason))
    .bind(over)
    .bind(settled.next_attempt_at.map(instant))
    .bind(schedule)
    .bind(instant(*due))
    .execute(&mut *transaction)
    .await?;
    if changed.rows_affected() != 1 {
        return Ok(None);
    }
    let run = match run {
        Some(run) => Some(insert_run(&mut transaction, run, None, None).await?),
        None => None,
    };
    transaction.commit().await?;
    Ok(Some(run))
}
