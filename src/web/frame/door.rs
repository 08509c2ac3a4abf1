//! Signing in, signing out, and what every page loads.

use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;

use crate::web::Web;
use crate::web::fields::{Fields, Query};
use crate::web::refusal::Refusal;
use crate::web::who::{Sender, peer};

/// The maximum size of a sign-in form, in bytes.
const LARGEST_FORM: usize = 16 << 10;

/// The entrance: a sign-in form, or instructions.
pub(in crate::web) async fn door(State(web): State<Web>, Query(query): Query) -> Response {
    at_door(&web, query.one("to").unwrap_or("/"), "", None)
}

/// Signs in by the printed address.
pub(in crate::web) async fn enter(State(web): State<Web>, Path(token): Path<String>) -> Response {
    match web.gate().enter(&token) {
        Some(cookie) => inside(cookie, "/"),
        None => {
            let reason = "This address was used already, or a newer one was printed. Each is good for one browser.";
            at_door(&web, "/", "", Some(reason))
        }
    }
}

/// Signs in by name and password.
pub(in crate::web) async fn sign_in(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Refusal> {
    let peer = peer(&request);
    if Sender::of(request.headers()) == Sender::Foreign {
        return Err(Refusal::forbidden("this form was not sent by this page"));
    }
    let body = to_bytes(request.into_body(), LARGEST_FORM).await;
    let fields = Fields::read(&body.map_err(|_| Refusal::invalid("the form is too large"))?);
    let name = fields.said("name").unwrap_or_default();
    let to = fields.one("to").unwrap_or("/");
    let password = fields.one("password").unwrap_or_default().to_owned();
    match web.gate().sign_in(name, password, peer).await {
        Ok(cookie) => Ok(inside(cookie, to)),
        Err(refusal) if refusal.status.is_server_error() => Err(refusal),
        Err(refusal) => {
            let mut page = at_door(&web, to, name, Some(&refusal.reason));
            *page.status_mut() = refusal.status;
            Ok(page)
        }
    }
}

fn at_door(web: &Web, to: &str, name: &str, reason: Option<&str>) -> Response {
    let asks = web.gate().asks_for_passwords();
    let filled = context! { asks, to => inner(to), name, reason };
    web.bare_page(
        if asks { "Sign in" } else { "Open the page" },
        "enter.html",
        filled,
    )
}

fn inside(cookie: String, to: &str) -> Response {
    ([(SET_COOKIE, cookie)], Redirect::to(inner(to))).into_response()
}

/// A path on this site, so that a redirect cannot lead elsewhere.
fn inner(to: &str) -> &str {
    let is_path =
        to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n', '\t']);
    if is_path && !to.starts_with("/enter") {
        to
    } else {
        "/"
    }
}

/// Ends the session.
pub(in crate::web) async fn leave(State(web): State<Web>, headers: HeaderMap) -> Response {
    let cookie = web.gate().leave(&headers);
    ([(SET_COOKIE, cookie)], Redirect::to("/enter")).into_response()
}

/// Whether a newer run was published than the one a page shows: its number, or nothing.
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

pub(in crate::web) async fn edit_script() -> Response {
    javascript(include_str!("../edit/edit.js"))
}

pub(in crate::web) async fn script() -> Response {
    javascript(include_str!("script.js"))
}

fn javascript(text: &'static str) -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], text).into_response()
}
