//! Mails as recipients see them, in a frame that runs no scripts and loads nothing.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use axum::response::{Html, IntoResponse, Response};

use super::no_report;
use crate::engine::Unwatched;
use crate::mail::{ReportWriter, page_of};
use crate::run::notify::preview_published;
use crate::store::Store;
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::who::Visitor;

/// A mail brings its own styles. Scripts, forms and external content are blocked, and the frame has no origin. Links
/// open beside it, as ordinary pages.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'";

/// Makes links open outside the frame.
const BESIDE: &str = "<head><base target=\"_blank\">";

/// The mail of a report as it would be written now.
pub(in crate::web) async fn next(
    State(web): State<Web>,
    _: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let files = web.files().await?;
    if !files
        .config
        .reports
        .iter()
        .any(|report| report.id.value == id)
    {
        return Err(no_report());
    }
    let Some(project) = files.project.clone() else {
        return Ok(framed(
            "The rules cannot be read, so no mail can be written: see Runs.".to_owned(),
        ));
    };
    // Previews may read the data, so only one runs at a time.
    let _one = web.desk().preview().lock().await;
    let connector = (web.connect())(&project.config);
    let writer = ReportWriter::new(&project, &[&id], web.now())
        .for_show()
        .in_any_case();
    let told = preview_published(&project, &*connector, &writer, &Unwatched).await;
    let words = match told {
        Ok(None) => "Nothing has been published yet.".to_owned(),
        Ok(Some(told)) => {
            let notification = told.notification;
            if let Some(page) = notification.pages.first() {
                return Ok(framed(page.clone()));
            }
            let failed = notification.failure_words();
            failed.unwrap_or_else(|| "Nobody would be written to.".to_owned())
        }
        Err(error) => error.to_string(),
    };
    Ok(framed(plain(&words)))
}

/// A mail of the outbox.
pub(in crate::web) async fn sent(
    State(web): State<Web>,
    _: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = id.parse().map_err(|_| gone())?;
    let files = web.files().await?;
    let store = Store::open_reader(files.config.results_path()).await?;
    let mut store = store.ok_or_else(gone)?;
    let body = store.body(id).await?.ok_or_else(gone)?;
    Ok(framed(page_of(&body).ok_or_else(gone)?))
}

fn gone() -> Refusal {
    Refusal::not_found("the text of this mail is no longer kept")
}

/// Plain words as a page.
fn plain(words: &str) -> String {
    let words = crate::chart::escaped(words);
    format!("<!doctype html><html lang=\"en\"><title>Mail</title><p>{words}</p></html>")
}

fn framed(page: String) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_FRAME_OPTIONS, "SAMEORIGIN"),
    ];
    (headers, Html(page.replacen("<head>", BESIDE, 1))).into_response()
}
