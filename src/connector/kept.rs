//! Many questions to one reading of the data.

use std::ops::Deref;

use super::{Connector, Sentinel};
use crate::engine::{self, EngineError, Evaluation, Gathered, Keep, Kept, TooLarge, Watch};
use crate::ir::Ir;
use crate::time::Clock;

/// So often it is tried to catch a moment in which nobody commits.
const TRIES: usize = 5;

/// What was read of the data, kept for further questions until the data changes. Nothing is locked between two questions.
///
/// The connector is borrowed, boxed or shared: whoever lives long owns it.
#[derive(Debug)]
pub struct KeptSnapshot<C> {
    connector: C,
    sentinel: Option<Box<dyn Sentinel>>,
    /// The state that `kept` is of, as the sentinel numbers it.
    state: Option<u64>,
    kept: Kept,
    states: u64,
}

impl<C> KeptSnapshot<C>
where
    C: Deref,
    C::Target: Connector,
{
    /// Reads nothing yet, and keeps at most so many bytes.
    pub fn new(connector: C, most: u64) -> Self {
        Self {
            connector,
            sentinel: None,
            state: None,
            kept: Kept::new(most),
            states: 0,
        }
    }

    /// Evaluates everything at one instant, of the data as it is now. What was read for earlier questions is not read
    /// again unless the data has changed.
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
        let evaluation = engine::evaluate(ir, gathered, clock, keep);
        match watch.cancelled() {
            true => Err(EngineError::Cancelled),
            false => Ok(evaluation),
        }
    }

    /// Of how many states the answers so far are, as far as can be told: two answers with the same number before and
    /// after them belong together.
    pub fn states(&self) -> u64 {
        self.states
    }

    /// What is kept.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The tables that are read anew for each question, because they do not fit.
    pub fn too_large(&self) -> Vec<TooLarge> {
        self.kept.too_large()
    }

    fn gather(
        &mut self,
        ir: &Ir,
        clock: &Clock,
        watch: &dyn Watch,
    ) -> Result<Gathered, EngineError> {
        for _ in 0..TRIES {
            let before = self.look();
            if self.sentinel.is_none() {
                break;
            }
            // Waits for those who commit, as the sentinel does not.
            let snapshot = self.connector.snapshot()?;
            if before.is_none() || self.look() != before {
                continue;
            }
            if self.state != before {
                self.kept.clear();
                self.state = before;
                self.states += 1;
            }
            return snapshot.gather(Some(&mut self.kept), ir, clock, watch);
        }
        // Which state it is cannot be told, but it is one.
        self.states += 1;
        self.state = None;
        self.kept.clear();
        self.connector.snapshot()?.gather(None, ir, clock, watch)
    }

    /// The state that the data is in; none where that cannot be told.
    fn look(&mut self) -> Option<u64> {
        if self.sentinel.is_none() {
            self.sentinel = self.connector.sentinel().ok();
            // It counts for itself.
            self.state = None;
        }
        self.sentinel.as_mut()?.state()
    }
}
