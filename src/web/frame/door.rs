//! Coming in, going out, and what every page loads.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;

use crate::web::Web;
use crate::web::fields::Query;
use crate::web::refusal::Refusal;

/// By the address that was printed. Without its token: what to do.
pub(in crate::web) async fn enter(State(web): State<Web>, Query(query): Query) -> Response {
    let cookie = query.one("token").and_then(|token| web.gate().enter(token));
    match cookie {
        Some(cookie) => ([(SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
        None => web.bare_page(
            "Come in",
            "enter.html",
            context! { spent => query.one("token").is_some() },
        ),
    }
}

/// Ends the session.
pub(in crate::web) async fn leave(State(web): State<Web>, headers: HeaderMap) -> Response {
    let cookie = web.gate().leave(&headers);
    ([(SET_COOKIE, cookie)], Redirect::to("/enter")).into_response()
}

/// Whether a run was published after the one that a page shows: its number, or nothing.
pub(in crate::web) async fn newer(
    State(web): State<Web>,
    Query(query): Query,
) -> Result<String, Refusal> {
    let shown: i64 = query
        .one("run")
        .and_then(|run| run.parse().ok())
        .unwrap_or(i64::MAX);
    let files = web.files().await?;
    let last = web.store(&files).await?.last_published().await?;
    Ok(last
        .filter(|run| run.id > shown)
        .map_or_else(String::new, |run| run.id.to_string()))
}

pub(in crate::web) async fn style() -> Response {
    (
        [(CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("style.css"),
    )
        .into_response()
}

pub(in crate::web) async fn script() -> Response {
    (
        [(CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("script.js"),
    )
        .into_response()
}
