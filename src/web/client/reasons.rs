//! The reasons of somebody's segments, asked of the data.

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::found;
use super::why::{WhyView, reasons};
use crate::connector::KeptSnapshot;
use crate::engine::{EngineError, Unwatched};
use crate::time::Clock;
use crate::web::Web;
use crate::web::fields::Query;
use crate::web::refusal::Refusal;
use crate::web::who::Visitor;

/// A page of its own, or with `part` what belongs into the client's page.
pub(in crate::web) async fn why(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let (client, href) = found(&web, &mut results, &id).await?;
    let project = results.files.project.clone().ok_or_else(|| {
        Refusal::not_now("the rules cannot be read, so that nobody can say why: see Runs")
    })?;
    let clock = Clock {
        now: results.run.as_of,
        zone: project.config.timezone,
    };
    results.store.close().await?;
    let key = client.score.subject;
    let connector = (web.connect())(&project.config);
    let asked = {
        let project = project.clone();
        tokio::task::spawn_blocking(move || {
            let mut kept = KeptSnapshot::new(connector, project.config.memory);
            reasons(&project, &mut kept, (&key, &clock), &Unwatched)
        })
    };
    let asked = asked
        .await
        .map_err(|error| Refusal::broken(error.to_string()))?;
    let found = asked.map_err(not_now)?.ok_or_else(|| {
        Refusal::not_found(
            "the rules know nobody of this key any more: the data has changed since the last run",
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
    let filled = context! { href, label, body };
    web.page(&visitor, "/clients", &title, "why-page.html", filled)
}

fn not_now(error: EngineError) -> Refusal {
    Refusal::not_now(error.to_string())
}
