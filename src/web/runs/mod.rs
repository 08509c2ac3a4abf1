//! Runs: the timetable, what ran, what was wrong; running now, and accepting a run that is held.

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

/// So many runs are listed.
const RUNS: u32 = 25;
/// So many coming runs of each schedule.
const COMING: usize = 3;
/// So many acts of people are listed.
const AUDITED: u32 = 50;
/// What the work of this page is called.
const WORK: &str = "run";

#[derive(Serialize)]
struct Filled<'r> {
    as_of: String,
    work: Option<WorkView>,
    /// What a person should look at: lines that belong together.
    attention: Vec<Vec<String>>,
    held: Option<Held>,
    movers: &'r [Mover],
    may_run: bool,
    remarks: Vec<String>,
    sections: Vec<Section>,
}

/// The work that is being done, or was done last.
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
    /// What is said where it has no rows.
    none: &'static str,
}

/// How all stands.
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

/// What is stored, and what people did on the page; nothing where nothing ever was.
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

/// Evaluates and publishes, as `muster run` does.
pub(super) async fn run(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refusal> {
    begin(&web, visitor, Wish::Publish)
}

/// Shows who would move, as `muster run --dry-run` does.
pub(super) async fn try_run(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refusal> {
    begin(&web, visitor, Wish::Try)
}

/// Publishes what would be held, as `muster run --accept` does, if the run that is held is the one that was looked at.
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

/// Begins, where nothing is being done; what comes of it is written down with who asked for it.
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
