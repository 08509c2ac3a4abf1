//! Requests whose answers have to be counted.

use std::sync::Arc;

use lsp_server::{Request, RequestId, Response};
use serde_json::Value;

use super::{Pending, Session};
use crate::lsp::people::{Compared, Counted, Question};
use crate::lsp::{completion, hover};

impl Session<'_> {
    /// Whether a request is answered once people are counted.
    pub(super) fn asks_people(&mut self, request: &Request) -> bool {
        let asked = std::panic::AssertUnwindSafe(|| match request.method.as_str() {
            "textDocument/hover" => self.asks_of_clause(request),
            "textDocument/completion" => self.asks_for_texts(request),
            _ => None,
        });
        // Whoever answers at once says that it failed.
        let pending = std::panic::catch_unwind(asked).ok().flatten();
        let is_asked = pending.is_some();
        if let Some(pending) = pending {
            self.pending.insert(request.id.clone(), pending);
        }
        is_asked
    }

    fn asks_of_clause(&self, request: &Request) -> Option<Pending> {
        let (world, _) = self.world.as_ref()?;
        let params = serde_json::from_value(request.params.clone()).ok()?;
        let pointed = hover::pointed(&self.view(), &params)?;
        let question = Question {
            id: request.id.clone(),
            world: Arc::clone(world),
            clause: pointed.clause.clone(),
            column: pointed.column.clone(),
            hides_names: self.options.hides_names,
        };
        let is_asked = question.clause.is_some() || question.column.is_some();
        let is_asked = is_asked && world.texts_alone.is_none();
        let asked = is_asked && self.people.ask(question);
        asked.then(|| Pending::Hover(Arc::clone(world), Box::new(pointed)))
    }

    fn asks_for_texts(&self, request: &Request) -> Option<Pending> {
        let world = self.names.as_ref()?;
        let params = serde_json::from_value(request.params.clone()).ok()?;
        let (column, target, typed) = completion::compared(&self.view(), &params)?;
        let compared = Compared {
            id: request.id.clone(),
            world: Arc::clone(world),
            column,
            typed,
            hides_names: self.options.hides_names,
        };
        let asked = world.texts_alone.is_none() && self.people.ask_texts(compared);
        asked.then(|| Pending::Texts(Arc::clone(world), target))
    }

    /// Tells the editor to ask again for what hangs on counts.
    fn refresh(&mut self) {
        for method in self.refreshed.clone() {
            self.refreshes += 1;
            let id = RequestId::from(format!("refresh-{}", self.refreshes));
            self.send(Request::new(id, method.to_owned(), Value::Null));
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
            // A request that is pending no more was cancelled.
            Counted::Pointed(id, answered) => {
                if let Some(Pending::Hover(world, pointed)) = self.pending.remove(&id) {
                    let hover = hover::hover(*pointed, answered, world.project());
                    let hover = serde_json::to_value(hover).unwrap_or_default();
                    self.send(Response::new_ok(id, hover));
                }
            }
            Counted::Texts(id, texts, is_cut) => {
                if let Some(Pending::Texts(world, target)) = self.pending.remove(&id) {
                    let items = world
                        .project()
                        .map(|project| completion::of_texts((texts, is_cut), target, project));
                    let items = serde_json::to_value(items).unwrap_or_default();
                    self.send(Response::new_ok(id, items));
                }
            }
        }
    }
}
