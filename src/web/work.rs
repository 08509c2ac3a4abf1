//! Background work that takes longer than a page may: one piece at a time, with progress for everybody who asks.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::engine::Watch;

/// The slot for one kind of work.
#[derive(Debug)]
pub struct Work<T> {
    slot: Mutex<Slot<T>>,
    ended: Notify,
}

#[derive(Debug)]
struct Slot<T> {
    /// The subject of the work: a result for another one does not count.
    of: String,
    state: Worked<T>,
}

/// The state of a piece of work.
#[derive(Debug)]
pub enum Worked<T> {
    /// Nobody has asked for it.
    Not,
    /// It is running.
    Doing(Arc<Progress>),
    Done(Arc<T>),
    /// It failed, for this reason.
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

/// The progress of a piece of work.
#[derive(Debug, Default)]
pub struct Progress(Mutex<Option<String>>);

impl Progress {
    /// The progress in words: the table being read and how far, or what is being waited for; `None` before that.
    pub fn words(&self) -> Option<String> {
        locked(&self.0).clone()
    }

    /// Reports the current step.
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
    /// The state of the work for `of`.
    pub fn state(&self, of: &str) -> Worked<T> {
        let slot = locked(&self.slot);
        match slot.of == of {
            true => slot.state.clone(),
            false => Worked::Not,
        }
    }

    /// Starts the work, unless any is running, for whatever subject; then returns `false`.
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

    /// The state of the work when it has ended, or after `patience`.
    pub async fn ended(&self, of: &str, patience: Duration) -> Worked<T> {
        let ended = self.ended.notified();
        let mut ended = std::pin::pin!(ended);
        // Registers first, so that an end between the check and the wait is not missed.
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
