//! The segments page: by bucket or ladder, with the values of config.

mod glossary;
mod table;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::Web;
use super::fields::Query;
use super::refusal::Refusal;
use super::who::{Role, Visitor};
use crate::view::SegmentsPage;
use glossary::{Term, glossary};
use table::{Asked, Group, Heading, shown};

#[derive(Debug, Serialize)]
struct Filled {
    run: i64,
    as_of: String,
    notes: Vec<String>,
    /// Whether nobody moved with the run.
    still: bool,
    text: String,
    headings: Vec<Heading>,
    groups: Vec<Group>,
    /// The number of columns that a group's name spans.
    width: usize,
    glossary: Vec<Term>,
    may_edit: bool,
    may_export: bool,
    subjects: String,
    /// The fields of the address that the form of columns does not set.
    kept: Vec<(String, String)>,
}

/// Every segment with its values.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Query(fields): Query,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let moved = results.moved().await?;
    let metrics = results.metrics().await?;
    let sizes = results.sizes(table::DRAWN).await?;
    let (files, marks) = (results.files.clone(), results.marks());
    let page = SegmentsPage::of_stored(&files.config, &results.segments, &metrics, &moved);
    let asked = Asked::read(&fields, &page)?;
    let rules = files.project.as_ref().map(|project| &project.rules);
    let (headings, groups) = shown(&page, &asked, &sizes, rules, &marks);
    let kept = [("sort", fields.said("sort")), ("q", fields.said("q"))];
    let filled = Filled {
        run: results.run.id,
        as_of: results.as_of(),
        notes: results.notes(),
        still: moved.is_empty(),
        text: asked.text.clone().unwrap_or_default(),
        width: headings.iter().filter(|heading| heading.shown).count() + 2,
        headings,
        groups,
        glossary: glossary(&files.config, rules),
        may_edit: visitor.may(Role::Edit),
        may_export: visitor.may(Role::View),
        subjects: files.config.subject.plural.clone(),
        kept: kept
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect(),
    };
    web.page(&visitor, "/", "Segments", "segments.html", filled)
}
