//! `muster schedule`

use chrono_tz::Tz;
use clap::Args;
use serde_json::json;

use super::exit::{Exit, Failure};
use super::output::{print_json, print_part, print_table};
use super::results::{config, now, reader};
use super::{Common, Format};
use crate::config::{self, Config};
use crate::schedule::{Calendar, Due, Effect, Touched, Twist, time_of_day, times_of_day};
use crate::serve::skip_missed;
use crate::time::{local_micros, moment, naive_of_micros};
use crate::view::{Cell, Heading, Table};

/// How far changes of the clocks are told ahead, in microseconds: a year.
const YEAR: i64 = 366 * 86_400 * 1_000_000;

/// The coming runs of each schedule, in its zone.
#[derive(Args, Debug)]
pub(super) struct Schedule {
    /// How many runs of each schedule
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    count: u16,
    /// After a backup was put back: everything due until now counts as done
    #[arg(long)]
    skip_missed: bool,
}

pub(super) async fn schedule(command: &Schedule, common: &Common) -> Result<Exit, Failure> {
    let config = config(common)?;
    if command.skip_missed {
        skip(&config).await?;
    }
    if config.schedules.is_empty() {
        note!("config names no `schedules:`; nothing runs by itself");
    }
    let now = now();
    let mut coming = coming_table();
    let mut changes = changes_table();
    for schedule in &config.schedules {
        let calendar = calendar(schedule)?;
        for due in calendar.coming(now, usize::from(command.count)) {
            coming.rows.push(coming_row(schedule, &due));
        }
        for touched in calendar.touched(now, now.saturating_add(YEAR)) {
            changes.rows.push(change_row(schedule, &touched));
        }
    }
    show(&coming, &changes, &config, common.format)?;
    Ok(Exit::Done)
}

/// Takes what was due until now for done, and says what that was.
async fn skip(config: &Config) -> Result<(), Failure> {
    // A file that is not there is told of, and not made.
    if let Some(store) = reader(config).await? {
        store.close().await?;
    }
    let skipped = skip_missed(config, now()).await?;
    for one in &skipped {
        let schedules = config.schedules.iter();
        let mut named = schedules.filter(|schedule| schedule.id.value == one.schedule);
        let zone = named.next().map_or(config.timezone, |s| s.timezone);
        note!(
            "`{}`: all that was due until {} counts as done",
            one.schedule,
            moment(one.due, zone)
        );
    }
    if skipped.is_empty() {
        note!("nothing that was due until now is open");
    }
    Ok(())
}

/// The calendar of a schedule; config has held its cron text against the rules already.
pub(super) fn calendar(schedule: &config::Schedule) -> Result<Calendar, Failure> {
    Calendar::new(&schedule.cron.value, schedule.timezone)
        .map_err(|refused| Failure::input(refused.to_string()))
}

fn show(coming: &Table, changes: &Table, config: &Config, format: Format) -> Result<(), Failure> {
    if format == Format::Json {
        return print_json(&json!({
            "coming": coming.to_json(),
            "clock_changes": changes.to_json(),
        }));
    }
    if format != Format::Table {
        print_table(coming, format, config.locale)?;
        if !changes.rows.is_empty() {
            note!("clock changes are left out; `--format json` has them");
        }
        return Ok(());
    }
    // Each instant names its zone; a column without anything in it only takes room.
    let mut coming = coming.clone().without("zone");
    if coming.is_empty_in("note") {
        coming = coming.without("note");
    }
    print_part(&coming, config.locale)?;
    if !changes.rows.is_empty() {
        say!();
        print_part(changes, config.locale)?;
    }
    Ok(())
}

fn coming_table() -> Table {
    Table::new([
        Heading::left("schedule", "Schedule"),
        Heading::left("due", "Due"),
        Heading::left("day", "Day").spare(40),
        Heading::left("zone", "Time zone").spare(50),
        Heading::left("work", "Work").spare(30),
        Heading::left("note", "Note").spare(20),
    ])
}

fn coming_row(schedule: &config::Schedule, due: &Due) -> Vec<Cell> {
    let time = time_of_day(due.local);
    let note = match due.twist {
        Twist::None => None,
        Twist::Moved => Some(format!("the clock skips {time}: due right after the gap")),
        Twist::Once => Some(format!("the clock shows {time} twice: due the first time")),
        Twist::First => Some(format!("the clock shows {time} twice: due both times")),
        Twist::Second => Some(format!("{time} for the second time")),
    };
    vec![
        Cell::Text(schedule.id.value.clone()),
        Cell::Moment(due.at, schedule.timezone),
        Cell::Text(
            naive_of_micros(local_micros(due.at, schedule.timezone))
                .format("%a")
                .to_string(),
        ),
        Cell::Text(schedule.timezone.name().into()),
        Cell::Text(work(schedule)),
        Cell::optional(note.as_deref()),
    ]
}

/// What a schedule does, in words.
fn work(schedule: &config::Schedule) -> String {
    let reports: Vec<&str> = schedule.reports.iter().map(|r| r.value.as_str()).collect();
    let mails = format!("mails {}", reports.join(", "));
    match (schedule.runs, reports.is_empty()) {
        (true, true) => "evaluates".into(),
        (true, false) => format!("evaluates, {mails}"),
        (false, false) => format!("{mails} of the last run"),
        (false, true) => "nothing".into(),
    }
}

fn changes_table() -> Table {
    Table::new([
        Heading::left("schedule", "Schedule"),
        Heading::left("at", "Clocks change"),
        Heading::left("effect", "What becomes of its runs"),
    ])
}

fn change_row(schedule: &config::Schedule, touched: &Touched) -> Vec<Cell> {
    let zone = schedule.timezone;
    vec![
        Cell::Text(schedule.id.value.clone()),
        Cell::Moment(touched.change.at, zone),
        Cell::Text(effect(touched, zone)),
    ]
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
