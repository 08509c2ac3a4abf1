//! `muster status`

mod timetable;

use clap::Args;
use serde_json::json;

use self::timetable::Row;
use super::exit::{Exit, Failure};
use super::output::{print_json, print_table};
use super::results::{config, local_time, now, reader};
use super::{Common, Format};
use crate::config::Config;
use crate::report::{Cell, Heading, Table};
use crate::store::{LeaseHolder, Run, RunStatus, Store, StoredSegment, Timetable, Undelivered};

/// Of each schedule, how many due times are looked at; its newest success is among them anyway.
const RECENT: u32 = 64;

/// The last runs, how the schedules stand, undelivered mail, and what needs attention.
#[derive(Args, Debug)]
pub(super) struct Status {
    /// How many runs
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: u32,
}

/// What is stored of all that.
#[derive(Default)]
struct Stored {
    runs: Vec<Run>,
    published: Option<Run>,
    segments: Vec<StoredSegment>,
    timetable: Timetable,
    lease: Option<LeaseHolder>,
    mail: Undelivered,
}

pub(super) async fn status(command: &Status, common: &Common) -> Result<Exit, Failure> {
    let config = config(common)?;
    let stored = match reader(&config).await? {
        Some(store) => Stored::read(store, command.limit).await?,
        None => Stored::default(),
    };
    let now = now();
    let rows = timetable::rows(&config, &stored.timetable, stored.published.as_ref(), now)?;
    let attention = attention(&stored, &rows, &config, now);
    match common.format {
        Format::Json => tell_programs(&stored, &rows, &attention, &config, now)?,
        Format::Table => tell_people(&stored, &rows, &attention, &config, now)?,
        Format::Csv | Format::Jsonl => {
            let runs = table(&stored.runs, config.timezone);
            print_table(&runs, common.format, config.locale)?;
        }
    }
    Ok(match attention.is_empty() {
        true => Exit::Done,
        false => Exit::Attention,
    })
}

impl Stored {
    async fn read(mut store: Store, limit: u32) -> Result<Self, Failure> {
        let stored = Self {
            runs: store.runs(limit).await?,
            published: store.last_published().await?,
            segments: store.segments().await?,
            timetable: store.timetable(RECENT).await?,
            lease: store.lease().await?,
            mail: store.undelivered().await?,
        };
        store.close().await?;
        Ok(stored)
    }

    fn stale(&self) -> Vec<&StoredSegment> {
        let segments = self.segments.iter();
        segments.filter(|segment| segment.stale.is_some()).collect()
    }
}

fn tell_programs(
    stored: &Stored,
    rows: &[Row<'_>],
    attention: &[String],
    config: &Config,
    now: i64,
) -> Result<(), Failure> {
    let runs = |runs: &[Run]| table(runs, config.timezone).to_json();
    let published = stored.published.as_slice();
    let lease = stored.lease.as_ref();
    print_json(&json!({
        "last_published": runs(published).get(0),
        "stale": stored.stale(),
        "schedules": timetable::to_json(rows),
        "lease": lease.map(|holder| timetable::lease_to_json(holder, now)),
        "mail": stored.mail,
        "attention": attention,
        "runs": runs(&stored.runs),
    }))
}

fn tell_people(
    stored: &Stored,
    rows: &[Row<'_>],
    attention: &[String],
    config: &Config,
    now: i64,
) -> Result<(), Failure> {
    if !rows.is_empty() {
        print_table(&timetable::table(rows), Format::Table, config.locale)?;
        say!();
    }
    let runs = table(&stored.runs, config.timezone);
    print_table(&runs, Format::Table, config.locale)?;
    if stored.runs.is_empty() {
        note!("no run yet");
    }
    if let Some(holder) = &stored.lease {
        say!("{}", timetable::lease_in_words(holder, now));
    }
    for line in attention {
        say!("attention: {line}");
    }
    Ok(())
}

/// What a person should look at.
fn attention(stored: &Stored, rows: &[Row<'_>], config: &Config, now: i64) -> Vec<String> {
    let failed = stored.runs.first();
    let failed = failed.filter(|run| run.status == RunStatus::Failed);
    let failed = failed.map(|run| {
        format!(
            "the last run, {}, failed: {}",
            run.id,
            run.message.as_deref().unwrap_or("no reason is known")
        )
    });
    let ahead = stored.published.as_ref().filter(|run| run.as_of > now);
    let ahead = ahead.map(|run| {
        format!(
            "the last published run is as of {}, which is still to come: the clock was ahead, \
             or somebody asked for it",
            local_time(run.as_of, config.timezone)
        )
    });
    let stale = stored.stale().into_iter().map(|segment| {
        format!(
            "`{}` is stale: {}",
            segment.id,
            segment.stale.as_deref().unwrap_or_default()
        )
    });
    let schedules = rows.iter().flat_map(Row::attention);
    let lines = failed.into_iter().chain(ahead).chain(stale);
    lines.chain(schedules).chain(mail(&stored.mail)).collect()
}

/// What there is to say of mail that has not arrived; nothing where all goes its way.
fn mail(mail: &Undelivered) -> Option<String> {
    if !mail.needs_attention() {
        return None;
    }
    let counts = [
        (mail.tried, "tried in vain"),
        (mail.held, "held back"),
        (mail.refused, "refused"),
        (mail.unknown, "perhaps arrived"),
        (mail.expired, "not sent in time"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let mut words: Vec<String> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    words.extend(mail.login.as_ref().map(|_| "the login was refused".into()));
    Some(format!(
        "mail: {}; `muster outbox` lists it",
        words.join(", ")
    ))
}

fn table(runs: &[Run], zone: chrono_tz::Tz) -> Table {
    let mut table = Table::new([
        Heading::right("id", "Run"),
        Heading::left("as_of", "As of"),
        Heading::left("started_at", "Started"),
        Heading::left("status", "Status"),
        Heading::left("trigger", "Trigger"),
        Heading::right("subjects", "Subjects"),
        Heading::left("message", "Message"),
    ]);
    for run in runs {
        table.rows.push(vec![
            Cell::Key(run.id),
            Cell::Instant(run.as_of, zone),
            Cell::Instant(run.started_at, zone),
            Cell::Text(run.status.name().to_string()),
            Cell::Text(run.trigger.clone()),
            Cell::Integer(run.subjects),
            Cell::optional(run.message.as_deref()),
        ]);
    }
    table
}
