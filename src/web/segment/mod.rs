//! One segment: its definition, its history and its members.

mod history;
mod look;
mod members;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::Web;
use super::clients::{Pager, Row};
use super::export::exported;
use super::fields::Query;
use super::refusal::Refusal;
use super::who::{Role, Visitor};
use crate::project::Project;
use crate::run::is_edited;
use crate::store::StoredSegment;
use crate::value::capitalised;
use history::{History, history};
use look::{Link, Written, definition};
use members::{Members, Move};

pub(super) use look::{edits, overlap};

#[derive(Debug, Serialize)]
struct Filled {
    run: i64,
    id: String,
    sign: Option<String>,
    name: String,
    as_of: String,
    notes: Vec<String>,
    stale: Option<String>,
    /// `375 clients`.
    size: String,
    facts: Vec<String>,
    description: Option<String>,
    /// `None` if the rules cannot be read or no longer define it.
    written: Option<Written>,
    uses: Vec<Link>,
    used_by: Vec<Link>,
    findings: Vec<String>,
    /// A note that the members were found by an older rule than the current one.
    edited: Option<String>,
    history: Option<History>,
    people: Option<People>,
    may_edit: bool,
    /// The columns of an export of the members; `None` if the visitor may not see people.
    columns: Option<String>,
}

/// Everything that names people.
#[derive(Debug, Serialize)]
struct People {
    found: String,
    members: Vec<Row>,
    pager: Option<Pager>,
    moves: Vec<Move>,
    scored: bool,
    subject: String,
}

/// The page.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(fields): Query,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let files = results.files.clone();
    let segment = results.segment(&id)?.clone();
    let marks = results.marks();
    let defined = definition(&files, &id);
    let history = history(&mut results, &id).await?;
    let people = match visitor.may(Role::View) {
        false => None,
        true => {
            let mut members = Members::new(&web, &mut results, &id).await?;
            let page = fields.said("page").map_or(Ok(1), str::parse).ok();
            let page = page.filter(|page| *page > 0);
            let page = page.ok_or_else(|| Refusal::invalid("`page` is a number from 1"))?;
            let (shown, pager) = members.page(page).await?;
            Some(People {
                found: files.config.subject.counted(segment.size as usize, &marks),
                members: shown,
                pager,
                moves: members.moves().await?,
                scored: files.config.health.is_some(),
                subject: capitalised(&files.config.subject.name.value),
            })
        }
    };
    let mut facts = Vec::new();
    facts.extend(
        segment
            .bucket
            .as_ref()
            .map(|bucket| format!("bucket {bucket}")),
    );
    facts.extend(
        segment
            .importance
            .map(|importance| format!("importance {importance}")),
    );
    if segment.weight > 0.0 {
        facts.push(format!("weight {}", marks.number(segment.weight, 4)));
    }
    let filled = Filled {
        run: results.run.id,
        as_of: results.as_of(),
        notes: results.notes(),
        stale: segment.stale.clone(),
        size: files.config.subject.counted(segment.size as usize, &marks),
        facts,
        description: defined
            .as_ref()
            .and_then(|defined| defined.description.clone()),
        uses: defined
            .as_ref()
            .map(|defined| defined.uses.clone())
            .unwrap_or_default(),
        used_by: defined
            .as_ref()
            .map(|defined| defined.used_by.clone())
            .unwrap_or_default(),
        findings: defined
            .as_ref()
            .map(|defined| defined.findings.clone())
            .unwrap_or_default(),
        edited: files
            .project
            .as_ref()
            .and_then(|project| edited(project, &segment, results.run.id)),
        written: defined.map(|defined| defined.written),
        history,
        columns: people.is_some().then(|| exported(&files.config, true)),
        people,
        may_edit: visitor.may(Role::Edit),
        sign: segment.sign.clone(),
        name: segment.name.clone(),
        id,
    };
    let title = filled.name.clone();
    web.page(&visitor, "/", &title, "segment.html", filled)
}

/// The note that the members of a segment were found by an older rule than the current one.
fn edited(project: &Project, segment: &StoredSegment, run: i64) -> Option<String> {
    let found_by = segment.fingerprint.as_ref()?;
    // A stale segment has members from an earlier run.
    let since = match segment.stale {
        None => format!("run {run}"),
        Some(_) => "its members were found".to_owned(),
    };
    is_edited(project, &segment.id, found_by).then(|| {
        format!(
            "Edited since {since}: size and members are those of the rule as it was then; the next run will use this one."
        )
    })
}
