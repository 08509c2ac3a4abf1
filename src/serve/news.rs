//! Log lines of the scheduler: keys and instants, never names or addresses.

use std::collections::BTreeSet;

use tracing::{error, info, warn};

use super::time::utc;
use crate::config::{Locale, marks};
use crate::diagnostic::{Finding, tally};
use crate::engine::Problem;
use crate::run::Outcome;
use crate::run::notify::Notification;
use crate::store::{LeaseHolder, Run};
use crate::view::edited_words;

/// An event to log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum News {
    /// A schedule is new.
    New { schedule: String },
    /// A schedule has another cron expression or time zone.
    Changed { schedule: String },
    /// A schedule is no longer in config.
    Gone { schedule: String },
    /// A schedule was first seen at an instant that is now in the future.
    KnownAhead { schedule: String, since: i64 },
    /// A due time that is still to come was already run.
    Ahead { schedule: String, due: i64 },
    /// Due times were missed.
    Missed {
        schedule: String,
        count: usize,
        more: bool,
        first: i64,
        last: i64,
        instead: Option<i64>,
    },
}

impl News {
    /// True for due times that were missed, unless config says to skip them.
    pub(super) fn is_unwanted(&self) -> bool {
        matches!(
            self,
            Self::Missed {
                instead: Some(_),
                ..
            }
        )
    }

    pub(super) fn tell(&self) {
        match self {
            Self::New { schedule } => {
                info!(schedule, "a new schedule: it is due from now on");
            }
            Self::Changed { schedule } => {
                info!(schedule, "a changed schedule: it is due from now on");
            }
            Self::Gone { schedule } => {
                info!(schedule, "this schedule is no longer in the config");
            }
            Self::KnownAhead { schedule, since } => warn!(
                schedule,
                since = utc(*since),
                "the clock was ahead when this schedule was first seen: it is due from now on"
            ),
            Self::Ahead { schedule, due } => warn!(
                schedule,
                due = utc(*due),
                "the clock was ahead: a due time that is still to come was run already, and is not run again"
            ),
            Self::Missed {
                schedule,
                count,
                more,
                first,
                last,
                instead,
            } => warn!(
                schedule,
                missed = count,
                more_before = more,
                first = utc(*first),
                last = utc(*last),
                made_up_by = instead.map(utc),
                "due times were missed"
            ),
        }
    }
}

/// Logs that a process died at work and its lease was taken over.
pub(super) fn took_over(dead: &LeaseHolder) {
    warn!(
        pid = dead.pid,
        host = dead.host,
        work = dead.work,
        since = utc(dead.taken_at),
        "took over from a process that died at its work"
    );
}

/// The duration of a run, in seconds.
pub(super) fn seconds(outcome: &Outcome) -> f64 {
    let evaluation = &outcome.evaluation;
    let reading = evaluation.scan_time + evaluation.evaluation_time;
    (reading + outcome.compare_time + outcome.write_time).as_secs_f64()
}

/// Logs a published run.
pub(super) fn published(schedule: &str, due: i64, run: &Run, outcome: &Outcome) {
    let stale = outcome
        .segments
        .iter()
        .filter(|s| s.stale.is_some())
        .count();
    let seconds = seconds(outcome);
    info!(
        schedule,
        due = utc(due),
        run = run.id,
        subjects = run.subjects,
        stale,
        seconds,
        "published"
    );
    if let Some(message) = &run.message {
        warn!(
            schedule,
            run = run.id,
            message,
            "published, and worth a look"
        );
    }
}

/// Logs that the rules of a published run differ from those of the run before.
pub(super) fn edited(schedule: &str, outcome: &Outcome, locale: Locale) {
    if let Some(edited) = &outcome.edited {
        let run = outcome.run.as_ref().map(|run| run.id);
        let edits = edited_words(edited, &marks(locale));
        info!(schedule, run, edits, "the rules changed");
    }
}

/// Logs the data problems of a published run. Their examples are left out, because they may name a person.
pub(super) fn read_data(schedule: &str, run: &Run, problems: &[Problem]) {
    for problem in problems {
        let problem = problem.summary();
        warn!(schedule, run = run.id, problem, "found in the data");
    }
}

/// Logs the warnings of `muster check` about the files that a published run was made from.
pub(super) fn warned(schedule: &str, run: Option<&Run>, warnings: &[Finding], first: &str) {
    warn!(
        schedule,
        run = run.map(|run| run.id),
        warnings = tally(warnings),
        first,
        "`muster check` warns of config or rules"
    );
}

/// Logs the mail that was written for a due time. Returns true if an operator should look: some of it is held back, or
/// a report could not be written.
pub(super) fn wrote(schedule: &str, notification: &Notification) -> bool {
    let held = notification
        .deliveries
        .iter()
        .filter(|delivery| delivery.held.is_some());
    let held: BTreeSet<&str> = held.map(|delivery| delivery.report.as_str()).collect();
    for report in &held {
        warn!(schedule, report, "held back; `muster outbox` tells why");
    }
    !held.is_empty() || !notification.failures.is_empty()
}

/// Logs a due time that is done without a run of its own.
pub(super) fn done(schedule: &str, due: i64, run: Option<i64>, reason: &str) {
    info!(schedule, due = utc(due), run, reason, "done");
}

/// Logs a due time that was given up because the next one of its schedule is outstanding.
pub(super) fn passed_over(schedule: &str, due: i64, attempts: u32, reason: &str) {
    let due = utc(due);
    warn!(
        schedule,
        due, attempts, reason, "given up for the next due time"
    );
}

/// Logs a held run; `again` is the time of the next attempt.
pub(super) fn held(schedule: &str, due: i64, attempt: u32, reason: &str, again: Option<i64>) {
    let (due, again) = (utc(due), again.map(utc));
    warn!(
        schedule,
        due, attempt, reason, again, "held, and nothing is published"
    );
}

/// Logs a failed attempt; `again` is the time of the next one.
pub(super) fn failed(schedule: &str, due: i64, attempt: u32, reason: &str, again: Option<i64>) {
    let due = utc(due);
    match again.map(utc) {
        Some(again) => warn!(
            schedule,
            due, attempt, reason, again, "failed; tried again later"
        ),
        None => error!(
            schedule,
            due, attempt, reason, "failed for good; the next due time goes on"
        ),
    }
}
