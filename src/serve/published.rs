//! What this process knows of the server that results are copied to. Pure.

use super::time::MINUTE;
use crate::config::Server;

/// Which run the server has, and when it is tried again.
#[derive(Debug, Default)]
pub(super) struct Published {
    run: Option<(i64, Server)>,
    next: Option<i64>,
}

impl Published {
    /// Whether a try has failed just before. A wait that is longer than any comes from a clock that was ahead.
    pub(super) fn waits(&self, now: i64) -> bool {
        let next = self.next;
        next.is_some_and(|next| next > now && next <= now + MINUTE)
    }

    /// Whether a server has a run.
    pub(super) fn has(&self, run: i64, server: &Server) -> bool {
        let known = self.run.as_ref();
        known.is_some_and(|(its_run, its_server)| *its_run == run && its_server == server)
    }

    /// The server has it now.
    pub(super) fn done(&mut self, run: Option<i64>, server: &Server) {
        *self = Self {
            run: run.map(|run| (run, server.clone())),
            next: None,
        };
    }

    /// It could not be reached.
    pub(super) fn failed(&mut self, now: i64) {
        self.next = Some(now + MINUTE);
    }
}
