//! Middleware for every response: headers, and an error page in place of a bare reason.

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
use crate::web::fields::Fields;
use crate::web::refusal::Refusal;

/// Allows only what is named: our style and script, requests by our script, our images, forms to us, and a mail in a
/// frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
    img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (CACHE_CONTROL, "no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // With `no-referrer`, a browser would not tell which origin sent a form.
    (REFERRER_POLICY, "same-origin"),
    (X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// Adds the headers that a handler has not set itself, and renders refusals as pages.
pub(in crate::web) async fn around(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match is_text(request.uri().path()) {
        true => next.run(request).await,
        false => nothing().await.into_response(),
    };
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

/// Whether a percent-encoded path decodes to valid UTF-8.
fn is_text(path: &str) -> bool {
    let decoded = Fields::read(path.as_bytes());
    decoded
        .iter()
        .all(|(name, value)| ![name, value].iter().any(|part| part.contains('\u{fffd}')))
}

fn laid_out(web: &Web, refusal: &Refusal) -> Response {
    let title = match refusal.status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "There is no such page",
        StatusCode::FORBIDDEN => "This is not allowed",
        StatusCode::BAD_REQUEST => "This cannot be read",
        StatusCode::TOO_MANY_REQUESTS => "A moment, please",
        StatusCode::CONFLICT => "It was changed meanwhile",
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

/// The answer to a wrong method: a form's address was opened, or a page's address was posted to.
pub(in crate::web) async fn other_method() -> Refusal {
    Refusal::other_method(
        "this address takes what a form of the page sends, or shows a page, and not the other; begin at Segments",
    )
}

/// The answer to an unknown address.
pub(in crate::web) async fn nothing() -> Refusal {
    Refusal::not_found("nothing is at this address")
}
