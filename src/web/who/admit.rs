//! What stands before every handler.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::origin::is_ours;
use super::role::Role;
use super::session::same;
use crate::web::Web;
use crate::web::fields::{Fields, Posted};
use crate::web::refusal::Refusal;

/// A form is at most so large, in bytes.
const LARGEST_FORM: usize = 1 << 20;

/// Lets a request through to its handler: whoever asks is known and may, and a form is one of ours.
pub(in crate::web) async fn admit(
    State((web, role)): State<(Web, Role)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(visitor) = web.gate().visitor(request.headers()) else {
        return match *request.method() {
            Method::GET => Redirect::to("/enter").into_response(),
            _ => {
                Refusal::forbidden("your session has ended; come in again, and send this once more")
                    .into_response()
            }
        };
    };
    if !visitor.may(role) {
        return Refusal::forbidden(format!(
            "this takes the role `{role}`, and yours is `{}`",
            visitor.role
        ))
        .into_response();
    }
    if *request.method() == Method::POST {
        if !is_ours(request.headers()) {
            return foreign().into_response();
        }
        let body = std::mem::replace(request.body_mut(), Body::empty());
        let Ok(bytes) = to_bytes(body, LARGEST_FORM).await else {
            return Refusal::invalid("the form is larger than 1 MB, or came in part only")
                .into_response();
        };
        let fields = Fields::read(&bytes);
        if !fields
            .one("csrf")
            .is_some_and(|token| same(token, &visitor.csrf))
        {
            return foreign().into_response();
        }
        request.extensions_mut().insert(Posted(fields));
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

fn foreign() -> Refusal {
    Refusal::forbidden(
        "this form was not sent by this page, or the session that it was made for has ended; open the page again",
    )
}
