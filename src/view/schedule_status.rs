//! The state of a schedule, computed from the database alone, so that it also reveals a dead process. Pure.

use crate::config::Schedule;
use crate::schedule::Calendar;
use crate::store::{Due, DueState, KnownSchedule, Timetable};

/// How long a due time may be unfinished before its schedule is overdue, at most, in microseconds.
const GRACE: i64 = 3_600_000_000;

/// A schedule, reduced to what determines whether it is on time.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    pub id: String,
    /// Cron expression and zone: if these change, it counts as another schedule.
    pub definition: String,
    /// When it is due.
    pub calendar: Calendar,
}

impl Watched {
    /// A schedule of config.
    pub fn new(schedule: &Schedule, calendar: Calendar) -> Self {
        Self {
            id: schedule.id.value.clone(),
            definition: definition(schedule),
            calendar,
        }
    }

    /// A schedule as a process last saw it in config, for when config itself cannot be read; `None` if its definition
    /// cannot be parsed.
    pub fn known(known: &KnownSchedule) -> Option<Self> {
        let (cron, zone) = known.definition.rsplit_once(' ')?;
        Some(Self {
            id: known.id.clone(),
            definition: known.definition.clone(),
            calendar: Calendar::new(cron, zone.parse().ok()?).ok()?,
        })
    }
}

/// What identifies a schedule: cron expression and zone.
pub fn definition(schedule: &Schedule) -> String {
    let cron: Vec<&str> = schedule.cron.value.split_whitespace().collect();
    format!("{} {}", cron.join(" "), schedule.timezone.name())
}

/// The state of a schedule at an instant. All instants are in microseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// True if a process has seen the schedule as it is now.
    pub watched: bool,
    /// The newest due time that succeeded, not counting those marked as done by hand.
    pub last_success: Option<Due>,
    /// The newest due time on record, whatever its result.
    pub last: Option<Due>,
    /// The next due time.
    pub next: Option<i64>,
    /// The first due time after the last one that is done; `None` if all are done.
    pub open_since: Option<i64>,
    /// True if that is longer ago than an hour, or than the schedule's period if that is shorter.
    pub overdue: bool,
    /// The number of due times missed, skipped or given up since the last one that is done.
    pub lost: usize,
    /// Future due times that have already run, because the clock was ahead.
    pub ahead: Vec<i64>,
}

/// The state of a schedule. A schedule that no process has seen yet owes nothing.
pub fn standing(watch: &Watched, timetable: &Timetable, now: i64) -> Standing {
    let Watched {
        id,
        definition,
        calendar,
    } = watch;
    let dues = timetable.dues.iter().filter(|due| due.schedule == *id);
    let (ahead, past): (Vec<&Due>, Vec<&Due>) = dues.partition(|due| due.due > now);
    let done = |due: &&&Due| due.state == DueState::Done;
    let settled = past.iter().filter(done).max_by_key(|due| due.due);
    let real = past
        .iter()
        .filter(done)
        .filter(|due| !due.is_skipped_by_hand());
    let last_success = real.max_by_key(|due| due.due);
    // When a schedule changes, whatever was outstanding under the old definition lapses.
    let mut known = timetable.known.iter();
    let known = known.find(|known| known.id == *id && known.definition == *definition);
    let since = known.map(|known| known.known_since.min(now));
    let from = since.max(settled.map(|due| due.due).filter(|_| since.is_some()));
    let open = from.and_then(|from| calendar.next(from));
    let open = open.map(|due| due.at).filter(|due| *due <= now);
    let lost = |state| {
        matches!(
            state,
            DueState::Failed | DueState::Skipped | DueState::Missed
        )
    };
    Standing {
        watched: known.is_some(),
        last_success: last_success.map(|due| (*due).clone()),
        last: past
            .iter()
            .max_by_key(|due| due.due)
            .map(|due| (*due).clone()),
        next: calendar.next(now).map(|due| due.at),
        open_since: open,
        overdue: open.is_some_and(|open| is_late(open, calendar, now)),
        lost: past
            .iter()
            .filter(|due| lost(due.state) && settled.is_none_or(|last| due.due > last.due))
            .count(),
        ahead: ahead
            .iter()
            .filter(|due| done(due))
            .map(|due| due.due)
            .collect(),
    }
}

/// True if a schedule that no process watches should have run long ago, given that the last run was made at `made`
/// (microseconds UTC).
pub fn is_neglected(calendar: &Calendar, made: i64, now: i64) -> bool {
    let open = calendar.next(made).map(|due| due.at);
    open.is_some_and(|open| is_late(open, calendar, now))
}

/// True if a due time has passed by more than an hour or, if that is shorter, by more than the interval to the next
/// one.
fn is_late(open: i64, calendar: &Calendar, now: i64) -> bool {
    let period = calendar.next(open).map_or(GRACE, |next| next.at - open);
    now > open + period.min(GRACE)
}
