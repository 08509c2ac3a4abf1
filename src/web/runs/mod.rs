//! Runs: the schedules, past runs and errors; starting a run now, and accepting one that is held.

mod now;
mod publication;
mod ran;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono_tz::Tz;
use serde::Serialize;

use super::Web;
use super::fields::Posted;
use super::refusal::Refusal;
use super::state::Files;
use super::table::ShownTable;
use super::who::{Role, Visitor};
use super::work::Worked;
use crate::config::marks;
use crate::store::{Audited, Overview, Run, Store};
use crate::value::capitalised;
use crate::view::{Cell, ComingRuns, Heading, StatusView, Table, of_config, schedules_table};
use now::Wish;
use publication::{Known, publication};
use ran::Mover;
pub(super) use ran::Ran;

/// The maximum number of runs listed.
const RUNS: u32 = 25;
/// The number of coming runs listed for each schedule.
const COMING: usize = 3;
/// The maximum number of entries listed from the audit log.
const AUDITED: u32 = 50;
/// The name of this page's work.
const WORK: &str = "run";

#[derive(Serialize)]
struct Filled<'r> {
    as_of: String,
    work: Option<WorkView>,
    /// What needs attention: groups of lines that belong together.
    attention: Vec<Vec<String>>,
    held: Option<Held>,
    movers: &'r [Mover],
    may_run: bool,
    remarks: Vec<String>,
    sections: Vec<Section>,
}

/// The current work, or the last one.
#[derive(Serialize)]
struct WorkView {
    title: &'static str,
    running: bool,
    failed: bool,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct Held {
    id: i64,
    as_of: String,
    reasons: Vec<String>,
}

/// A table under a heading.
#[derive(Serialize)]
struct Section {
    id: &'static str,
    title: &'static str,
    table: ShownTable,
    /// The text shown if it has no rows.
    none: &'static str,
}

/// The overview.
pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let config = &files.config;
    let (zone, marks) = (config.timezone, marks(config.locale));
    let (overview, audited) = stored(&files).await?;
    let held = overview.held.last().map(|run| Held {
        id: run.id,
        as_of: marks.moment(run.as_of, zone),
        reasons: run.reasons().map(str::to_owned).collect(),
    });
    let now = web.now();
    let refused = |error: crate::schedule::Refused| Refusal::not_now(error.to_string());
    let expected = of_config(config).map_err(refused)?;
    let mut view = StatusView::new(files.wrong.clone(), overview, expected, (zone, marks), now);
    let asked = match publication(&web, config).await {
        Known::Standing(standing) => {
            view.publication = standing;
            None
        }
        Known::Asked(words) => Some(words),
    };
    let coming = ComingRuns::new(config, now, COMING).map_err(refused)?;
    let mut runs = view.runs_for_people();
    for heading in runs.headings.iter_mut().filter(|h| h.key == "subjects") {
        heading.label = capitalised(&config.subject.plural);
    }
    let shown = |table: &Table| ShownTable::new(table, &marks);
    let work = web.desk().runs.state(WORK);
    let ran = match &work {
        Worked::Done(ran) => Some(ran.clone()),
        _ => None,
    };
    let lines = |text: String| text.lines().map(str::to_owned).collect();
    let filled = Filled {
        as_of: format!("as of {}", marks.moment(now, zone)),
        work: work_view(&work),
        attention: view.attention().into_iter().map(lines).collect(),
        held,
        movers: ran.as_ref().map_or(&[], |ran| &ran.movers),
        may_run: visitor.may(Role::Operate),
        remarks: view.remarks().into_iter().chain(asked).collect(),
        sections: vec![
            Section {
                id: "schedules",
                title: "Timetable",
                table: shown(&schedules_table(&view.schedules)),
                none: "Config names no schedules; nothing runs by itself.",
            },
            Section {
                id: "coming",
                title: "Coming runs",
                table: shown(&coming.for_people()),
                none: "None is due.",
            },
            Section {
                id: "runs",
                title: "Last runs",
                table: shown(&runs),
                none: "No run yet.",
            },
            Section {
                id: "audit",
                title: "What people did here",
                table: shown(&audit_table(&audited, zone)),
                none: "Nobody has exported, edited, run or released anything on the page.",
            },
        ],
    };
    web.page(&visitor, "/runs", "Runs", "runs.html", filled)
}

/// The stored overview and the audit log; empty if nothing was ever stored.
async fn stored(files: &Files) -> Result<(Overview, Vec<Audited>), Refusal> {
    let Some(mut store) = Store::open_reader(files.config.results_path()).await? else {
        return Ok((Overview::default(), Vec::new()));
    };
    Ok((
        store.overview(Some(RUNS)).await?,
        store.audited(AUDITED).await?,
    ))
}

fn audit_table(audited: &[Audited], zone: Tz) -> Table {
    Table::of(audited)
        .column(Heading::left("at", "At"), move |act| {
            Cell::Moment(act.at, zone)
        })
        .column(Heading::left("who", "Who"), |act| act.who.clone())
        .column(Heading::left("what", "What"), |act| act.what.clone())
        .column(Heading::left("of", "Of"), |act| act.of.clone())
        .done()
}

fn work_view(work: &Worked<Ran>) -> Option<WorkView> {
    let (title, running, failed, lines) = match work {
        Worked::Not => return None,
        Worked::Doing(progress) => {
            let words = progress.words().into_iter().collect();
            ("The data is being read", true, false, words)
        }
        Worked::Done(ran) => (ran.title, false, false, ran.lines.clone()),
        Worked::Failed(reason) => {
            let lines = reason.lines().map(str::to_owned).collect();
            ("The run failed", false, true, lines)
        }
    };
    Some(WorkView {
        title,
        running,
        failed,
        lines,
    })
}

/// Evaluates and publishes, like `muster run`.
pub(super) async fn run(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refusal> {
    begin(&web, visitor, Wish::Publish)
}

/// Shows who would move, like `muster run --dry-run`.
pub(super) async fn try_run(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refusal> {
    begin(&web, visitor, Wish::Try)
}

/// Publishes despite the guard, like `muster run --accept`, if the held run is still the one that the visitor saw.
pub(super) async fn accept(
    State(web): State<Web>,
    visitor: Visitor,
    Posted(fields): Posted,
) -> Result<Response, Refusal> {
    let (overview, _) = stored(&*web.files().await?).await?;
    let held = overview.held.last().map(|run: &Run| run.id);
    let looked_at = fields.said("run").and_then(|run| run.parse().ok());
    let Some(run) = held.filter(|run| looked_at == Some(*run)) else {
        return Err(Refusal::conflict(
            "the run that you looked at is no longer the one that is held: look at Runs again",
        ));
    };
    begin(&web, visitor, Wish::Accept(run))
}

/// Starts the work unless some is running; its result is logged together with who asked for it.
fn begin(web: &Web, visitor: Visitor, wish: Wish) -> Result<Response, Refusal> {
    let runs = web.desk().runs.clone();
    let web = web.clone();
    let work = async move |progress| {
        let mut ran = now::run(&web, wish, progress).await?;
        let audited = match wish {
            Wish::Publish => web.audit_done(&visitor, "run", None).await,
            Wish::Accept(run) => {
                let of = format!("run {run}");
                web.audit_done(&visitor, "accept", Some(&of)).await
            }
            Wish::Try => Ok(()),
        };
        ran.lines
            .extend(audited.err().map(|refusal| refusal.reason));
        Ok(ran)
    };
    match runs.begin(WORK, work) {
        true => Ok(Redirect::to("/runs").into_response()),
        false => Err(Refusal::conflict(
            "a run is being made right now: see on Runs what comes of it",
        )),
    }
}
