//! The mail of a schedule: the only place in `serve` that creates any.

use tracing::{info, warn};

use super::scheduler::Scheduler;
use super::time::MINUTE;
use crate::config::{Config, Schedule};
use crate::connector::Connector;
use crate::engine::Watch;
use crate::mail::{self, Delivered, Punctuality, ReportWriter};
use crate::project::Project;
use crate::run::RunError;
use crate::run::notify::{Notified, notify_published};
use crate::schedule::Calendar;
use crate::store::{Due, DueState, Timetable};
use crate::view::{Watched, standing};

/// A due time that was noticed less than an hour ago and has not failed is not reported as overdue.
const IN_PROGRESS: i64 = 60 * MINUTE;

/// The writer of a schedule's reports for a due time, in the transaction of its run; `None` if the schedule has no
/// reports.
pub(super) fn writer<'p>(
    project: &'p Project,
    schedule: &Schedule,
    due: i64,
) -> Option<ReportWriter<'p>> {
    let ids: Vec<&str> = schedule
        .reports
        .iter()
        .map(|id| id.value.as_str())
        .collect();
    (!ids.is_empty()).then(|| ReportWriter::new(project, &ids, due))
}

/// Puts the schedule's reports about the last published run into the outbox, and returns what was written; `None` if
/// nothing has been published yet.
///
/// # Errors
/// See [`RunError`].
pub(super) async fn mail_after(
    project: &Project,
    connector: &dyn Connector,
    schedule: &Schedule,
    due: i64,
    now: i64,
    watch: &dyn Watch,
) -> Result<Option<Notified>, RunError> {
    let Some(writer) = writer(project, schedule, due) else {
        return Ok(None);
    };
    notify_published(project, connector, &writer, Some(now), watch).await
}

/// Delivers what is in the outbox now. Returns true if an operator should look.
pub(super) async fn deliver(scheduler: &Scheduler) -> bool {
    let config = scheduler.config().await;
    let now = || scheduler.clock.now();
    match notify_owner(scheduler, &config).await {
        Ok(()) => scheduler.notice_trouble.over("the owner can be told again"),
        Err(reason) => {
            let words = "the owner cannot be told of schedules and runs; tried again";
            scheduler.notice_trouble.about(&reason, words);
        }
    }
    match mail::deliver(&config, &now, &scheduler.stop).await {
        Ok(delivered) => {
            tell(&delivered);
            match &delivered.trouble {
                Some(reason) => scheduler
                    .mail_trouble
                    .about(reason, "mail waits; tried again"),
                None => scheduler.mail_trouble.over("mail goes out again"),
            }
            !delivered.went_out()
        }
        Err(error) => {
            let reason = error.to_string();
            scheduler
                .mail_trouble
                .about(&reason, "the outbox cannot be looked after; tried again");
            true
        }
    }
}

/// Tells the owner which schedules are overdue, whether a run is held, and which of these conditions are over.
async fn notify_owner(scheduler: &Scheduler, config: &Config) -> Result<(), String> {
    let timetable = scheduler
        .timetable()
        .await
        .map_err(|error| error.to_string())?;
    let (_, _, entries) = scheduler.place().await;
    let now = scheduler.clock.now();
    let schedules: Vec<Punctuality> = entries
        .iter()
        .filter_map(|entry| punctuality(&entry.schedule, &entry.calendar, &timetable, now))
        .collect();
    let told = async {
        mail::notify_of_schedules(config, &schedules, now).await?;
        mail::notify_of_held_run(config, now).await
    };
    told.await.map_err(|error| error.to_string())
}

/// Whether a schedule is on time. `None` if there is nothing to report: the due time is about to be done, its run is
/// held, or nothing is known about the schedule, as when the results file is temporarily unavailable.
pub fn punctuality(
    schedule: &Schedule,
    calendar: &Calendar,
    timetable: &Timetable,
    now: i64,
) -> Option<Punctuality> {
    let watched = Watched::new(schedule, calendar.clone());
    let standing = standing(&watched, timetable, now);
    let overdue_since = standing.open_since.filter(|_| standing.overdue);
    let id = &schedule.id.value;
    // The owner gets a separate notice about a held run.
    let held = standing.last.as_ref().is_some_and(Due::is_held);
    let wait = overdue_since.is_some() && (held || is_in_progress(timetable, id, now));
    (standing.watched && !wait).then(|| Punctuality {
        schedule: id.clone(),
        overdue_since,
    })
}

/// True if a schedule has just been found due and is being worked on: a process that starts after a pause finds
/// everything overdue, and catches up.
fn is_in_progress(timetable: &Timetable, schedule: &str, now: i64) -> bool {
    timetable.dues.iter().any(|due| {
        due.schedule == schedule
            && due.state == DueState::Claimed
            && due.attempts + due.deaths == 0
            && due.claimed_at.is_none_or(|at| now - at < IN_PROGRESS)
    })
}

fn tell(delivered: &Delivered) {
    let Delivered {
        accepted,
        refused,
        unknown,
        put_off,
        expired,
        cancelled,
        trouble: _,
    } = delivered;
    let lost = refused + unknown + expired + cancelled;
    match accepted + lost + put_off {
        0 => {}
        _ if lost > 0 => {
            warn!(
                accepted,
                refused, unknown, put_off, expired, cancelled, "mail"
            );
        }
        _ => info!(accepted, put_off, "mail"),
    }
}
