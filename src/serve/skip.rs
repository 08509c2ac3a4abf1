//! `muster schedule --skip-missed`: everything that was due until now counts as done. After a backup has been restored,
//! its timetable is older than the runs that took place.

use super::ServeError;
use crate::config::{Config, Schedule};
use crate::run::{Contender, Wanted};
use crate::schedule::Calendar;
use crate::store::{KnownSchedule, Store, StoreError, Timetable};
use crate::view::definition;

/// How many due times of each schedule to look at.
const RECENT: u32 = 1;

/// A due time that now counts as done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The schedule's id.
    pub schedule: String,
    /// The newest due time, microseconds UTC.
    pub due: i64,
}

/// Marks everything that was due until an instant, in microseconds UTC, as done. Returns the newest due time of each
/// schedule with outstanding work. Schedules that have not been seen yet are known from now on.
///
/// # Errors
/// Another process is at work, or the database cannot be written.
pub async fn skip_missed(config: &Config, now: i64) -> Result<Vec<Skipped>, ServeError> {
    let world = |error: StoreError| ServeError::World(error.to_string());
    let (results, create) = (config.results_path(), config.results.is_some());
    let mut contender = Contender::default();
    let wanted = contender.want(results, create, "schedule --skip-missed", now);
    let lease = match wanted.await.map_err(world)? {
        Wanted::Ours(lease, _) => lease,
        Wanted::Theirs(holder) => {
            return Err(ServeError::World(format!(
                "`{}`, process {} on {}, is at work; stop it first",
                holder.work, holder.pid, holder.host
            )));
        }
    };
    let skipped = skip(config, now).await;
    lease.release().await;
    skipped.map_err(world)
}

async fn skip(config: &Config, now: i64) -> Result<Vec<Skipped>, StoreError> {
    let mut store = Store::open_writer(config.results_path(), config.results.is_some()).await?;
    let timetable = store.timetable(RECENT).await?;
    let schedules = config.schedules.iter();
    let known: Vec<KnownSchedule> = schedules
        .clone()
        .filter_map(|schedule| unseen(schedule, &timetable, now))
        .collect();
    let skipped: Vec<Skipped> = schedules
        .filter(|schedule| !known.iter().any(|known| known.id == schedule.id.value))
        .filter_map(|schedule| owed(schedule, &timetable, now))
        .collect();
    let dues: Vec<(String, i64)> = skipped
        .iter()
        .map(|skipped| (skipped.schedule.clone(), skipped.due))
        .collect();
    store.take_for_done(&known, &dues, now).await?;
    store.close().await?;
    Ok(skipped)
}

/// The entry for a schedule that is new or has changed: nothing of it is outstanding.
fn unseen(schedule: &Schedule, timetable: &Timetable, now: i64) -> Option<KnownSchedule> {
    let definition = definition(schedule);
    let id = &schedule.id.value;
    let seen = timetable
        .known
        .iter()
        .any(|known| known.id == *id && known.definition == definition && known.known_since <= now);
    (!seen).then(|| KnownSchedule {
        id: id.clone(),
        definition,
        known_since: now,
    })
}

/// The newest due time of a schedule, if it or an earlier one is not done.
fn owed(schedule: &Schedule, timetable: &Timetable, now: i64) -> Option<Skipped> {
    let id = &schedule.id.value;
    let calendar = Calendar::new(&schedule.cron.value, schedule.timezone).ok()?;
    let newest = calendar.latest(now)?.at;
    let known = timetable.known.iter().find(|known| known.id == *id)?;
    let rows = timetable.dues.iter().filter(|due| due.schedule == *id);
    let done = rows.filter(|due| due.state == crate::store::DueState::Done);
    let settled = done.map(|due| due.due).max().unwrap_or(known.known_since);
    (newest > settled.max(known.known_since)).then(|| Skipped {
        schedule: id.clone(),
        due: newest,
    })
}
