//! Where a request comes from: the name that it calls us by, and the page that sent it.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::gate::Gate;
use crate::config::is_loopback;
use crate::web::Web;
use crate::web::refusal::Refusal;

/// What proxies add.
const FORWARDED: [&str; 6] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "via",
];

/// Refuses a request that calls us by a name that is not ours, as another site's name that leads here would make its
/// pages pages of ours; and one that a proxy brings where nobody is known.
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
    if gate.is_local() && FORWARDED.iter().any(|name| headers.contains_key(*name)) {
        return Some(Refusal::forbidden(
            "a proxy brought this request, and config says nothing of who may see the page: `page: auth:` does",
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
        Refusal::forbidden(
            "the page does not go by this name: `page: url:` in config says which it has",
        )
    })
}

/// Whether a form was sent by a page of ours: `Origin` names us as `Host` does. Programs that are no browsers send none,
/// and cannot be made to act for somebody.
pub(in crate::web) fn is_ours(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let text =
        |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_ascii_lowercase();
    let origin = text(origin);
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty() && headers.get(HOST).is_some_and(|ours| text(ours) == host)
    })
}
