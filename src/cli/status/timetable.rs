//! The timetable's part of `muster status`: how each schedule stands, and who is at work.

use serde_json::{Value as Json, json};

use super::super::exit::Failure;
use super::super::results::local_time;
use super::super::schedule::calendar;
use crate::config::{Config, Schedule};
use crate::report::{Cell, Heading, Table};
use crate::run::holder_lives;
use crate::serve::{Standing, is_neglected, standing};
use crate::store::{DueState, LeaseHolder, Run, Timetable};
use crate::time::format_instant;

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// A schedule and how it stands.
pub(super) struct Row<'a> {
    schedule: &'a Schedule,
    standing: Standing,
    /// True where no process watches it, and it would long have been due since the last run.
    neglected: bool,
}

/// How every schedule of config stands at an instant.
pub(super) fn rows<'a>(
    config: &'a Config,
    timetable: &Timetable,
    published: Option<&Run>,
    now: i64,
) -> Result<Vec<Row<'a>>, Failure> {
    let row = |schedule: &'a Schedule| {
        let calendar = calendar(schedule)?;
        let standing = standing(schedule, &calendar, timetable, now);
        let neglected = !standing.watched
            && schedule.runs
            && published.is_some_and(|run| is_neglected(&calendar, run.started_at, now));
        Ok(Row {
            schedule,
            standing,
            neglected,
        })
    };
    config.schedules.iter().map(row).collect()
}

impl Row<'_> {
    /// What a person should look at.
    pub(super) fn attention(&self) -> Vec<String> {
        let id = &self.schedule.id.value;
        let zone = self.schedule.timezone;
        let mut lines = Vec::new();
        if self.standing.overdue {
            let since = self.standing.open_since.unwrap_or_default();
            lines.push(format!(
                "`{id}` is overdue: nothing was done for {}{}; is `muster serve` running?",
                local_time(since, zone),
                self.reason()
            ));
        } else if self.given_up() {
            lines.push(format!("`{id}` was given up{}", self.reason()));
        }
        if self.neglected {
            lines.push(format!(
                "`{id}` is watched by nobody: start `muster serve`, or `muster run --due` from cron"
            ));
        }
        for due in &self.standing.ahead {
            lines.push(format!(
                "`{id}` was run for {} already, which is still to come: the clock was ahead",
                local_time(*due, zone)
            ));
        }
        lines
    }

    fn given_up(&self) -> bool {
        let last = self.standing.last.as_ref();
        last.is_some_and(|last| last.state == DueState::Failed)
    }

    /// Why the newest due time is not done, to be put behind something.
    fn reason(&self) -> String {
        let last = self.standing.last.as_ref();
        let last = last.filter(|last| last.state != DueState::Done);
        let reason = last.and_then(|last| last.reason.as_deref());
        reason.map_or_else(String::new, |reason| format!(" ({reason})"))
    }

    /// In a word or two.
    fn state(&self) -> String {
        let last = self.standing.last.as_ref();
        let zone = self.schedule.timezone;
        match last.map(|last| (last.state, last)) {
            _ if self.standing.overdue => "overdue".into(),
            _ if !self.standing.watched => "watched by nobody".into(),
            None => "not due yet".into(),
            Some((DueState::Claimed, last)) => match (&last.owner, last.next_attempt_at) {
                (Some(_), _) => "at work".into(),
                (None, Some(next)) => format!("tried again at {}", local_time(next, zone)),
                (None, None) => "waits".into(),
            },
            Some((DueState::Done, _)) => "fine".into(),
            Some((DueState::Failed, _)) => "given up".into(),
            Some((DueState::Skipped | DueState::Missed, _)) => "missed".into(),
        }
    }

    fn to_json(&self) -> Json {
        let zone = self.schedule.timezone;
        let instant = |micros: i64| format_instant(micros, zone);
        let standing = &self.standing;
        json!({
            "id": self.schedule.id.value,
            "state": self.state(),
            "watched": standing.watched,
            "overdue": standing.overdue,
            "last_success": standing.last_success.as_ref().map(|due| instant(due.due)),
            "last_success_at": standing.last_success.as_ref().and_then(|due| due.finished_at).map(instant),
            "run": standing.last_success.as_ref().and_then(|due| due.run),
            "next": standing.next.map(instant),
            "open_since": standing.open_since.map(instant),
            "lost": standing.lost,
            "ahead": standing.ahead.iter().copied().map(instant).collect::<Vec<_>>(),
        })
    }
}

/// All of them for programs.
pub(super) fn to_json(rows: &[Row<'_>]) -> Json {
    rows.iter().map(Row::to_json).collect()
}

/// All of them for people.
pub(super) fn table(rows: &[Row<'_>]) -> Table {
    let mut table = Table::new([
        Heading::left("schedule", "Schedule"),
        Heading::left("state", "State"),
        Heading::left("last_success", "Last success"),
        Heading::left("next", "Next due"),
        Heading::left("zone", "Time zone"),
        Heading::right("lost", "Missed since"),
    ]);
    for row in rows {
        let zone = row.schedule.timezone;
        let instant = |at: Option<i64>| at.map_or(Cell::Empty, |at| Cell::Instant(at, zone));
        table.rows.push(vec![
            Cell::Text(row.schedule.id.value.clone()),
            Cell::Text(row.state()),
            instant(row.standing.last_success.as_ref().map(|due| due.due)),
            instant(row.standing.next),
            Cell::Text(zone.name().into()),
            Cell::Integer(i64::try_from(row.standing.lost).unwrap_or(i64::MAX)),
        ]);
    }
    table
}

/// Who is at work, for programs.
pub(super) fn lease_to_json(holder: &LeaseHolder, now: i64) -> Json {
    let utc = |micros| format_instant(micros, chrono_tz::UTC);
    json!({
        "work": holder.work,
        "host": holder.host,
        "pid": holder.pid,
        "taken_at": utc(holder.taken_at),
        "beat_at": utc(holder.beat_at),
        "silent_for_seconds": silent_for(holder, now),
        "alive": holder_lives(holder),
    })
}

/// Who is at work, in words.
pub(super) fn lease_in_words(holder: &LeaseHolder, now: i64) -> String {
    let alive = match holder_lives(holder) {
        Some(false) => "; that process has ended, and the next one takes over",
        Some(true) | None => "",
    };
    format!(
        "at work: `{}`, process {} on {}, last sign of life {} s ago{alive}",
        holder.work,
        holder.pid,
        holder.host,
        silent_for(holder, now)
    )
}

fn silent_for(holder: &LeaseHolder, now: i64) -> i64 {
    (now - holder.beat_at).max(0) / SECOND
}
