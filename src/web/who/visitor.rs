//! Who asks.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::config::Role;
use crate::web::refusal::Refusal;

/// Who asks, as [`super::admit`] found out.
#[derive(Debug, Clone)]
pub(in crate::web) struct Visitor {
    /// The name for the audit; of whoever came by the address that `muster page` printed, that of the machine's user is
    /// not known, and `local` stands here.
    pub(in crate::web) name: Arc<str>,
    pub(in crate::web) role: Role,
    /// What every form of this session must carry.
    pub(in crate::web) csrf: Arc<str>,
    /// Whether there is a session that can be left.
    pub(in crate::web) may_leave: bool,
}

impl Visitor {
    /// Whether a role is enough.
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
