//! The kept snapshot of the data that answers questions: counts and reasons.
//!
//! It lives on its own thread, which answers one question after the other. It is dropped after a while without
//! questions.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::refusal::Refusal;
use crate::config::{Config, Database};
use crate::connector::{Connect, Connector, KeptSnapshot};
use crate::engine::Watch;

/// The idle time after which the snapshot is dropped.
const IDLE: Duration = Duration::from_secs(600);
/// The maximum number of forms whose newest question is remembered.
const FORMS: usize = 10_000;

/// The snapshot that questions are evaluated on.
pub(super) type Data = KeptSnapshot<Box<dyn Connector>>;

/// A question for the thread.
type Asked = Box<dyn FnOnce(&mut Place) + Send>;

/// A handle to the thread, which starts on demand.
#[derive(Debug)]
pub(super) struct Kept {
    connect: Connect,
    thread: Mutex<Option<Sender<Asked>>>,
    /// The newest question of each form that is being typed into.
    newest: Mutex<HashMap<String, Arc<Superseded>>>,
    /// Whether the last question had to scan tables that do not fit into memory.
    streams: Arc<AtomicBool>,
}

/// The snapshot, with the database that it is of.
#[derive(Default)]
struct Place(Option<(Of, Data)>);

/// What a snapshot depends on: if any of it changes, a new one is made.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Of {
    database: Database,
    memory: u64,
    threads: Option<usize>,
}

/// Whether a newer question from the same form has arrived.
#[derive(Debug, Default)]
struct Superseded(AtomicBool);

impl Watch for Superseded {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Kept {
    pub(super) fn new(connect: Connect) -> Self {
        Self {
            connect,
            thread: Mutex::default(),
            newest: Mutex::default(),
            streams: Arc::default(),
        }
    }

    /// Asks the data of `config` a question, after those before it. A question from a `form` that is being typed into
    /// cancels the older one of the same form, because only the newest text matters. A question that was submitted
    /// belongs to no form, and nothing cancels it. The question must poll the [`Watch`] that it is given.
    ///
    /// # Errors
    /// A newer question has arrived, or the thread has ended.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        config: &Config,
        form: Option<&str>,
        question: impl FnOnce(&mut Data, &dyn Watch) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let watch = form.map_or_else(Arc::default, |form| self.newest_of(form));
        let of = Of {
            database: config.database.clone(),
            memory: config.memory,
            threads: config.threads,
        };
        let connector = (self.connect)(config);
        let (answer, answered) = oneshot::channel();
        let (mine, streams) = (Arc::clone(&watch), Arc::clone(&self.streams));
        let asked = move |place: &mut Place| {
            // The asker may be gone.
            if watch.cancelled() || answer.is_closed() {
                return;
            }
            let data = place.data(of, connector);
            let found = question(data, &*watch);
            streams.store(!data.too_large().is_empty(), Ordering::Relaxed);
            let _ = answer.send(found);
        };
        self.send(Box::new(asked));
        let found = answered.await;
        if mine.cancelled() {
            let reason = "a newer question has come, which is answered instead";
            return Err(Refusal::conflict(reason));
        }
        found.map_err(|_| Refusal::broken("the question ended without an answer"))
    }

    /// Cancels the question asked while a form was typed into, because the form has been submitted.
    pub(super) fn end(&self, form: &str) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(older) = newest.remove(form) {
            older.0.store(true, Ordering::Relaxed);
        }
    }

    /// Whether each question scans tables anew, as far as is known.
    pub(super) fn streams(&self) -> bool {
        self.streams.load(Ordering::Relaxed)
    }

    fn newest_of(&self, form: &str) -> Arc<Superseded> {
        self.end(form);
        let watch = Arc::new(Superseded::default());
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.len() >= FORMS {
            newest.clear();
        }
        newest.insert(form.to_owned(), Arc::clone(&watch));
        watch
    }

    /// Sends a question to the thread; starts one if there is none or the last has ended.
    fn send(&self, asked: Asked) {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = match &*thread {
            Some(sender) => match sender.send(asked) {
                Ok(()) => return,
                Err(returned) => returned.0,
            },
            None => asked,
        };
        let (sender, questions) = channel();
        if sender.send(asked).is_ok() {
            std::thread::spawn(move || answer(&questions));
            *thread = Some(sender);
        }
    }
}

/// Answers one question after the other. When idle, the thread stays, but the snapshot is dropped.
fn answer(questions: &Receiver<Asked>) {
    let mut place = Place::default();
    loop {
        match questions.recv_timeout(IDLE) {
            Ok(asked) => asked(&mut place),
            Err(RecvTimeoutError::Timeout) => place = Place::default(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl Place {
    /// The snapshot of a database, created on first use.
    fn data(&mut self, of: Of, connector: Box<dyn Connector>) -> &mut Data {
        if self.0.as_ref().is_some_and(|(known, _)| *known != of) {
            self.0 = None;
        }
        let memory = of.memory;
        &mut self
            .0
            .get_or_insert_with(|| (of, KeptSnapshot::new(connector, memory)))
            .1
    }
}
