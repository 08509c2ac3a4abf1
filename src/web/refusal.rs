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

    /// There is no such thing.
    pub(super) fn not_found(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, reason)
    }

    /// It is asked for in a way that does nothing: a form's address is opened, or a page is sent to.
    pub(super) fn other_method(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, reason)
    }

    /// An address of somebody who is not there.
    pub(super) fn nobody() -> Self {
        Self::not_found(
            "nobody has this address: they are no longer in the list, or were forgotten, or the results were created again",
        )
    }

    /// Whoever asks may not.
    pub(super) fn forbidden(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, reason)
    }

    /// What was sent makes no sense.
    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }

    /// Somebody else was faster.
    pub(super) fn conflict(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, reason)
    }

    /// Somebody has to wait.
    pub(super) fn too_many(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, reason)
    }

    /// Not now: the data or the results cannot be read.
    pub(super) fn not_now(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, reason)
    }

    /// A fault of this program.
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

/// The reason alone; the frame around the router puts a page in its place.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.reason.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
