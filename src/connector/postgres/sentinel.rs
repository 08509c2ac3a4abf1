//! Whether a database has changed.

use super::begin::first;
use super::session::Session;
use crate::connector::Sentinel;

/// A session in no transaction. The server numbers transactions that write: while no number is taken and none ends, nothing
/// changes. Those of other databases of the server count as well, so that a change may be seen where there is none.
#[derive(Debug)]
pub(super) struct ServerSentinel {
    session: Session,
    seen: Option<String>,
    state: u64,
}

impl ServerSentinel {
    pub(super) fn new(session: Session) -> Self {
        Self {
            session,
            seen: None,
            state: 0,
        }
    }
}

impl Sentinel for ServerSentinel {
    fn state(&mut self) -> Option<u64> {
        let seen = first(
            self.session
                .query("SELECT pg_catalog.pg_current_snapshot()")
                .ok()?,
        )?;
        if self.seen.as_ref() != Some(&seen) {
            self.seen = Some(seen);
            self.state += 1;
        }
        Some(self.state)
    }
}
