//! The visitor of a request.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::config::Role;
use crate::web::refusal::Refusal;

/// The visitor, as [`super::admit`] identified them.
#[derive(Debug, Clone)]
pub(in crate::web) struct Visitor {
    /// The name for the audit log; `local` for the bearer of the address that `muster page` printed, since the name of
    /// the machine's user is unknown.
    pub(in crate::web) name: Arc<str>,
    pub(in crate::web) role: Role,
    /// The token that every form of this session must carry.
    pub(in crate::web) csrf: Arc<str>,
    /// Whether there is a session to sign out of.
    pub(in crate::web) may_leave: bool,
}

impl Visitor {
    /// Whether the visitor's role includes `role`.
    pub(in crate::web) fn may(&self, role: Role) -> bool {
        self.role >= role
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let visitor = parts.extensions.get::<Self>().cloned();
        visitor.ok_or_else(|| Refusal::broken("a page was asked for by nobody"))
    }
}
