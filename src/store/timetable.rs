//! Due times: which there were, and what became of them.

use sqlx::SqliteConnection;

use super::connect::{begin, begin_migrated};
use super::error::About;
use super::lease::is_held;
use super::names::names;
use super::text::{Instant, OptionalInstant, instant, reason};
use super::write::insert_run;
use super::{NewRun, Run, Store, StoreError};

/// The migration that the tables came with.
const MIGRATION: i64 = 4;

/// What stands as the reason of due times that count as done because somebody said so.
pub(super) const BY_HAND: &str = "taken for done by `muster schedule --skip-missed`";

/// One due time: a row of `muster_due`. Instants are microseconds UTC, whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Due {
    /// The schedule's id.
    pub schedule: String,
    /// The instant at which it was due.
    #[sqlx(try_from = "Instant")]
    pub due: i64,
    /// What became of it.
    pub state: DueState,
    /// Tries that failed.
    pub attempts: u32,
    /// Tries whose process died.
    pub deaths: u32,
    /// The lease under which it is being tried; none while it waits.
    pub owner: Option<String>,
    /// The run that was published for it, or that stood in for it.
    #[sqlx(rename = "run_id")]
    pub run: Option<i64>,
    /// Why it is not simply done.
    pub reason: Option<String>,
    /// When it was noticed.
    #[sqlx(try_from = "OptionalInstant")]
    pub claimed_at: Option<i64>,
    /// When it was over.
    #[sqlx(try_from = "OptionalInstant")]
    pub finished_at: Option<i64>,
    /// When it is tried again.
    #[sqlx(try_from = "OptionalInstant")]
    pub next_attempt_at: Option<i64>,
}

impl Due {
    /// True where it counts as done because somebody said so: nothing was run for it.
    pub fn is_skipped_by_hand(&self) -> bool {
        self.state == DueState::Done && self.reason.as_deref() == Some(BY_HAND)
    }
}

/// What became of a due time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// It is owed: waits, or is being run.
    #[default]
    Claimed,
    /// It was run, or another run stood in for it.
    Done,
    /// It was tried as often as config says.
    Failed,
    /// It passed while nothing was running, and config says to leave it at that.
    Skipped,
    /// It passed, and a later one stood in for it.
    Missed,
}

names!(DueState {
    Claimed "claimed" Done "done" Failed "failed" Skipped "skipped" Missed "missed"
});

/// A schedule as it was last seen in config: a row of `muster_schedules`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct KnownSchedule {
    /// Its id.
    pub id: String,
    /// Cron text and zone.
    pub definition: String,
    /// Since when it is as it is, microseconds UTC: what was due until then is not owed.
    #[sqlx(try_from = "Instant")]
    pub known_since: i64,
}

/// What is known of the timetable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timetable {
    /// The schedules.
    pub known: Vec<KnownSchedule>,
    /// Of each schedule the newest due times, the newest one done, also the newest one that was not merely
    /// skipped by hand, and all that are owed; by schedule, newest first.
    pub dues: Vec<Due>,
}

/// What somebody who looked at the clock found: written in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Schedules that are new or have changed.
    pub known: Vec<KnownSchedule>,
    /// Schedules that config no longer has, by their ids: forgotten; what they owe has failed.
    pub gone: Vec<String>,
    /// Due times that were written while the clock was wrong, and nothing was run for them.
    pub undone: Vec<(String, i64)>,
    /// Due times that nothing is known of yet; one that somebody else wrote meanwhile stays as it is.
    pub found: Vec<Found>,
}

/// A due time that was found: owed, skipped or missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The schedule's id.
    pub schedule: String,
    /// The instant, microseconds UTC.
    pub due: i64,
    /// Claimed, skipped or missed.
    pub state: DueState,
    /// Why it is not simply owed.
    pub reason: Option<String>,
}

/// Under what something is written: nothing is, once the lease is another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The lease's owner.
    pub owner: String,
    /// The due time that a run is for: schedule and instant in microseconds; none for a run by hand.
    pub due: Option<(String, i64)>,
}

/// How a try ended without a publication.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Claimed where it is tried again.
    pub state: DueState,
    /// Why.
    pub reason: Option<String>,
    /// The run that stood in for it.
    pub run: Option<i64>,
    /// True for a try that failed.
    pub failed: bool,
    /// True for a try whose process died.
    pub died: bool,
    /// When it is tried again, microseconds UTC.
    pub next_attempt_at: Option<i64>,
    /// When that was, microseconds UTC.
    pub at: i64,
}

impl Store {
    /// Schedules and due times: of each schedule the `recent` newest due times at most, and beside
    /// them all that are owed and the newest one done.
    pub async fn timetable(&mut self, recent: u32) -> Result<Timetable, StoreError> {
        if !self.has_timetable().await? {
            return Ok(Timetable::default());
        }
        timetable(&mut self.connection, recent)
            .await
            .about(&self.path)
    }

    /// Writes what was found at an instant, in microseconds, by looking at what [`Store::timetable`] gave.
    /// False, and nothing is written, where that is no longer what the file holds: another process
    /// wrote meanwhile, or the file that was looked for has come only now.
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

    /// Begins a try of an owed due time under the lease. Where a try was going on already, its process
    /// died: that is counted. False where it is no longer owed, or the lease is another's.
    pub async fn begin_due(&mut self, hold: &Hold) -> Result<bool, StoreError> {
        begin_due(&mut self.connection, hold)
            .await
            .about(&self.path)
    }

    /// Ends a try that published nothing, and records its run where there was one.
    ///
    /// # Errors
    /// Nothing was written. [`StoreError::TakenOver`] where the lease is another's.
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

    /// False where the file was last written by a Muster that knew no timetable.
    pub(super) async fn has_timetable(&mut self) -> Result<bool, StoreError> {
        Ok(self.schema_version().await? >= MIGRATION)
    }
}

/// Marks a due time as done by a run; false where it is not the holder's to mark. Part of the caller's
/// transaction, so that no kill can come between a run and its mark.
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

/// Writes down schedules as they are now. Part of the caller's transaction.
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
