//! The mail of a schedule: the only place that makes any.

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

/// What was noticed less than an hour ago and has not failed is not reported as overdue.
const IN_PROGRESS: i64 = 60 * MINUTE;

/// The writer of the reports of a schedule for a due time, in the transaction of its run; none where it has
/// no reports.
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

/// Puts the reports of a schedule about the last published run into the outbox, and gives what
/// was written; none where nothing was published yet.
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

/// Delivers what is in the outbox by now; true where somebody should look.
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

/// Tells the owner which schedules are overdue, whether a run is held, and what of it is over.
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

/// Whether a schedule is on time; none where there is nothing to tell of it: it is just about to be done, its run
/// is held, or nothing is known of it, as when the file of results is away for a while.
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
    // Of a run that is held the owner is told by itself.
    let held = standing.last.as_ref().is_some_and(Due::is_held);
    let wait = overdue_since.is_some() && (held || is_in_progress(timetable, id, now));
    (standing.watched && !wait).then(|| Punctuality {
        schedule: id.clone(),
        overdue_since,
    })
}

/// True where a schedule has just been found due and is being done: a process that starts after a pause finds
/// everything overdue, and makes up for it.
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
