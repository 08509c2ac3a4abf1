//! What the scheduler knows of results on a server.

use crate::config::Server;

/// What this process knows of the server.
#[derive(Debug, Default)]
pub(super) struct Published {
    /// The run that it has, and which server it is.
    pub(super) run: Option<(i64, Server)>,
    /// When the next try is, after one that failed.
    pub(super) next: Option<i64>,
}

impl Published {
    /// Whether this server has this run.
    pub(super) fn has(&self, newest: i64, server: &Server) -> bool {
        let known = self.run.as_ref();
        known.is_some_and(|(run, its)| *run == newest && its == server)
    }
}
