//! Why a page is not shown, in words.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::project::LoadError;
use crate::store::StoreError;

/// Why a page is not shown. [`super::frame`] lays it out.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: String,
}

impl Refusal {
    fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { status, reason }
    }

    /// What was asked for does not exist.
    pub(super) fn not_found(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, reason)
    }

    /// The method is wrong: a form's address was opened, or a page's address was posted to.
    pub(super) fn other_method(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, reason)
    }

    /// The address of a person who does not exist.
    pub(super) fn nobody() -> Self {
        Self::not_found(
            "nobody has this address: they are no longer in the list, or were forgotten, or the results were created again",
        )
    }

    /// The visitor lacks the permission.
    pub(super) fn forbidden(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, reason)
    }

    /// The input is invalid.
    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }

    /// Someone else made a change first.
    pub(super) fn conflict(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, reason)
    }

    /// The visitor has to wait.
    pub(super) fn too_many(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, reason)
    }

    /// Temporarily unavailable: the data or the results cannot be read.
    pub(super) fn not_now(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, reason)
    }

    /// A bug in this program.
    pub(super) fn broken(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, reason)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::not_now(error.to_string())
    }
}

impl From<LoadError> for Refusal {
    fn from(error: LoadError) -> Self {
        Self::not_now(match error {
            LoadError::World(reason) => reason,
            LoadError::Refused(sources, findings) => {
                crate::view::wrong_in_words("config or rules are", &sources, &findings)
            }
        })
    }
}

/// Only the reason; the frame around the router replaces it with a page.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.reason.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
