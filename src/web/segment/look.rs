//! A segment as its file defines it: the text, its references in both directions, findings and edits; and its overlap
//! with other segments.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use crate::explain::{Named, used_by, uses};
use crate::project::Project;
use crate::rules::Segment;
use crate::view::{lint_order, logged_lines};
use crate::web::Web;
use crate::web::fields::Query;
use crate::web::list;
use crate::web::refusal::Refusal;
use crate::web::state::Files;
use crate::web::who::Visitor;

/// The maximum number of edits listed.
const EDITS: u32 = 20;

/// What the rules say about a segment.
pub(super) struct Defined {
    pub(super) description: Option<String>,
    pub(super) written: Written,
    pub(super) uses: Vec<Link>,
    pub(super) used_by: Vec<Link>,
    /// Findings about its text, one a line.
    pub(super) findings: Vec<String>,
}

/// The source text of a segment.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    /// `rules/engagement.yaml:12`
    place: String,
    text: String,
}

/// Something with a name, and its address; no address if it has no page.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Link {
    href: Option<String>,
    words: String,
}

/// What the rules say about a segment; `None` if they cannot be read or no longer define it.
pub(super) fn definition(files: &Files, id: &str) -> Option<Defined> {
    let project = files.project.as_ref()?;
    let mut segments = project.rules.segments.iter();
    let segment = segments.find(|segment| segment.id.value == id)?;
    let findings = lint_order(project, project.findings.clone(), Some(id));
    let links = |named: Vec<Named>| named.into_iter().map(link).collect();
    Some(Defined {
        description: segment.description.clone(),
        written: written(project, segment),
        uses: links(uses(project, id)),
        used_by: links(used_by(project, id)),
        findings: findings
            .into_iter()
            .map(|finding| finding.message.clone())
            .collect(),
    })
}

fn link(named: Named) -> Link {
    let words = named.to_string();
    let href = match named {
        Named::Segment(id) => Some(format!("/segments/{id}")),
        Named::Report(id) => Some(format!("/mail/{id}")),
        Named::List(name) => Some(list::address(&name)),
        Named::Metric(_) | Named::Ladder(_) => None,
    };
    Link { href, words }
}

/// The lines that define a segment, without their common indentation.
fn written(project: &Project, segment: &Segment) -> Written {
    let at = segment.place;
    let file = project.sources.get(at.file);
    let text = file.map_or("", |file| file.text.as_str());
    let begin = text
        .get(..at.start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |line| line + 1);
    let lines = text.get(begin..at.end).unwrap_or_default().trim_end();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let shared = lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(indent)
        .min();
    let shared = shared.unwrap_or(0);
    let cut = lines
        .lines()
        .map(|line| line.get(shared..).unwrap_or_default());
    Written {
        place: project.sources.place(segment.id.location),
        text: cut.collect::<Vec<_>>().join("\n"),
    }
}

#[derive(Debug, Serialize)]
struct Edits {
    id: String,
    name: String,
    lines: Vec<String>,
}

/// The edits of the segment, with the run that first included each.
pub(in crate::web) async fn edits(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(fields): Query,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let name = results.segment(&id)?.name.clone();
    let files = results.files.clone();
    let project = files.project.as_ref();
    let project = project.ok_or_else(|| Refusal::not_now("the rules cannot be read right now"))?;
    let logged = crate::run::log(project, &mut results.store, Some(&id), Some(EDITS)).await?;
    let lines = logged
        .iter()
        .flat_map(|run| logged_lines(run, &files.config));
    let filled = Edits {
        id,
        name,
        lines: lines.collect(),
    };
    web.part(&visitor, &fields, "Edits", "segment-edits.html", filled)
}

#[derive(Debug, Serialize)]
struct Overlaps {
    id: String,
    name: String,
    rows: Vec<Overlap>,
}

#[derive(Debug, Serialize)]
struct Overlap {
    id: String,
    sign: Option<String>,
    name: String,
    both: String,
    of_this: String,
    of_other: String,
}

/// How many of the segment's members are in each other segment.
pub(in crate::web) async fn overlap(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(fields): Query,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let marks = results.marks();
    let this = results.segment(&id)?.clone();
    let pairs = results.store.overlaps(&id).await?;
    let share = |both: u64, of: u64| match of {
        0 => String::new(),
        of => format!("{}%", marks.number(both as f64 / of as f64 * 100.0, 0)),
    };
    let rows = pairs.into_iter().filter_map(|(other, both)| {
        let other = results.segment(&other).ok()?;
        Some(Overlap {
            id: other.id.clone(),
            sign: other.sign.clone(),
            name: other.name.clone(),
            both: marks.whole(both),
            of_this: share(both, this.size),
            of_other: share(both, other.size),
        })
    });
    let rows = rows.collect();
    let filled = Overlaps {
        id,
        name: this.name,
        rows,
    };
    web.part(&visitor, &fields, "Overlap", "segment-overlap.html", filled)
}
