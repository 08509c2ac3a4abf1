//! The segments page.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::Web;
use super::refusal::Refusal;
use super::who::Visitor;
use crate::view::{Detail, SegmentsPage};

#[derive(Debug, Serialize)]
struct Filled {
    run: i64,
    as_of: String,
    notes: Vec<String>,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Every segment with its values.
pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let moved = results.store.moved(results.run.id).await?;
    let metrics = results.store.metrics(results.run.id).await?;
    let (files, marks) = (results.files.clone(), results.marks());
    let page = SegmentsPage::of_stored(&files.config, &results.segments, &metrics, &moved);
    let table = page.table(Detail::Values);
    let filled = Filled {
        run: results.run.id,
        as_of: results.as_of(),
        notes: results.notes(),
        headings: table
            .headings
            .iter()
            .map(|heading| heading.label.clone())
            .collect(),
        rows: table
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.shown(&marks)).collect())
            .collect(),
    };
    web.page(&visitor, "/", "Segments", "segments.html", filled)
}
