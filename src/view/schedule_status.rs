//! How a schedule stands, from the database alone, so that a dead process shows too. Pure.

use crate::config::Schedule;
use crate::schedule::Calendar;
use crate::store::{Due, DueState, KnownSchedule, Timetable};

/// The longest that a due time may be past and not done before its schedule is overdue, in microseconds.
const GRACE: i64 = 3_600_000_000;

/// A schedule, as far as it matters to whether it is done in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    pub id: String,
    /// Cron text and zone: another schedule where that is another.
    pub definition: String,
    /// When it is due.
    pub calendar: Calendar,
}

impl Watched {
    /// One of config.
    pub fn new(schedule: &Schedule, calendar: Calendar) -> Self {
        Self {
            id: schedule.id.value.clone(),
            definition: definition(schedule),
            calendar,
        }
    }

    /// One as a process last saw it in config, where config itself cannot be asked; none of a definition that
    /// cannot be read.
    pub fn known(known: &KnownSchedule) -> Option<Self> {
        let (cron, zone) = known.definition.rsplit_once(' ')?;
        Some(Self {
            id: known.id.clone(),
            definition: known.definition.clone(),
            calendar: Calendar::new(cron, zone.parse().ok()?).ok()?,
        })
    }
}

/// What makes a schedule another one when it changes: cron text and zone.
pub fn definition(schedule: &Schedule) -> String {
    let cron: Vec<&str> = schedule.cron.value.split_whitespace().collect();
    format!("{} {}", cron.join(" "), schedule.timezone.name())
}

/// How a schedule stands at an instant. All instants in microseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// True where a process has seen the schedule as it is now.
    pub watched: bool,
    /// The newest due time that is done, and not because somebody said so.
    pub last_success: Option<Due>,
    /// The newest due time of which anything is known, however it ended.
    pub last: Option<Due>,
    /// When it is due next.
    pub next: Option<i64>,
    /// The first due time since the last one that is done; none where all is done.
    pub open_since: Option<i64>,
    /// True where that is longer past than an hour, or than the schedule's own period where that is shorter.
    pub overdue: bool,
    /// Due times that were missed, skipped or given up since the last one that is done.
    pub lost: usize,
    /// Due times that are still to come and were run already, while the clock was ahead.
    pub ahead: Vec<i64>,
}

/// How a schedule stands. One that no process has seen yet owes nothing.
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
    // Of a schedule that has changed, what was outstanding is no longer.
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

/// True where a schedule that no process watches would long have been due since the last run was made, at
/// `made`, microseconds UTC.
pub fn is_neglected(calendar: &Calendar, made: i64, now: i64) -> bool {
    let open = calendar.next(made).map(|due| due.at);
    open.is_some_and(|open| is_late(open, calendar, now))
}

/// True where a due time is past for longer than an hour or, where that is shorter, for longer than to the
/// next one.
fn is_late(open: i64, calendar: &Calendar, now: i64) -> bool {
    let period = calendar.next(open).map_or(GRACE, |next| next.at - open);
    now > open + period.min(GRACE)
}
