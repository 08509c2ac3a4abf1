//! `muster status`

mod timetable;

use clap::Args;
use serde_json::json;

use self::timetable::{Expected, Row};
use super::exit::{Exit, Failure};
use super::extent::{Extent, tell_left_out};
use super::output::{print_json, print_part, print_table};
use super::results::{Seen, now, reader_at, seen, wrong_rules};
use super::{Common, Format};
use crate::config::Place;
use crate::store::{LeaseHolder, Run, RunStatus, StoredSegment, Timetable, Undelivered};
use crate::time::{format_instant, moment};
use crate::view::{Cell, Heading, Table, marks};

/// Of each schedule, how many due times are looked at; its newest success is among them anyway.
const RECENT: u32 = 64;

/// The last runs, newest first, how the schedules stand, undelivered mail, and what needs attention.
#[derive(Args, Debug)]
pub(super) struct Status {
    #[command(flatten)]
    extent: Extent,
}

/// So many runs in a table.
const USUAL: u32 = 10;

/// What is stored of all that.
#[derive(Default)]
struct Stored {
    runs: Vec<Run>,
    /// How many there are, listed or not.
    runs_kept: u64,
    /// The last one, however it ended.
    newest: Option<Run>,
    published: Option<Run>,
    segments: Vec<StoredSegment>,
    timetable: Timetable,
    lease: Option<LeaseHolder>,
    mail: Undelivered,
}

/// How all stands, and how it is told.
struct View {
    place: Place,
    /// What is wrong with config or rules, in a line.
    wrong: Option<String>,
    stored: Stored,
    rows: Vec<Row>,
    now: i64,
}

pub(super) async fn status(command: &Status, common: &Common) -> Result<Exit, Failure> {
    let most = command.extent.most(USUAL, common.format);
    let view = match seen(common)? {
        Seen::Whole(config) => {
            let stored = Stored::of(&config.place(), most).await?;
            let wrong = wrong_rules(common).await;
            View::new(
                config.place(),
                wrong,
                stored,
                timetable::of_config(&config)?,
            )
        }
        Seen::Wrong(wrong) => {
            // Where not even the database can be read, config is what has to be mended first.
            let Ok(stored) = Stored::of(&wrong.place, most).await else {
                return Err(wrong.failure);
            };
            let expected = timetable::as_last_seen(&stored.timetable);
            View::new(wrong.place, Some(wrong.words), stored, expected)
        }
    };
    let attention = view.attention();
    match common.format {
        Format::Json => view.tell_programs(&attention)?,
        Format::Table => view.tell_people(&attention)?,
        Format::Csv | Format::Jsonl => {
            let runs = table(&view.stored.runs, view.place.timezone);
            print_table(&runs, common.format, view.place.locale)?;
            for line in &attention {
                note!("attention: {line}");
            }
        }
    }
    let (listed, of) = (view.stored.runs.len(), view.stored.runs_kept);
    tell_left_out(
        listed,
        of,
        "earlier run",
        "--all",
        &marks(view.place.locale),
    );
    Ok(match (view.wrong, attention.is_empty()) {
        (Some(_), _) => Exit::Input,
        (None, false) => Exit::Attention,
        (None, true) => Exit::Done,
    })
}

impl Stored {
    async fn of(place: &Place, most: Option<u32>) -> Result<Self, Failure> {
        let Some(mut store) = reader_at(place).await? else {
            return Ok(Self::default());
        };
        let stored = Self {
            runs: store.runs(most).await?,
            runs_kept: store.count_runs().await?,
            newest: store.runs(1).await?.into_iter().next(),
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

impl View {
    fn new(place: Place, wrong: Option<String>, stored: Stored, expected: Vec<Expected>) -> Self {
        let now = now();
        let rows = timetable::rows(expected, &stored.timetable, stored.published.as_ref(), now);
        Self {
            place,
            wrong,
            stored,
            rows,
            now,
        }
    }

    fn tell_programs(&self, attention: &[String]) -> Result<(), Failure> {
        let zone = self.place.timezone;
        let runs = |runs: &[Run]| table(runs, zone).to_json();
        let stored = &self.stored;
        let lease = stored.lease.as_ref();
        let mut mail = json!(stored.mail);
        if let Some(mail) = mail.as_object_mut() {
            let oldest = stored.mail.oldest.map(|at| format_instant(at, zone));
            mail.insert("oldest".into(), json!(oldest));
        }
        print_json(&json!({
            "config_wrong": self.wrong,
            "last_published": runs(stored.published.as_slice()).get(0),
            "stale": stored.stale(),
            "schedules": timetable::to_json(&self.rows),
            "lease": lease.map(|holder| timetable::lease_to_json(holder, zone, self.now)),
            "mail": mail,
            "attention": attention,
            "runs": runs(&stored.runs),
        }))
    }

    fn tell_people(&self, attention: &[String]) -> Result<(), Failure> {
        let (locale, zone) = (self.place.locale, self.place.timezone);
        if !self.rows.is_empty() {
            print_part(&timetable::table(&self.rows), locale)?;
            say!();
        }
        // When a run began is of interest where it was late, and then it says so.
        let mut runs = table(&self.stored.runs, zone).without("started_at");
        if runs.is_empty_in("message") {
            runs = runs.without("message");
        }
        print_part(&runs, locale)?;
        if self.stored.runs_kept == 0 {
            note!("no run yet");
        }
        if let Some(holder) = &self.stored.lease {
            say!("{}", timetable::lease_in_words(holder, zone, self.now));
        }
        for line in self.rows.iter().filter_map(Row::hint) {
            say!("{line}");
        }
        for line in attention {
            say!("attention: {line}");
        }
        Ok(())
    }

    /// What a person should look at, and what to do about it.
    fn attention(&self) -> Vec<String> {
        let stored = &self.stored;
        let published = stored.published.as_ref();
        let ahead = published.filter(|run| run.as_of > self.now).map(|run| {
            format!(
                "the last published run is as of {}, which is still to come: the clock was ahead, \
                 or somebody asked for it",
                moment(run.as_of, self.place.timezone)
            )
        });
        let stale = stored.stale().into_iter().map(|segment| {
            format!(
                "`{}` is stale: {}",
                segment.id,
                segment.stale.as_deref().unwrap_or_default()
            )
        });
        let wrong = self.wrong.iter().cloned();
        let lines = wrong.chain(self.failed()).chain(ahead).chain(stale);
        let schedules = self.rows.iter().flat_map(Row::attention);
        lines.chain(schedules).chain(mail(&stored.mail)).collect()
    }

    /// The last run, where it failed and its schedule does not say so itself.
    fn failed(&self) -> Option<String> {
        let run = self.stored.newest.as_ref();
        let run = run.filter(|run| run.status == RunStatus::Failed)?;
        let told = self.rows.iter().any(|row| row.tells_of(run));
        (!told).then(|| {
            format!(
                "the last run, {}, failed: {}",
                run.id,
                run.message.as_deref().unwrap_or("no reason is known")
            )
        })
    }
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
        Heading::left("started_at", "Started").spare(50),
        Heading::left("status", "Status"),
        Heading::left("trigger", "Trigger").spare(30),
        Heading::right("subjects", "Subjects").spare(40),
        Heading::left("message", "Message").spare(20),
    ]);
    for run in runs {
        table.rows.push(vec![
            Cell::Key(run.id),
            Cell::Moment(run.as_of, zone),
            Cell::Moment(run.started_at, zone),
            Cell::Text(run.status.name().to_string()),
            Cell::Text(run.trigger.clone()),
            Cell::Integer(run.subjects),
            Cell::optional(run.message.as_deref()),
        ]);
    }
    table
}
