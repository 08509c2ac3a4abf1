//! Work that takes longer than a page may: one piece at a time, whose progress whoever asks is told.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::engine::Watch;

/// The place of one kind of work.
#[derive(Debug)]
pub struct Work<T> {
    slot: Mutex<Slot<T>>,
    ended: Notify,
}

#[derive(Debug)]
struct Slot<T> {
    /// What the work is of: an answer for something else is none.
    of: String,
    state: Worked<T>,
}

/// How a piece of work stands.
#[derive(Debug)]
pub enum Worked<T> {
    /// Nobody has asked for it.
    Not,
    /// It is being done.
    Doing(Arc<Progress>),
    Done(Arc<T>),
    /// It could not be done, for this reason.
    Failed(String),
}

impl<T> Clone for Worked<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Not => Self::Not,
            Self::Doing(progress) => Self::Doing(Arc::clone(progress)),
            Self::Done(found) => Self::Done(Arc::clone(found)),
            Self::Failed(reason) => Self::Failed(reason.clone()),
        }
    }
}

/// How far a piece of work is.
#[derive(Debug, Default)]
pub struct Progress(Mutex<Option<String>>);

impl Progress {
    /// In words: the table that is read, and how far, or what is waited for; none before that.
    pub fn words(&self) -> Option<String> {
        locked(&self.0).clone()
    }

    /// Says what is done now.
    pub fn say(&self, words: String) {
        *locked(&self.0) = Some(words);
    }
}

impl Watch for Progress {
    fn progress(&self, table: &str, rows: u64, of: Option<u64>) {
        self.say(match of.filter(|of| *of > 0) {
            Some(of) => format!("{table}: {} %", (rows * 100 / of).min(100)),
            None => format!("{table}: {rows}"),
        });
    }

    fn cancelled(&self) -> bool {
        false
    }
}

impl<T> Default for Work<T> {
    fn default() -> Self {
        Self {
            slot: Mutex::new(Slot {
                of: String::new(),
                state: Worked::Not,
            }),
            ended: Notify::new(),
        }
    }
}

impl<T: Send + Sync + 'static> Work<T> {
    /// How the work of something stands.
    pub fn state(&self, of: &str) -> Worked<T> {
        let slot = locked(&self.slot);
        match slot.of == of {
            true => slot.state.clone(),
            false => Worked::Not,
        }
    }

    /// Begins, unless it is being done already, whatever of: false then.
    pub fn begin<F, W>(self: &Arc<Self>, of: &str, work: F) -> bool
    where
        F: FnOnce(Arc<Progress>) -> W,
        W: Future<Output = Result<T, String>> + Send + 'static,
    {
        let progress = Arc::new(Progress::default());
        {
            let mut slot = locked(&self.slot);
            if matches!(slot.state, Worked::Doing(_)) {
                return false;
            }
            *slot = Slot {
                of: of.to_owned(),
                state: Worked::Doing(Arc::clone(&progress)),
            };
        }
        let work = tokio::spawn(work(progress));
        let place = Arc::clone(self);
        tokio::spawn(async move {
            let state = match work.await {
                Ok(Ok(found)) => Worked::Done(Arc::new(found)),
                Ok(Err(reason)) => Worked::Failed(reason),
                Err(_) => Worked::Failed("it ended unexpectedly".to_owned()),
            };
            locked(&place.slot).state = state;
            place.ended.notify_waiters();
        });
        true
    }

    /// How the work of something stands when it has ended, or after so long.
    pub async fn ended(&self, of: &str, patience: Duration) -> Worked<T> {
        let ended = self.ended.notified();
        let mut ended = std::pin::pin!(ended);
        // Whoever ends between the look and the wait is heard.
        ended.as_mut().enable();
        let state = self.state(of);
        if matches!(state, Worked::Doing(_)) {
            let _ = tokio::time::timeout(patience, ended).await;
            return self.state(of);
        }
        state
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
