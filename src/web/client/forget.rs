//! Forgetting a client: a confirmation page, then the same erasure as `muster forget`.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::found;
use crate::engine::Unwatched;
use crate::mail;
use crate::publish::after_forgetting;
use crate::run::wait_for_lease;
use crate::web::Web;
use crate::web::clients::capitalised;
use crate::web::refusal::Refusal;
use crate::web::who::Visitor;

#[derive(Serialize)]
struct Question {
    id: String,
    label: String,
    subject: String,
    key: String,
}

/// The confirmation page.
pub(in crate::web) async fn ask(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let client = found(&web, &mut results, &id).await?;
    let filled = Question {
        id,
        subject: results.files.config.subject.name.value.clone(),
        key: client.score.subject.to_string(),
        label: client.score.label,
    };
    let title = format!("Forget {}?", filled.label);
    web.page(&visitor, "/clients", &title, "client-forget.html", filled)
}

#[derive(Serialize)]
struct Erased {
    plural: String,
    lines: Vec<String>,
    tables: Vec<(String, u64)>,
}

/// Erases the client.
pub(in crate::web) async fn forget(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let client = found(&web, &mut results, &id).await?;
    let config = results.files.config.clone();
    // An open read transaction on the results file would block the write.
    results.store.close().await?;
    let key = client.score.subject.to_string();
    let now = || web.now();
    let lease = wait_for_lease(&config, "page: forget", &now, &Unwatched, &|_| ()).await;
    let lease = lease.map_err(|error| Refusal::not_now(error.to_string()))?;
    let forgotten = mail::forget(&config, &key, web.now()).await;
    lease.release().await;
    let forgotten = forgotten?.ok_or_else(|| {
        Refusal::conflict("nobody of this key is stored any more: somebody else was faster")
    })?;
    // The key is left out, so that the log cannot be searched for this person.
    web.audit_done(&visitor, "forget", None).await?;
    let unpublished = after_forgetting(&config, &Unwatched).await;
    let subject = &config.subject;
    let snapshot = (web.connect())(&config).snapshot();
    let still_there = snapshot
        .and_then(|snapshot| snapshot.has_key(&subject.table.value, &subject.key.value, &key));
    let filled = Erased {
        plural: capitalised(&subject.plural),
        lines: forgotten
            .lines(&config, still_there)
            .into_iter()
            .chain(unpublished)
            .collect(),
        tables: forgotten.erased.tables,
    };
    web.page(
        &visitor,
        "/clients",
        "Forgotten",
        "client-forgotten.html",
        filled,
    )
}
