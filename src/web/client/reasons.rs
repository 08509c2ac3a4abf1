//! Reasons for a client's segments, computed from the data.

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::found;
use super::why::{WhyView, reasons};
use crate::engine::{EngineError, Watch};
use crate::time::Clock;
use crate::web::Web;
use crate::web::fields::Query;
use crate::web::kept::Data;
use crate::web::refusal::Refusal;
use crate::web::who::Visitor;

/// A full page, or only the part for the client's page if `part` is given.
pub(in crate::web) async fn why(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let client = found(&web, &mut results, &id).await?;
    let project = results.files.project.clone().ok_or_else(|| {
        Refusal::not_now("the rules cannot be read, so the reasons are unknown: see Runs")
    })?;
    let clock = Clock {
        now: results.run.as_of,
        zone: project.config.timezone,
    };
    let key = client.score.subject;
    let config = results.files.config.clone();
    // Closes the results first, so that publishing does not have to wait for this question.
    results.store.close().await?;
    let asked = {
        let project = project.clone();
        let question = move |data: &mut Data, watch: &dyn Watch| {
            reasons(&project, data, (&key, &clock), watch)
        };
        web.kept().ask(&config, None, question).await?
    };
    let found = asked.map_err(not_now)?.ok_or_else(|| {
        Refusal::not_found(
            "the rules no longer find anybody with this key: the data has changed since the last run",
        )
    })?;
    let view = WhyView::new(&project.config, &found);
    let part = web.rendered("why.html", context! { why => Value::from(Serde(&view)) })?;
    if query.one("part").is_some() {
        return Ok(Html(part).into_response());
    }
    let label = client.score.label;
    let title = format!("Why: {label}");
    let body = Value::from_safe_string(part);
    let filled = context! { id, label, body };
    web.page(&visitor, "/clients", &title, "why-page.html", filled)
}

fn not_now(error: EngineError) -> Refusal {
    Refusal::not_now(error.to_string())
}
