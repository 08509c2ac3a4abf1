//! The overall status: the last runs, the schedules, who is working, undelivered mail, and what needs attention.

mod timetable;

use chrono_tz::Tz;
use serde_json::{Value as Json, json};

pub use timetable::{Expected, ScheduleRow, as_last_seen, of_config, schedules_table};

use super::outbox::undelivered_words;
use super::table::{Cell, Heading, Table};
use crate::config::Marks;
use crate::engine::ProblemCount;
use crate::publish::Standing;
use crate::store::{Overview, Run, RunStatus, StoredSegment};
use crate::time::format_instant;

/// The maximum number of data problems listed.
const PROBLEMS: usize = 5;

/// The separator between the reasons of a held run: each has a line of its own.
const FURTHER: &str = ";\n  ";

/// The overall status at an instant.
#[derive(Debug)]
pub struct StatusView {
    /// Errors in config or rules, in one line.
    pub wrong: Option<String>,
    /// What is stored.
    pub stored: Overview,
    /// The state of the server that results are published to; `None` if there is none, or if it was not asked.
    pub publication: Option<Standing>,
    /// The state of each schedule.
    pub schedules: Vec<ScheduleRow>,
    zone: Tz,
    marks: Marks,
    now: i64,
}

impl StatusView {
    /// The status as of `now`, in microseconds UTC; other times are shown in `zone`.
    pub fn new(
        wrong: Option<String>,
        stored: Overview,
        expected: Vec<Expected>,
        (zone, marks): (Tz, Marks),
        now: i64,
    ) -> Self {
        let published = stored.published.as_ref();
        let schedules = timetable::rows(expected, &stored.timetable, published, now);
        Self {
            wrong,
            stored,
            publication: None,
            schedules,
            zone,
            marks,
            now,
        }
    }

    /// Everything as JSON.
    pub fn to_json(&self) -> Json {
        let runs = |runs: &[Run]| runs_table(runs, self.zone).to_json();
        let stored = &self.stored;
        let mut mail = json!(stored.mail);
        if let Some(mail) = mail.as_object_mut() {
            let oldest = stored.mail.oldest;
            let oldest = oldest.map(|at| format_instant(at, self.zone));
            mail.insert("oldest".into(), json!(oldest));
        }
        let lease = stored.lease.as_ref();
        let attention = self.attention();
        json!({
            "config_wrong": self.wrong,
            "last_published": runs(stored.published.as_slice()).get(0),
            "held": runs(stored.held.last().map_or(&[], std::slice::from_ref)).get(0),
            "stale": self.stale().collect::<Vec<_>>(),
            "schedules": self.schedules.iter().map(ScheduleRow::to_json).collect::<Vec<_>>(),
            "lease": lease.map(|holder| timetable::lease_to_json(holder, self.zone, self.now)),
            "mail": mail,
            "data_problems": self.problems(),
            "attention": attention.iter().map(|line| line.replace(FURTHER, "; ")).collect::<Vec<_>>(),
            "runs": runs(&stored.runs),
        })
    }

    /// The last runs for machine-readable formats: every column.
    pub fn runs(&self) -> Table {
        runs_table(&self.stored.runs, self.zone)
    }

    /// The last runs for display. The start time is shown only for a late run, which says so.
    pub fn runs_for_people(&self) -> Table {
        // The reason why the newest run is held is shown under attention.
        let held = self.stored.held.last().map(|run| run.id);
        let shortened = |run: &Run| {
            let mut run = run.clone();
            if run.status == RunStatus::Held {
                let reason = run.reasons().next().map(str::to_owned);
                run.message = reason.filter(|_| held != Some(run.id));
            }
            run
        };
        let runs: Vec<Run> = self.stored.runs.iter().map(shortened).collect();
        runs_table(&runs, self.zone)
            .without("started_at")
            .without_empty("message")
    }

    /// Who is working, what is not a problem yet, and what was wrong in the data, in sentences.
    pub fn remarks(&self) -> Vec<String> {
        let lease = self.stored.lease.iter();
        let lease = lease
            .map(|holder| timetable::lease_in_words(holder, (self.zone, &self.marks), self.now));
        let hints = self.schedules.iter().filter_map(ScheduleRow::hint);
        let current = self
            .publication
            .iter()
            .filter_map(|standing| match standing {
                Standing::Current(words) => Some(words.clone()),
                Standing::Behind(_) => None,
            });
        let lines = lease.chain(hints).chain(current);
        lines.chain(self.data()).collect()
    }

    /// The data problems of the last published run.
    fn problems(&self) -> &[ProblemCount] {
        let published = self.stored.published.as_ref();
        let summary = published.and_then(|run| run.data_summary.as_ref());
        summary.map_or(&[][..], |summary| &summary.problems)
    }

    /// The same, one a line.
    fn data(&self) -> Vec<String> {
        let problems = self
            .problems()
            .iter()
            .filter(|problem| !problem.kind.is_urgent());
        let problems: Vec<&ProblemCount> = problems.collect();
        let words = problems
            .iter()
            .take(PROBLEMS)
            .map(|problem| problem.words());
        let rest = problems.len().saturating_sub(PROBLEMS);
        let rest = (rest > 0).then(|| format!("{rest} more, which `muster run --dry-run` tells"));
        words
            .chain(rest)
            .map(|line| format!("data: {line}"))
            .collect()
    }

    /// What needs attention and what to do about it: one a line, with further lines indented.
    pub fn attention(&self) -> Vec<String> {
        let ahead = self.stored.published.as_ref();
        let ahead = ahead.filter(|run| run.as_of > self.now).map(|run| {
            format!(
                "the last published run is as of {}, which is still to come: the clock was ahead, \
                 or somebody asked for it",
                self.marks.moment(run.as_of, self.zone)
            )
        });
        let stale = self.stale().map(|segment| {
            format!(
                "`{}` is stale: {}",
                segment.id,
                segment.stale.as_deref().unwrap_or_default()
            )
        });
        let urgent = self
            .problems()
            .iter()
            .filter(|problem| problem.kind.is_urgent());
        let urgent = urgent.map(|problem| format!("data: {}", problem.words()));
        let wrong = self.wrong.iter().cloned();
        let lines = wrong
            .chain(self.held())
            .chain(self.failed())
            .chain(ahead)
            .chain(stale)
            .chain(urgent);
        let schedules = self
            .schedules
            .iter()
            .flat_map(|row| row.attention(&self.marks));
        let mail = undelivered_words(&self.stored.mail);
        let behind = self
            .publication
            .iter()
            .filter_map(|standing| match standing {
                Standing::Behind(words) => Some(words.clone()),
                Standing::Current(_) => None,
            });
        lines.chain(schedules).chain(mail).chain(behind).collect()
    }

    fn stale(&self) -> impl Iterator<Item = &StoredSegment> {
        let segments = self.stored.segments.iter();
        segments.filter(|segment| segment.stale.is_some())
    }

    /// The newest run that is held.
    fn held(&self) -> Option<String> {
        let run = self.stored.held.last()?;
        let published = self.stored.published.as_ref();
        let instead = published.map_or_else(String::new, |run| {
            format!(", and run {} stays published", run.id)
        });
        let reasons: Vec<&str> = run.reasons().collect();
        Some(format!(
            "run {}, as of {}, is held{instead}: {}",
            run.id,
            self.marks.moment(run.as_of, self.zone),
            reasons.join(FURTHER)
        ))
    }

    /// The last run, if it failed and its schedule does not report that itself.
    fn failed(&self) -> Option<String> {
        let run = self.stored.newest.as_ref();
        let run = run.filter(|run| run.status == RunStatus::Failed)?;
        let told = self.schedules.iter().any(|row| row.tells_of(run));
        (!told).then(|| {
            format!(
                "the last run, {}, failed: {}",
                run.id,
                run.message.as_deref().unwrap_or("no reason is known")
            )
        })
    }
}

fn runs_table(runs: &[Run], zone: Tz) -> Table {
    let moment = move |at| Cell::Moment(at, zone);
    Table::of(runs)
        .column(Heading::right("id", "Run"), |run| Cell::Key(run.id))
        .column(Heading::left("as_of", "As of"), move |run| {
            moment(run.as_of)
        })
        .column(
            Heading::left("started_at", "Started").spare(50),
            move |run| moment(run.started_at),
        )
        .column(Heading::left("status", "Status"), |run| run.status.name())
        .column(Heading::left("trigger", "Trigger").spare(30), |run| {
            run.trigger.clone()
        })
        .column(Heading::right("subjects", "Subjects").spare(40), |run| {
            run.subjects
        })
        .column(Heading::left("message", "Message").spare(20), |run| {
            run.message.clone()
        })
        .done()
}
