//! Requests whose answers need counts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lsp_server::{Request, RequestId, Response};
use serde_json::Value;

use super::{Session, Waiting};
use crate::lsp::completion::Target;
use crate::lsp::hover::Pointed;
use crate::lsp::people::{Answered, Compared, Counted, GivenUp, Question, Text};
use crate::lsp::world::World;
use crate::lsp::{completion, hover};

/// The maximum time that a request waits for counts.
const PATIENCE: Duration = Duration::from_millis(500);
/// The answer after that.
const LATER: &str = "this takes a moment; ask again";

/// A request that is answered once people are counted.
pub(super) struct Pending {
    waiting: Waiting,
    what: What,
    given_up: GivenUp,
    /// When it is answered without counts.
    pub until: Instant,
}

/// A question answered without counts; counting continues for when the editor asks again.
pub(super) struct Late {
    question: Question,
    /// Given up on drop.
    _pending: Pending,
}

impl Drop for Pending {
    fn drop(&mut self) {
        // Whatever the outcome, nobody waits any more.
        self.given_up.give_up();
    }
}

/// The kind of request.
enum What {
    Hover(Box<Pointed>, Box<Question>),
    Texts(Arc<World>, Target),
}

impl Session<'_> {
    /// Handles a request that needs counts; `false` if it can be answered without.
    pub(super) fn asks_people(&mut self, request: &Request) -> bool {
        let asked = std::panic::AssertUnwindSafe(|| match request.method.as_str() {
            "textDocument/hover" => self.asks_of_clause(request),
            "textDocument/completion" => self.asks_for_texts(request),
            _ => None,
        });
        // If it panicked, the immediate handler reports the failure.
        let pending = std::panic::catch_unwind(asked).ok().flatten();
        let Some((what, given_up)) = pending else {
            return false;
        };
        let is_late =
            |late: &Late| matches!(&what, What::Hover(_, asked) if asked.is_same(&late.question));
        if !self.late.as_ref().is_some_and(is_late) {
            // A new question means that nobody waits for the old one any more.
            self.late = None;
        }
        let pending = Pending {
            waiting: self.asks_about(request.clone()),
            what,
            given_up,
            until: Instant::now() + PATIENCE,
        };
        self.pending.insert(request.id.clone(), pending);
        true
    }

    fn asks_of_clause(&self, request: &Request) -> Option<(What, GivenUp)> {
        let (world, _) = self.world.as_ref()?;
        let params = serde_json::from_value(request.params.clone()).ok()?;
        let pointed = hover::pointed(&self.view(), &params)?;
        let given_up = GivenUp::default();
        let question = Question {
            id: request.id.clone(),
            world: Arc::clone(world),
            clause: pointed.clause.clone(),
            column: pointed.column.clone(),
            hide_names: self.options.hide_names,
            given_up: given_up.clone(),
        };
        let is_asked = question.clause.is_some() || question.column.is_some();
        // If config is invalid, what is under the cursor belongs to an older world.
        let can_tell = world.texts_alone.is_none() && world.project().is_some();
        let asked = is_asked && can_tell && self.people.ask(question.clone());
        asked.then(|| (What::Hover(Box::new(pointed), Box::new(question)), given_up))
    }

    fn asks_for_texts(&self, request: &Request) -> Option<(What, GivenUp)> {
        let world = self.names.as_ref()?;
        let params = serde_json::from_value(request.params.clone()).ok()?;
        let (column, target, typed) = completion::compared(&self.view(), &params)?;
        let given_up = GivenUp::default();
        let compared = Compared {
            id: request.id.clone(),
            world: Arc::clone(world),
            column,
            typed,
            hide_names: self.options.hide_names,
            given_up: given_up.clone(),
        };
        let asked = world.texts_alone.is_none() && self.people.ask_texts(compared);
        asked.then(|| (What::Texts(Arc::clone(world), target), given_up))
    }

    /// Tells the editor to request again what depends on counts.
    pub(super) fn refresh(&mut self) {
        for method in self.client.refreshed.clone() {
            self.ask(method, Value::Null);
        }
    }

    pub(super) fn counted(&mut self, counted: Counted) {
        match counted {
            Counted::Segments(counts) => {
                if let Some(reason) = counts
                    .off
                    .as_ref()
                    .filter(|_| counts.off != self.counts.off)
                {
                    self.log(&format!("people are not counted: {reason}"));
                }
                if counts != self.counts {
                    self.counts = counts;
                    self.refresh();
                }
            }
            // A request that is no longer pending was cancelled, or waited too long.
            Counted::Pointed(id, answered) => {
                if let Some(pending) = self.pending.remove(&id) {
                    self.answer_pointed(&pending, answered);
                }
            }
            Counted::Texts(id, texts, is_cut) => {
                if let Some(pending) = self.pending.remove(&id) {
                    self.answer_texts(&pending, texts, is_cut);
                }
            }
        }
    }

    /// Answers requests that have waited long enough with what is known.
    pub(super) fn answer_without_counts(&mut self, now: Instant) {
        let late = self.pending.iter().filter(|(_, one)| one.until <= now);
        let late: Vec<RequestId> = late.map(|(id, _)| id.clone()).collect();
        for id in late {
            let Some(pending) = self.pending.remove(&id) else {
                continue;
            };
            match &pending.what {
                What::Hover(pointed, question) => {
                    let split = pointed.clause.as_ref().map(|_| Err(LATER.to_owned()));
                    let answered = Answered {
                        split,
                        ..Answered::default()
                    };
                    self.answer_pointed(&pending, answered);
                    if self.late.is_none() {
                        let question = Question::clone(question);
                        self.late = Some(Late {
                            question,
                            _pending: pending,
                        });
                    }
                }
                // The editor asks again as the user types.
                What::Texts(..) => self.answer_texts(&pending, Vec::new(), true),
            }
        }
    }

    fn answer_pointed(&self, pending: &Pending, answered: Answered) {
        if let What::Hover(pointed, question) = &pending.what
            && !self.is_outdated(&pending.waiting)
        {
            let hover = hover::hover(pointed, answered, question.world.project());
            let hover = serde_json::to_value(hover).unwrap_or_default();
            self.send(Response::new_ok(pending.waiting.request.id.clone(), hover));
        }
    }

    fn answer_texts(&self, pending: &Pending, texts: Vec<Text>, is_cut: bool) {
        if let What::Texts(world, target) = &pending.what
            && !self.is_outdated(&pending.waiting)
        {
            let items = world
                .project()
                .map(|project| completion::of_texts((texts, is_cut), *target, project));
            let items = serde_json::to_value(items).unwrap_or_default();
            self.send(Response::new_ok(pending.waiting.request.id.clone(), items));
        }
    }
}
