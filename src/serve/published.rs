//! What this process knows about the publish destination. Pure.

use super::time::MINUTE;
use crate::config::Destination;
use crate::publish::StoredRuns;

/// What the server has, and when to try again.
#[derive(Debug, Default)]
pub(super) struct Published {
    has: Option<(StoredRuns, Destination)>,
    next: Option<i64>,
}

impl Published {
    /// Whether an attempt failed recently. A wait longer than any that is possible comes from a clock that was ahead.
    pub(super) fn waits(&self, now: i64) -> bool {
        let next = self.next;
        next.is_some_and(|next| next > now && next <= now + MINUTE)
    }

    /// Whether a server has these runs, without the clients that have been erased from them since.
    pub(super) fn has(&self, runs: StoredRuns, server: &Destination) -> bool {
        let known = self.has.as_ref();
        known.is_some_and(|(its_runs, its_server)| *its_runs == runs && its_server == server)
    }

    /// Whether a server has the current history of these runs, without the clients that have been erased from it since.
    pub(super) fn has_history_of(&self, runs: StoredRuns, server: &Destination) -> bool {
        let known = self.has.as_ref();
        known.is_some_and(|(its_runs, its_server)| {
            its_runs.rewritten == runs.rewritten && its_server == server
        })
    }

    /// Records that the server has the runs now.
    pub(super) fn done(&mut self, runs: Option<StoredRuns>, server: &Destination) {
        *self = Self {
            has: runs.map(|runs| (runs, server.clone())),
            next: None,
        };
    }

    /// Records that the server could not be reached.
    pub(super) fn failed(&mut self, now: i64) {
        self.next = Some(now + MINUTE);
    }
}
