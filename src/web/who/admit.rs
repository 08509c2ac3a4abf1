//! Checks before every handler.

use std::fmt;
use std::net::IpAddr;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use minijinja::value::Serde;

use super::origin::Sender;
use super::session::same;
use super::visitor::Visitor;
use crate::config::Role;
use crate::serve::Peer;
use crate::web::Web;
use crate::web::fields::{Fields, Posted};
use crate::web::refusal::Refusal;

/// The maximum size of a form, in bytes.
const LARGEST_FORM: usize = 1 << 20;

/// Who may pass a route.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Admits {
    role: Role,
    /// Whether the route takes forms and changes something.
    acts: bool,
    /// Whether a person makes the request, rather than a script on its own.
    pub(in crate::web) by_hand: bool,
}

impl Admits {
    /// Visitors with this role, to read.
    pub(in crate::web) fn looking(role: Role) -> Self {
        Self {
            role,
            acts: false,
            by_hand: true,
        }
    }

    /// Visitors with this role, with a form of ours.
    pub(in crate::web) fn acting(role: Role) -> Self {
        Self {
            role,
            acts: true,
            by_hand: true,
        }
    }
}

impl fmt::Display for Admits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = if self.acts { "POST" } else { "GET" };
        write!(formatter, "{} {method}", self.role)
    }
}

/// Lets a request through to its handler if the visitor is known and has the role, and any form is ours.
pub(in crate::web) async fn admit(
    State((web, admits)): State<(Web, Admits)>,
    mut request: Request,
    next: Next,
) -> Response {
    let gate = web.gate();
    let visitor = match gate.visitor(request.headers(), peer(&request), admits.by_hand) {
        Err(refusal) => return refusal.into_response(),
        Ok(Some(visitor)) => visitor,
        Ok(None) if !admits.acts => return to_enter(request.uri()),
        Ok(None) => {
            let reason = "your session has ended; sign in again in another tab, then go back here and send it once more";
            return Refusal::forbidden(reason).into_response();
        }
    };
    if !visitor.may(admits.role) {
        return Refusal::forbidden(format!(
            "this takes the role `{}`, and yours is `{}`",
            admits.role, visitor.role
        ))
        .into_response();
    }
    if admits.acts {
        match form(&web, &visitor, &mut request).await {
            Ok(fields) => request.extensions_mut().insert(Posted(fields)),
            Err(response) => return response,
        };
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// The form in a request, if it is ours; otherwise the response to send.
async fn form(web: &Web, visitor: &Visitor, request: &mut Request) -> Result<Fields, Response> {
    let sender = Sender::of(request.headers());
    if sender == Sender::Foreign {
        return Err(foreign().into_response());
    }
    let body = std::mem::replace(request.body_mut(), Body::empty());
    let bytes = to_bytes(body, LARGEST_FORM).await.map_err(|_| {
        Refusal::invalid("the form is larger than 1 MB, or came in part only").into_response()
    })?;
    let fields = Fields::read(&bytes);
    let token = fields.one("csrf").unwrap_or_default();
    if same(token, &visitor.csrf) {
        return Ok(fields);
    }
    Err(match sender {
        // Our page sent it, but for a session that has ended since: what was typed must not be lost.
        Sender::Ours => once_more(web, visitor, request.uri(), &fields),
        Sender::Unknown | Sender::Foreign => foreign().into_response(),
    })
}

fn foreign() -> Refusal {
    Refusal::forbidden(
        "this form was not sent by this page, or the session that it was made for has ended; open the page again",
    )
}

/// The same form for the current session, for the visitor to confirm.
fn once_more(web: &Web, visitor: &Visitor, uri: &Uri, fields: &Fields) -> Response {
    let fields: Vec<(&str, &str)> = fields.iter().filter(|(name, _)| *name != "csrf").collect();
    let action = uri.path_and_query().map_or("/", |action| action.as_str());
    let filled = context! { action, fields => Serde(fields) };
    match web.page(visitor, "", "Send it once more", "once-more.html", filled) {
        Ok(page) => (StatusCode::FORBIDDEN, page).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// Redirects to the entrance, which leads back to the requested page.
fn to_enter(uri: &Uri) -> Response {
    let wanted = uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    let to = Fields::default().with("to", Some(wanted));
    match wanted {
        "/" => Redirect::to("/enter"),
        _ => Redirect::to(&format!("/enter?{to}")),
    }
    .into_response()
}

/// The address of the peer.
pub(in crate::web) fn peer(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<Peer>>();
    // The server of the router sets it; if it is missing, no peer is trusted.
    peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.0.ip())
}
