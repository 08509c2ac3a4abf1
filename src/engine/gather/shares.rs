//! The parts of a table that are still to be read, shared out as threads become idle.
//!
//! Ids have gaps, so nobody knows beforehand which ranges hold equally many rows. Therefore one thread begins with
//! everything. After each batch, a reading thread checks whether another thread is waiting, and if so leaves it half of
//! what remains. If rows do not expose their ids, the table is cut into pieces beforehand.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::part::Part;

/// What is to be read of one table.
pub(super) struct Shares {
    least: u64,
    state: Mutex<State>,
    changed: Condvar,
    /// Whether more threads are waiting than there are parts.
    wanted: AtomicBool,
}

#[derive(Default)]
struct State {
    open: Vec<Part>,
    /// Parts that threads have taken. Each may have ended where the next begins.
    taken: Vec<Part>,
    threads: usize,
    waiting: usize,
    closed: bool,
}

/// A thread's hold on the shares. Once a hold is dropped, no more parts are given out: a thread that stops early,
/// because of an error or a panic, stops the others.
pub(super) struct Hold<'s>(&'s Shares);

impl Shares {
    /// For a whole table or all its ids. `least` is how many ids are worth a thread.
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

    /// For parts that are fixed.
    pub(super) fn of(parts: &[Part]) -> Self {
        let shares = Self::new(Part::Whole, u64::MAX);
        shares.state().open = parts.iter().rev().copied().collect();
        shares
    }

    /// Registers one more thread.
    pub(super) fn hold(&self) -> Hold<'_> {
        self.state().threads += 1;
        Hold(self)
    }

    /// Waits for the next part; `None` if everything has been read or a thread has stopped.
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

    /// Leaves what comes after a row of the current part to a waiting thread, and ends the part here. False if no
    /// thread is waiting, or too little is left.
    pub(super) fn leave(&self, part: Part, id: impl FnOnce() -> Option<i64>) -> bool {
        if !self.wanted.load(Ordering::Relaxed) {
            return false;
        }
        let halves = id().and_then(|id| part.halves_behind(id, self.least));
        let Some([nearer, farther]) = halves else {
            return false;
        };
        let mut state = self.state();
        // The nearer half goes first, most likely to the thread that is already there.
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
