//! What is done to every answer: headers, and a page in the place of a bare reason.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use minijinja::context;

use crate::web::Web;
use crate::web::refusal::Refusal;

/// Nothing from anywhere but what is named: our style, our script, what our script asks for, pictures of ours, forms to
/// us, a mail in a frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
    img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (CACHE_CONTROL, "no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Without any, a browser does not say whose page sent a form.
    (REFERRER_POLICY, "same-origin"),
    (X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// Adds the headers, where a handler has not set its own, and lays out refusals.
pub(in crate::web) async fn around(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        response = laid_out(&web, &refusal);
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

fn laid_out(web: &Web, refusal: &Refusal) -> Response {
    let title = match refusal.status {
        StatusCode::NOT_FOUND => "There is no such page",
        StatusCode::FORBIDDEN => "This is not allowed",
        StatusCode::BAD_REQUEST => "This cannot be read",
        StatusCode::TOO_MANY_REQUESTS => "A moment, please",
        StatusCode::CONFLICT => "Somebody else was faster",
        StatusCode::SERVICE_UNAVAILABLE => "There is nothing to show right now",
        _ => "Something is wrong with this page",
    };
    if refusal.status.is_server_error() && refusal.status != StatusCode::SERVICE_UNAVAILABLE {
        tracing::error!(reason = refusal.reason, "a page could not be made");
    }
    let page = web.bare_page(
        title,
        "refusal.html",
        context! { title, reason => refusal.reason.as_str() },
    );
    (refusal.status, page).into_response()
}

/// For an address that is none.
pub(in crate::web) async fn nothing() -> Refusal {
    Refusal::not_found("nothing is at this address")
}
