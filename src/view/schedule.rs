//! The coming runs of each schedule, and the effect of clock changes on them.

use chrono_tz::Tz;
use serde_json::{Value as Json, json};

use super::table::{Cell, Heading, Table};
use crate::config::{Config, Schedule};
use crate::schedule::{Calendar, Due, Effect, Refused, Touched, Twist, time_of_day, times_of_day};
use crate::time::{local_micros, naive_of_micros};

/// How far ahead clock changes are announced, in microseconds: one year.
const YEAR: i64 = 366 * 86_400 * 1_000_000;

/// The coming runs of config's schedules.
#[derive(Debug)]
pub struct ComingRuns {
    /// One row per run, grouped by schedule.
    pub coming: Table,
    /// One row per clock change within a year that affects a schedule.
    pub clock_changes: Table,
}

impl ComingRuns {
    /// The next `count` runs of each schedule from `now`, in microseconds UTC.
    ///
    /// # Errors
    /// A cron expression cannot be parsed; config has already been checked for this.
    pub fn new(config: &Config, now: i64, count: usize) -> Result<Self, Refused> {
        let (mut coming, mut changes) = (Vec::new(), Vec::new());
        for schedule in &config.schedules {
            let calendar = Calendar::new(&schedule.cron.value, schedule.timezone)?;
            let dues = calendar.coming(now, count).into_iter();
            coming.extend(dues.map(|due| (schedule, due)));
            let touched = calendar.touched(now, now.saturating_add(YEAR));
            changes.extend(touched.map(|touched| (schedule, touched)));
        }
        Ok(Self {
            coming: coming_table(&coming),
            clock_changes: changes_table(&changes),
        })
    }

    /// Both tables as JSON.
    pub fn to_json(&self) -> Json {
        json!({
            "coming": self.coming.to_json(),
            "clock_changes": self.clock_changes.to_json(),
        })
    }

    /// The coming runs for display: each instant names its zone.
    pub fn for_people(&self) -> Table {
        self.coming.clone().without("zone").without_empty("note")
    }
}

fn coming_table(rows: &[(&Schedule, Due)]) -> Table {
    Table::of(rows)
        .column(Heading::left("schedule", "Schedule"), |(schedule, _)| {
            schedule.id.value.clone()
        })
        .column(Heading::left("due", "Due"), |(schedule, due)| {
            Cell::Moment(due.at, schedule.timezone)
        })
        .column(Heading::left("day", "Day").spare(40), |(schedule, due)| {
            let local = naive_of_micros(local_micros(due.at, schedule.timezone));
            local.format("%a").to_string()
        })
        .column(
            Heading::left("zone", "Time zone").spare(50),
            |(schedule, _)| schedule.timezone.name(),
        )
        .column(Heading::left("work", "Work").spare(30), |(schedule, _)| {
            work(schedule)
        })
        .column(Heading::left("note", "Note").spare(20), |(_, due)| {
            note(due)
        })
        .done()
}

fn changes_table(rows: &[(&Schedule, Touched)]) -> Table {
    Table::of(rows)
        .column(Heading::left("schedule", "Schedule"), |(schedule, _)| {
            schedule.id.value.clone()
        })
        .column(
            Heading::left("at", "Clocks change"),
            |(schedule, touched)| Cell::Moment(touched.change.at, schedule.timezone),
        )
        .column(
            Heading::left("effect", "What becomes of its runs"),
            |(schedule, touched)| effect(touched, schedule.timezone),
        )
        .done()
}

/// The effect of a clock change on a run.
fn note(due: &Due) -> Option<String> {
    let time = time_of_day(due.local);
    match due.twist {
        Twist::None => None,
        Twist::Moved => Some(format!("the clock skips {time}: due right after the gap")),
        Twist::Once => Some(format!("the clock shows {time} twice: due the first time")),
        Twist::First => Some(format!("the clock shows {time} twice: due both times")),
        Twist::Second => Some(format!("{time} for the second time")),
    }
}

/// What a schedule does, in words.
fn work(schedule: &Schedule) -> String {
    let reports: Vec<&str> = schedule.reports.iter().map(|r| r.value.as_str()).collect();
    let mails = format!("mails {}", reports.join(", "));
    match (schedule.runs, reports.is_empty()) {
        (true, true) => "evaluates".into(),
        (true, false) => format!("evaluates, {mails}"),
        (false, false) => format!("{mails} of the last run"),
        (false, true) => "nothing".into(),
    }
}

fn effect(touched: &Touched, zone: Tz) -> String {
    let (count, times) = times_of_day(&touched.times);
    let verb = if count == 1 { "is" } else { "are" };
    let after = local_micros(touched.change.at, zone);
    match touched.effect {
        Effect::Moved => format!("{times} is skipped: due at {} instead", time_of_day(after)),
        Effect::Once => format!("{times} is shown twice: due the first time"),
        Effect::Skipped => format!("{times} {verb} skipped"),
        Effect::Doubled => format!("{times} {verb} due twice"),
    }
}
