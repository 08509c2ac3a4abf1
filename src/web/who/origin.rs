//! Where a request comes from: the name that it calls us by, and the page that sent it.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::web::Web;
use crate::web::refusal::Refusal;

/// Refuses a request that calls us by a name that is not ours: another site's name that leads here would make its pages
/// pages of ours.
pub(in crate::web) async fn check_host(
    State(_): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    match host.is_some_and(is_loopback) {
        true => next.run(request).await,
        false => Refusal::forbidden("this is not the name of this page").into_response(),
    }
}

fn is_loopback(host: &str) -> bool {
    let name = host
        .rsplit_once(':')
        .map_or(host, |(name, port)| match port.parse::<u16>() {
            Ok(_) => name,
            Err(_) => host,
        });
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether a form was sent by a page of ours: `Origin` names us as `Host` does. Programs that are no browsers send none,
/// and cannot be made to act for somebody.
pub(super) fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or_default())
    };
    let Some(origin) = text(ORIGIN) else {
        return true;
    };
    let host = text(HOST).unwrap_or_default();
    !host.is_empty()
        && [format!("http://{host}"), format!("https://{host}")]
            .iter()
            .any(|ours| ours == origin)
}
