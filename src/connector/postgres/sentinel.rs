//! Detects changes to a database.

use super::begin::first;
use super::session::Session;
use crate::connector::Sentinel;

/// The state of the server. Rows of foreign tables change without a transaction here, so in a database with such tables
/// every state is new.
const STATE: &str = "SELECT pg_catalog.concat(pg_catalog.pg_current_snapshot(),
    (SELECT pg_catalog.clock_timestamp() FROM pg_catalog.pg_foreign_table LIMIT 1))";

/// A session outside any transaction. The server numbers transactions that write: as long as no number is assigned
/// and none of them ends, nothing changes. Transactions in other databases of the server count as well, so this may
/// report a change where there is none.
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
        let seen = first(self.session.query(STATE).ok()?)?;
        if self.seen.as_ref() != Some(&seen) {
            self.seen = Some(seen);
            self.state += 1;
        }
        Some(self.state)
    }
}
