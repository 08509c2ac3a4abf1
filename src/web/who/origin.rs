//! The origin of a request: the host name that it uses for us, and the page that sent it.

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::gate::Gate;
use crate::config::is_loopback;
use crate::web::Web;
use crate::web::refusal::Refusal;

/// Whether a header is one that proxies add.
fn is_of_a_proxy(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(name, "forwarded" | "x-real-ip" | "via") || name.starts_with("x-forwarded-")
}

/// Refuses a request for a host name that is not ours (DNS rebinding: another site's name that resolves to us would
/// give its pages our origin); and a request through a proxy where visitors are not identified.
pub(in crate::web) async fn check_host(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    match refused(web.gate(), request.headers()) {
        None => next.run(request).await,
        Some(refusal) => refusal.into_response(),
    }
}

fn refused(gate: &Gate, headers: &HeaderMap) -> Option<Refusal> {
    if gate.is_local() && headers.keys().any(is_of_a_proxy) {
        return Some(Refusal::forbidden(
            "this request came through a proxy, and config does not say who may see the page: set `page: auth:`",
        ));
    }
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let known = host.is_some_and(|host| {
        is_loopback(host)
            || gate
                .host()
                .is_some_and(|ours| ours.eq_ignore_ascii_case(host))
    });
    (!known || hosts.next().is_some()).then(|| {
        Refusal::forbidden("this is not the name of the page: set it with `page: url:` in config")
    })
}

/// Who sent a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Sender {
    /// Our own page: `Origin` matches `Host`.
    Ours,
    /// Another page, or one that hides its origin.
    Foreign,
    /// A program that sends no origin: not a browser, so it cannot be tricked into acting for a user.
    Unknown,
}

impl Sender {
    /// Reads the headers that a browser sets.
    pub(in crate::web) fn of(headers: &HeaderMap) -> Self {
        let text = |name| {
            headers
                .get(name)
                .map(|value: &HeaderValue| value.to_str().unwrap_or_default().to_ascii_lowercase())
        };
        let Some(origin) = text(ORIGIN) else {
            return Self::Unknown;
        };
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        match host.is_some_and(|host| !host.is_empty() && text(HOST).as_deref() == Some(host)) {
            true => Self::Ours,
            false => Self::Foreign,
        }
    }
}
