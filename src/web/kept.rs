//! The one reading of the data that questions are asked of: counts, and reasons.
//!
//! It lives on a thread of its own, which takes one question after the other, and is dropped when nobody has asked for a while.

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

/// Nobody has asked for so long: what was read is given back.
const IDLE: Duration = Duration::from_secs(600);
/// So many forms are remembered by their newest question.
const FORMS: usize = 10_000;

/// What questions are asked of: the snapshot of the data.
pub(super) type Data = KeptSnapshot<Box<dyn Connector>>;

/// A question on its way to the thread.
type Asked = Box<dyn FnOnce(&mut Place) + Send>;

/// The thread, where there is one.
#[derive(Debug)]
pub(super) struct Kept {
    connect: Connect,
    thread: Mutex<Option<Sender<Asked>>>,
    /// The newest question of each form in which somebody types.
    newest: Mutex<HashMap<String, Arc<Superseded>>>,
    /// Whether the last question had to read tables that do not fit into memory.
    streams: Arc<AtomicBool>,
}

/// Where the snapshot lies, and of which database it is.
#[derive(Default)]
struct Place(Option<(Of, Data)>);

/// What a snapshot is of: where any of it changes, another one is made.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Of {
    database: Database,
    memory: u64,
    threads: Option<usize>,
}

/// Whether a newer question of the same form has come.
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

    /// Asks the data of `config`, when the questions before it are answered. A question of a `form` in which somebody types ends
    /// the older one of the same form, which is asked no more: they want to know of the newest text alone. One that was sent is of
    /// no form, and nothing ends it. The question has to look at the [`Watch`] that it is given.
    ///
    /// # Errors
    /// A newer question has come, or the thread has ended.
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
            // Whoever asked may have gone.
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

    /// Ends what was asked while somebody typed into a form: they have sent it.
    pub(super) fn end(&self, form: &str) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(older) = newest.remove(form) {
            older.0.store(true, Ordering::Relaxed);
        }
    }

    /// Whether tables are read anew for each question, as far as is known.
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

    /// Hands a question to the thread; begins one where none is there, or the last has ended.
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

/// Answers one question after the other. The thread stays when nobody asks; what it has read does not.
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
    /// The snapshot of a database; made where there is none of it.
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
