//! The counting thread's loop: it answers questions, counts, and looks for changes.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use super::data::{Basis, Data};
use super::known::Known;
use super::large::TooLarge;
use super::{Answered, Ask, Asked, Counted, Counts};
use crate::lsp::Surroundings;
use crate::lsp::world::World;

/// The idle time before counting starts.
const QUIET: Duration = Duration::from_millis(250);
/// How often the data is checked for changes.
const LOOK: Duration = Duration::from_secs(2);

/// State shared with the callers.
#[derive(Debug)]
pub(super) struct Shared {
    /// The number of the newest world.
    pub newest: Arc<AtomicU64>,
    /// The number of unanswered questions.
    pub questions: Arc<AtomicU64>,
}

#[derive(Debug)]
pub(super) struct Counter {
    pub(super) shared: Shared,
    pub(super) data: Data,
    /// The basis of the sizes reported last; `None` if counting failed. They are counted again when it no longer holds,
    /// whatever is asked meanwhile.
    told: Option<Basis>,
    /// Why nothing is counted, if the data does not fit into memory.
    pub(super) too_large: Option<TooLarge>,
    /// Whether counting was postponed for a question: it is not postponed twice.
    pub(super) has_given_way: bool,
    /// The last answer.
    pub(super) known: Option<Known>,
}

/// A world, and whether its clauses are counted, too.
type Wanted = (Arc<World>, bool);

impl Counter {
    pub(super) fn new(around: Surroundings, shared: Shared, is_ready: Arc<AtomicBool>) -> Self {
        Self {
            shared,
            data: Data::new(around, is_ready),
            told: None,
            too_large: None,
            has_given_way: false,
            known: None,
        }
    }

    pub(super) fn work(&mut self, asks: &Receiver<Ask>, tell: &impl Fn(Counted)) {
        let mut world: Option<Wanted> = None;
        // What was counted last.
        let mut counted: Option<Wanted> = None;
        let mut questions = VecDeque::new();
        loop {
            let ask = match (&world, questions.is_empty()) {
                (_, false) => asks.try_recv().map_err(|_| RecvTimeoutError::Timeout),
                (Some(_), true) => asks.recv_timeout(QUIET),
                (None, true) if counted.is_some() => asks.recv_timeout(LOOK),
                (None, true) => asks.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match ask {
                Ok(Ask::World(newer, with_clauses)) => world = Some((newer, with_clauses)),
                Ok(Ask::Question(question)) => questions.push_back(question),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(question) = questions.pop_front() {
                        if !self.question(question, tell) {
                            // Read the data while nobody waits.
                            world = world.or_else(|| counted.clone());
                        }
                        self.shared.questions.fetch_sub(1, Ordering::Relaxed);
                    } else if let Some(wanted) = world.take() {
                        match self.count(&wanted, tell) {
                            true => counted = Some(wanted),
                            false => world = Some(wanted),
                        }
                    } else if let Some(of) = &counted {
                        let changed = guarded(|| Ok(self.has_changed(&of.0)));
                        world = changed.unwrap_or_default().then(|| of.clone());
                    }
                }
            }
        }
    }

    /// Answers a question; `false` if it was given up before there was an answer.
    fn question(&mut self, question: Asked, tell: &impl Fn(Counted)) -> bool {
        // Telling the answer also ends the wait, so check before whether anybody still waits.
        let given_up = question.given_up().clone();
        let told = match question {
            Asked::Clause(question) => {
                let known = guarded(|| Ok(self.known(&question))).unwrap_or_default();
                let answered = match known {
                    Some(known) => Ok(known),
                    None => guarded(|| self.answer(&question)),
                };
                let answered = answered.unwrap_or_else(|reason| Answered {
                    split: question.clause.as_ref().map(|_| Err(reason)),
                    ..Answered::default()
                });
                Counted::Pointed(question.id, answered)
            }
            Asked::Texts(compared) => {
                // Without texts, the list is empty.
                let texts = guarded(|| self.texts(&compared)).unwrap_or_default();
                Counted::Texts(compared.id, texts.0, texts.1)
            }
        };
        let is_wanted = !given_up.is_given_up();
        if is_wanted {
            tell(told);
        }
        is_wanted
    }

    /// Counts a world and reports the result, unless there is a newer one; `false` if it was postponed for a question.
    fn count(&mut self, (world, with_clauses): &Wanted, tell: &impl Fn(Counted)) -> bool {
        match guarded(|| self.sizes(world, *with_clauses)) {
            Ok(Some((counts, basis))) => {
                self.told = basis;
                tell(Counted::Segments(counts));
            }
            Ok(None) => {
                let is_newest = self.shared.newest.load(Ordering::Relaxed) == world.state;
                self.has_given_way = is_newest;
                return !is_newest;
            }
            Err(off) => {
                self.told = None;
                tell(Counted::Segments(Counts {
                    off: Some(off),
                    ..Counts::default()
                }));
            }
        }
        self.has_given_way = false;
        true
    }

    /// Whether counting a world again would give other results: the data has changed, or a run was published. Failures
    /// are retried; data that did not fit only occasionally.
    fn has_changed(&mut self, world: &World) -> bool {
        let Some(project) = world.project() else {
            return false;
        };
        if let Some(large) = &self.too_large {
            return large.is_due() && self.data.has_changed();
        }
        let Some(told) = &self.told else {
            return true;
        };
        // If it cannot be determined, assume no change.
        !self.data.holds(told, &project.config).unwrap_or(true)
    }
}

/// The result of `work`, or an error if it panicked: the thread continues in any case.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let work = std::panic::AssertUnwindSafe(work);
    let failed = |_| Err("counting failed; this should not happen".to_owned());
    std::panic::catch_unwind(work).unwrap_or_else(failed)
}
