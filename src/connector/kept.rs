//! Answers many questions from one reading of the data.

use std::ops::Deref;

use super::{Connector, Sentinel, Snapshot};
use crate::engine::{self, EngineError, Evaluation, Gathered, Keep, Kept, TooLarge, Watch};
use crate::ir::Ir;
use crate::time::Clock;

/// How often to try for a moment in which nobody commits.
const TRIES: u32 = 5;

/// Data that was read, kept for further questions until it changes.
///
/// While a question is gathered, or several are asked of one [`Pinned`] state, writers wait as they do for any
/// [`Snapshot`], even if the data comes from memory. Between two questions they do not wait. See
/// [`Connector::sentinel`] for what is held the whole time.
///
/// The connector may be borrowed, boxed or shared; a long-lived caller owns it.
#[derive(Debug)]
pub struct KeptSnapshot<C> {
    connector: C,
    sentinel: Option<Box<dyn Sentinel>>,
    /// How many sentinels there have been.
    sentinels: u64,
    /// The state that `kept` belongs to.
    state: Option<State>,
    kept: Kept,
    states: u64,
}

/// A state of the data: the number of the sentinel that saw it, and the number that this sentinel gave it. Each
/// sentinel counts for itself.
type State = (u64, u64);

/// One state of the data, pinned for several questions: writers wait until it is dropped, as they do for any [`Snapshot`].
#[derive(Debug)]
pub struct Pinned<'k> {
    snapshot: Box<dyn Snapshot>,
    kept: &'k mut Kept,
}

impl Pinned<'_> {
    /// Evaluates everything at one instant.
    ///
    /// # Errors
    /// See [`Snapshot::gather`](super::Snapshot::gather).
    pub fn evaluate(
        &mut self,
        ir: &Ir,
        clock: &Clock,
        keep: Keep,
        watch: &dyn Watch,
    ) -> Result<Evaluation, EngineError> {
        let gathered = self.gather(ir, clock, watch)?;
        evaluated(ir, gathered, clock, keep, watch)
    }

    /// The tables that do not fit, and so are read anew for each question.
    pub fn too_large(&self) -> Vec<TooLarge> {
        self.kept.too_large()
    }

    fn gather(
        &mut self,
        ir: &Ir,
        clock: &Clock,
        watch: &dyn Watch,
    ) -> Result<Gathered, EngineError> {
        self.snapshot.gather(Some(self.kept), ir, clock, watch)
    }
}

fn evaluated(
    ir: &Ir,
    gathered: Gathered,
    clock: &Clock,
    keep: Keep,
    watch: &dyn Watch,
) -> Result<Evaluation, EngineError> {
    let evaluation = engine::evaluate(ir, gathered, clock, keep);
    match watch.cancelled() {
        true => Err(EngineError::Cancelled),
        false => Ok(evaluation),
    }
}

impl<C> KeptSnapshot<C>
where
    C: Deref,
    C::Target: Connector,
{
    /// Creates an empty store that keeps at most `most` bytes. Reads nothing yet.
    pub fn new(connector: C, most: u64) -> Self {
        Self {
            connector,
            sentinel: None,
            sentinels: 0,
            state: None,
            kept: Kept::new(most),
            states: 0,
        }
    }

    /// Evaluates everything at one instant, on the data as it is now. What was read for earlier questions is read
    /// again only if the data has changed.
    ///
    /// # Errors
    /// See [`Snapshot::gather`](super::Snapshot::gather).
    pub fn evaluate(
        &mut self,
        ir: &Ir,
        clock: &Clock,
        keep: Keep,
        watch: &dyn Watch,
    ) -> Result<Evaluation, EngineError> {
        let gathered = self.pin()?.gather(ir, clock, watch);
        if self.state.is_none() {
            // Without a known state, there is no telling later whether it still holds.
            self.kept.clear();
        }
        let gathered = gathered?;
        evaluated(ir, gathered, clock, keep, watch)
    }

    /// Pins the current data for several questions. What was read for earlier ones is read again only if the data has
    /// changed.
    ///
    /// # Errors
    /// See [`Connector::snapshot`].
    pub fn pin(&mut self) -> Result<Pinned<'_>, EngineError> {
        let (snapshot, state) = self.snapshot()?;
        if state.is_none() || state != self.state {
            self.kept.clear();
            self.state = state;
            self.states += 1;
        }
        Ok(Pinned {
            snapshot,
            kept: &mut self.kept,
        })
    }

    /// Whether the data is certain to have changed since the last answer.
    pub fn has_changed(&mut self) -> bool {
        let Some((sentinel, state)) = self.state else {
            return false;
        };
        let now = self.look();
        now.is_some_and(|now| now.0 == sentinel && now.1 != state)
    }

    /// Whether the data is certain to have changed since an earlier answer, given the number that
    /// [`KeptSnapshot::states`] returned at the time.
    pub fn has_changed_since(&mut self, answer: u64) -> bool {
        self.state.is_some() && (self.states != answer || self.has_changed())
    }

    /// The number of the state that the last answer belongs to, from 1; 0 before the first answer. Answers with the
    /// same number are of the same state. Where the state cannot be determined, each answer has a number of its own.
    pub fn states(&self) -> u64 {
        self.states
    }

    /// Drops what was read. Changes to the data can still be detected.
    pub fn forget(&mut self) {
        self.kept.clear();
    }

    /// Makes the next question try again to keep what did not fit for an earlier one.
    pub fn try_again(&mut self) {
        self.kept.try_again();
    }

    /// What is kept.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The tables that do not fit, and so are read anew for each question.
    pub fn too_large(&self) -> Vec<TooLarge> {
        self.kept.too_large()
    }

    /// A snapshot and its state; no state where it cannot be determined.
    fn snapshot(&mut self) -> Result<(Box<dyn Snapshot>, Option<State>), EngineError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let before = self.look();
            // Unlike the sentinel, this waits for committing writers.
            let snapshot = self.connector.snapshot()?;
            let state = before.filter(|_| self.look() == before);
            if state.is_some() || tries == TRIES || self.sentinel.is_none() {
                return Ok((snapshot, state));
            }
        }
    }

    /// The current state of the data; none where it cannot be determined. Replaces a sentinel that can no longer
    /// tell, for example after its connection has ended.
    fn look(&mut self) -> Option<State> {
        let told = self.sentinel.as_mut().and_then(|known| known.state());
        if let Some(state) = told {
            return Some((self.sentinels, state));
        }
        self.sentinel = self.connector.sentinel().ok();
        self.sentinels += 1;
        let state = self.sentinel.as_mut()?.state();
        state.map(|state| (self.sentinels, state))
    }
}
