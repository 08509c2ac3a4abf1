//! The parts of a table that are still to be read, shared out as threads fall idle.
//!
//! Ids have gaps, so that nobody knows beforehand which ranges hold equally many rows. Therefore one thread begins with
//! everything, and whoever reads looks after each batch whether another waits: then it leaves half of what is before it. Where
//! rows do not tell their ids, the whole is cut into pieces before.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::part::Part;

/// What is to be read of one table.
pub(super) struct Shares {
    least: u64,
    state: Mutex<State>,
    changed: Condvar,
    /// Whether more threads wait than there are parts for them.
    wanted: AtomicBool,
}

#[derive(Default)]
struct State {
    open: Vec<Part>,
    /// Parts that somebody has taken. Each may have ended where the next begins.
    taken: Vec<Part>,
    threads: usize,
    waiting: usize,
    closed: bool,
}

/// A thread's hold on the shares. Once one is gone, nothing more is given out: whoever stops early, for an error or
/// in a panic, stops the others.
pub(super) struct Hold<'s>(&'s Shares);

impl Shares {
    /// Of a table or of all its ids. `least` is how many ids are worth a thread.
    pub(super) fn new(whole: Part, least: u64) -> Self {
        Self {
            least,
            state: Mutex::new(State {
                open: vec![whole],
                ..State::default()
            }),
            changed: Condvar::new(),
            wanted: AtomicBool::new(false),
        }
    }

    /// Of parts as they are.
    pub(super) fn of(parts: &[Part]) -> Self {
        let shares = Self::new(Part::Whole, u64::MAX);
        shares.state().open = parts.iter().rev().copied().collect();
        shares
    }

    /// One thread more.
    pub(super) fn hold(&self) -> Hold<'_> {
        self.state().threads += 1;
        Hold(self)
    }

    /// The next part, once there is one; none when all is read, or nobody wants to go on.
    pub(super) fn next(&self) -> Option<Part> {
        let mut state = self.state();
        state.waiting += 1;
        loop {
            if state.closed {
                return None;
            }
            if let Some(part) = state.open.pop() {
                state.waiting -= 1;
                state.taken.push(part);
                self.tell(&state);
                return Some(part);
            }
            if state.waiting == state.threads {
                self.close(&mut state);
                return None;
            }
            self.tell(&state);
            let woken = self.changed.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Leaves what is behind a row of the part in hand to whoever waits, and ends the part here; false where
    /// nobody waits or too little is left.
    pub(super) fn leave(&self, part: Part, id: impl FnOnce() -> Option<i64>) -> bool {
        if !self.wanted.load(Ordering::Relaxed) {
            return false;
        }
        let halves = id().and_then(|id| part.halves_behind(id, self.least));
        let Some([nearer, farther]) = halves else {
            return false;
        };
        let mut state = self.state();
        // The nearer half goes first: most likely to the thread that is there already.
        state.open.extend([farther, nearer]);
        self.tell(&state);
        self.changed.notify_all();
        true
    }

    /// The parts in table order.
    pub(super) fn into_parts(self) -> Vec<Part> {
        let state = self.state.into_inner();
        let mut parts = state.unwrap_or_else(PoisonError::into_inner).taken;
        parts.sort_by_key(|part| part.first());
        let nexts: Vec<i64> = parts.iter().skip(1).map(|part| part.first()).collect();
        for (part, next) in parts.iter_mut().zip(nexts) {
            part.end_before(next);
        }
        parts
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, state: &State) {
        let wanted = state.waiting > state.open.len();
        self.wanted.store(wanted, Ordering::Relaxed);
    }

    fn close(&self, state: &mut State) {
        state.closed = true;
        self.changed.notify_all();
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.close(&mut self.0.state());
    }
}
