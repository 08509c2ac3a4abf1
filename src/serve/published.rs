//! What the scheduler knows of results on a server.

/// What this process knows of the server.
#[derive(Debug, Default)]
pub(super) struct Published {
    /// The run that it has.
    pub(super) run: Option<i64>,
    /// When the next try is, after one that failed.
    pub(super) next: Option<i64>,
}
