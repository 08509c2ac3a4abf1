//! What stands before every handler.

use std::net::IpAddr;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::origin::is_ours;
use super::session::same;
use crate::config::Role;
use crate::serve::Peer;
use crate::web::Web;
use crate::web::fields::{Fields, Posted};
use crate::web::refusal::Refusal;

/// A form is at most so large, in bytes.
const LARGEST_FORM: usize = 1 << 20;

/// Lets a request through to its handler: whoever asks is known and may, and a form is one of ours.
pub(in crate::web) async fn admit(
    State((web, role, method)): State<(Web, Role, Method)>,
    mut request: Request,
    next: Next,
) -> Response {
    let visitor = match web.gate().visitor(request.headers(), peer(&request)) {
        Err(refusal) => return refusal.into_response(),
        Ok(Some(visitor)) => visitor,
        Ok(None) if method == Method::GET => return to_enter(request.uri()),
        Ok(None) => {
            let reason = "your session has ended; go back, come in again in another tab, and send it once more";
            return Refusal::forbidden(reason).into_response();
        }
    };
    if !visitor.may(role) {
        return Refusal::forbidden(format!(
            "this takes the role `{role}`, and yours is `{}`",
            visitor.role
        ))
        .into_response();
    }
    if method == Method::POST {
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

/// To where people come in, and then back to where they wanted.
fn to_enter(uri: &Uri) -> Response {
    let wanted = uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    let to = Fields::default().with("to", Some(wanted));
    match wanted {
        "/" => Redirect::to("/enter"),
        _ => Redirect::to(&format!("/enter?{to}")),
    }
    .into_response()
}

/// Where a request came from.
pub(in crate::web) fn peer(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<Peer>>();
    // Whoever serves the router says it; without it nobody is believed.
    peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.0.ip())
}
