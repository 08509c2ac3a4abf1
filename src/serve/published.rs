//! What this process knows of the server that results are copied to. Pure.

use super::time::MINUTE;
use crate::config::Destination;
use crate::publish::StoredRuns;

/// What the server has, and when it is tried again.
#[derive(Debug, Default)]
pub(super) struct Published {
    has: Option<(StoredRuns, Destination)>,
    next: Option<i64>,
}

impl Published {
    /// Whether a try has failed just before. A wait that is longer than any comes from a clock that was ahead.
    pub(super) fn waits(&self, now: i64) -> bool {
        let next = self.next;
        next.is_some_and(|next| next > now && next <= now + MINUTE)
    }

    /// Whether a server has these runs, without whoever has been erased from them since.
    pub(super) fn has(&self, runs: StoredRuns, server: &Destination) -> bool {
        let known = self.has.as_ref();
        known.is_some_and(|(its_runs, its_server)| *its_runs == runs && its_server == server)
    }

    /// Whether a server has the history of these runs as it is: without whoever has been erased from it since.
    pub(super) fn has_history_of(&self, runs: StoredRuns, server: &Destination) -> bool {
        let known = self.has.as_ref();
        known.is_some_and(|(its_runs, its_server)| {
            its_runs.rewritten == runs.rewritten && its_server == server
        })
    }

    /// The server has them now.
    pub(super) fn done(&mut self, runs: Option<StoredRuns>, server: &Destination) {
        *self = Self {
            has: runs.map(|runs| (runs, server.clone())),
            next: None,
        };
    }

    /// It could not be reached.
    pub(super) fn failed(&mut self, now: i64) {
        self.next = Some(now + MINUTE);
    }
}
