//! The state of each schedule, and who is working.

use chrono_tz::Tz;
use serde_json::{Value as Json, json};

use crate::config::{Config, Marks};
use crate::run::holder_lives;
use crate::schedule::{Calendar, Refused};
use crate::store::{Due, DueState, LeaseHolder, Run, RunStatus, Timetable};
use crate::time::format_instant;
use crate::view::schedule_status::{Standing, Watched, is_neglected, standing};
use crate::view::table::{Cell, Heading, Table};

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;

/// A schedule that is expected to run.
#[derive(Debug)]
pub struct Expected {
    watched: Watched,
    /// Whether it evaluates the rules.
    runs: bool,
}

/// The schedules of config.
///
/// # Errors
/// A cron expression cannot be parsed; config has already been checked for this.
pub fn of_config(config: &Config) -> Result<Vec<Expected>, Refused> {
    let expected = config.schedules.iter().map(|schedule| {
        let calendar = Calendar::new(&schedule.cron.value, schedule.timezone)?;
        Ok(Expected {
            watched: Watched::new(schedule, calendar),
            runs: schedule.runs,
        })
    });
    expected.collect()
}

/// The schedules as a process last saw them in config.
pub fn as_last_seen(timetable: &Timetable) -> Vec<Expected> {
    let watched = timetable.known.iter().filter_map(Watched::known);
    let expected = watched.map(|watched| Expected {
        watched,
        runs: true,
    });
    expected.collect()
}

/// A schedule with its state.
#[derive(Debug)]
pub struct ScheduleRow {
    id: String,
    zone: Tz,
    standing: Standing,
    /// True if no process watches it, and it should have run long ago: counted from the last run, or if nothing has
    /// ever run and no process has ever watched.
    neglected: bool,
}

/// The states of schedules at an instant.
pub(super) fn rows(
    expected: Vec<Expected>,
    timetable: &Timetable,
    published: Option<&Run>,
    now: i64,
) -> Vec<ScheduleRow> {
    let row = |Expected { watched, runs }: Expected| {
        let standing = standing(&watched, timetable, now);
        let late = match published {
            Some(run) => is_neglected(&watched.calendar, run.started_at, now),
            None => timetable.known.is_empty(),
        };
        let neglected = late && !standing.watched && runs;
        ScheduleRow {
            zone: watched.calendar.zone(),
            id: watched.id,
            standing,
            neglected,
        }
    };
    expected.into_iter().map(row).collect()
}

impl ScheduleRow {
    /// What needs attention, and what to do about it.
    pub(super) fn attention(&self, marks: &Marks) -> Vec<String> {
        let id = &self.id;
        let moment = |micros| marks.moment(micros, self.zone);
        let mut lines = Vec::new();
        let next = self.standing.next.map(moment);
        if self.standing.overdue {
            let since = self.standing.open_since.unwrap_or_default();
            let then = match (self.failing(), &self.standing.last, next) {
                (Some((_, again)), ..) => {
                    format!("it is tried again at {}", moment(again))
                }
                (None, Some(last), Some(next)) if last.state == DueState::Skipped => {
                    format!("it is due next at {next}")
                }
                _ => "is `muster serve` running?".to_owned(),
            };
            lines.push(format!(
                "`{id}` is overdue: nothing was done for {}{}; {then}",
                moment(since),
                self.reason()
            ));
        } else if let Some((last, again)) = self.failing() {
            lines.push(format!(
                "`{id}` failed for {}{}; it is tried again at {}",
                moment(last.due),
                self.reason(),
                moment(again)
            ));
        } else if self.given_up() {
            let next = next.map_or_else(String::new, |next| format!("; it is due next at {next}"));
            lines.push(format!(
                "`{id}` was given up{}{next}, and `muster run` runs now",
                self.reason()
            ));
        }
        if self.neglected {
            lines.push(format!(
                "`{id}` is watched by nobody: start `muster serve`, or `muster run --due` from cron"
            ));
        }
        for due in &self.standing.ahead {
            lines.push(format!(
                "`{id}` was run for {} already, which is still to come: the clock was ahead",
                moment(*due)
            ));
        }
        lines
    }

    /// What is not a problem yet, but will be if nothing is done.
    pub(super) fn hint(&self) -> Option<String> {
        let id = &self.id;
        (!self.standing.watched && !self.neglected).then(|| {
            format!(
                "`{id}` does not run by itself until `muster serve`, or `muster run --due` from cron, is started"
            )
        })
    }

    /// True if [`ScheduleRow::attention`] includes the reason of a failed run.
    pub(super) fn tells_of(&self, run: &Run) -> bool {
        let told = self.standing.overdue || self.failing().is_some() || self.given_up();
        let last = self.standing.last.as_ref();
        let same = |last: &Due| last.due == run.as_of && last.reason == run.message;
        told && run.status == RunStatus::Failed && run.trigger == self.id && last.is_some_and(same)
    }

    /// The newest due time and its next retry, if an attempt has failed.
    fn failing(&self) -> Option<(&Due, i64)> {
        let last = self.standing.last.as_ref();
        let last = last.filter(|last| last.state == DueState::Claimed && last.owner.is_none())?;
        Some((last, last.next_attempt_at?))
    }

    /// The newest due time, if it was marked as done by hand.
    fn skipped_by_hand(&self) -> Option<&Due> {
        let last = self.standing.last.as_ref();
        last.filter(|last| last.is_skipped_by_hand())
    }

    fn given_up(&self) -> bool {
        let last = self.standing.last.as_ref();
        last.is_some_and(|last| last.state == DueState::Failed)
    }

    /// Why the newest due time is not done, as the end of a sentence.
    fn reason(&self) -> String {
        let last = self.standing.last.as_ref();
        let last = last.filter(|last| last.state != DueState::Done);
        let reason = last.and_then(|last| last.reason.as_deref());
        reason.map_or_else(String::new, |reason| format!(" ({reason})"))
    }

    /// The state, in a word or two.
    fn state(&self) -> &'static str {
        let last = self.standing.last.as_ref();
        match last.map(|last| (last.state, last)) {
            _ if self.standing.overdue => "overdue",
            _ if !self.standing.watched => "watched by nobody",
            None => "not due yet",
            Some((DueState::Claimed, last)) if last.owner.is_some() => "at work",
            Some((DueState::Claimed, _)) if self.failing().is_some() => "failing",
            Some((DueState::Claimed, _)) => "waits",
            Some((DueState::Done, last)) if last.is_skipped_by_hand() => "skipped by hand",
            Some((DueState::Done, _)) => "fine",
            Some((DueState::Failed, _)) => "given up",
            Some((DueState::Skipped | DueState::Missed, _)) => "missed",
        }
    }

    /// Everything as JSON.
    pub(super) fn to_json(&self) -> Json {
        let instant = |micros: i64| format_instant(micros, self.zone);
        let standing = &self.standing;
        json!({
            "id": self.id,
            "state": self.state(),
            "watched": standing.watched,
            "overdue": standing.overdue,
            "last_success": standing.last_success.as_ref().map(|due| instant(due.due)),
            "last_success_at": standing.last_success.as_ref().and_then(|due| due.finished_at).map(instant),
            "skipped_by_hand": self.skipped_by_hand().map(|due| instant(due.due)),
            "run": standing.last_success.as_ref().and_then(|due| due.run),
            "next": standing.next.map(instant),
            "next_attempt": self.failing().map(|(_, again)| instant(again)),
            "open_since": standing.open_since.map(instant),
            "lost": standing.lost,
            "ahead": standing.ahead.iter().copied().map(instant).collect::<Vec<_>>(),
        })
    }
}

/// All schedules as a table for display.
pub fn schedules_table(rows: &[ScheduleRow]) -> Table {
    let moment = |at: Option<i64>, row: &ScheduleRow| at.map(|at| Cell::Moment(at, row.zone));
    let success = |row: &ScheduleRow| row.standing.last_success.as_ref().map(|due| due.due);
    Table::of(rows)
        .column(Heading::left("schedule", "Schedule"), |row| row.id.clone())
        .column(Heading::left("state", "State"), |row| row.state())
        .column(
            Heading::left("last_success", "Last success").spare(20),
            move |row| moment(success(row), row),
        )
        .column(Heading::left("next", "Next due").spare(10), move |row| {
            moment(row.standing.next, row)
        })
        .column(Heading::right("lost", "Missed").spare(30), |row| {
            row.standing.lost
        })
        .done()
}

/// Who is working, as JSON.
pub(super) fn lease_to_json(holder: &LeaseHolder, zone: Tz, now: i64) -> Json {
    let instant = |micros| format_instant(micros, zone);
    json!({
        "work": holder.work,
        "host": holder.host,
        "pid": holder.pid,
        "taken_at": instant(holder.taken_at),
        "beat_at": instant(holder.beat_at),
        "silent_for_seconds": silent_for(holder, now),
        "alive": holder_lives(holder),
    })
}

/// Who is working, in words.
pub(super) fn lease_in_words(
    holder: &LeaseHolder,
    (zone, marks): (Tz, &Marks),
    now: i64,
) -> String {
    let alive = match holder_lives(holder) {
        Some(false) => "; that process has ended, and the next one takes over",
        Some(true) | None => "",
    };
    format!(
        "at work since {}: `{}`, process {} on {}, last sign of life {} s ago{alive}",
        marks.moment(holder.taken_at, zone),
        holder.work,
        holder.pid,
        holder.host,
        silent_for(holder, now)
    )
}

fn silent_for(holder: &LeaseHolder, now: i64) -> i64 {
    (now - holder.beat_at).max(0) / SECOND
}
