//! Health: who is at risk and why, and whether the score predicts churn.

mod proof;
mod proved;
mod risk;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use super::Web;
use super::clients::{Pager, Row};
use super::fields::Query;
use super::refusal::Refusal;
use super::who::{Role, Visitor};
use crate::value::capitalised;
pub(super) use proof::picture;
use proof::{ProofView, proof_view, prove};
pub(super) use proved::Proved;

#[derive(Serialize)]
struct Filled {
    run: i64,
    as_of: String,
    notes: Vec<String>,
    scored: bool,
    /// Whether the visitor may see people.
    people: bool,
    subject: String,
    found: String,
    /// A link to the other list: everybody, or those who can still be lost.
    other: Option<Link>,
    rows: Vec<Row>,
    pager: Option<Pager>,
    proof: ProofView,
}

#[derive(Serialize)]
struct Link {
    href: String,
    label: String,
}

/// Who is at risk, lowest health first, and the proof of the score if it was requested.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Query(fields): Query,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let config = results.files.config.clone();
    let scored = config.health.is_some();
    let people = scored && visitor.may(Role::View);
    let listed = match people {
        true => Some(risk::listed(&web, &mut results, fields).await?),
        false => None,
    };
    let run = results.run.id;
    let mut filled = Filled {
        run,
        as_of: results.as_of(),
        notes: results.notes(),
        scored,
        people,
        subject: capitalised(&config.subject.name.value),
        found: String::new(),
        other: None,
        rows: Vec::new(),
        pager: None,
        proof: proof_view(&web.desk().proofs.state(&run.to_string())),
    };
    if let Some(listed) = listed {
        filled.found = listed.found;
        filled.other = listed.other;
        filled.rows = listed.rows;
        filled.pager = listed.pager;
    }
    web.page(&visitor, "/health", "Health", "health.html", filled)
}

/// Starts checking the score against the past.
pub(super) async fn ask(State(web): State<Web>, _: Visitor) -> Result<Response, Refusal> {
    let results = web.results().await?;
    let run = results.run.id.to_string();
    let project = results.files.project.clone();
    let project = project.ok_or_else(|| Refusal::not_now("the rules cannot be read: see Runs"))?;
    let connector = (web.connect())(&project.config);
    let now = web.now();
    let proofs = web.desk().proofs.clone();
    proofs.begin(&run, |progress| prove(project, connector, now, progress));
    Ok(Redirect::to("/health#proof").into_response())
}
