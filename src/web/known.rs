//! Caches what pages read from the results while those stay unchanged: of many concurrent readers one reads, and the
//! others share the answer.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::refusal::Refusal;
use crate::config::{Config, Database};
use crate::connector::{Connect, Sentinel};
use crate::engine::Key;
use crate::store::{
    Among, Client, ClientQuery, Flow, Metric, Moved, Mover, Point, Size, StoreError,
};

/// The maximum number of answers of one kind kept for one state.
const MOST: usize = 256;

/// The current state of the results, and the cache for it.
#[derive(Debug)]
pub(super) struct Current {
    connect: Connect,
    watched: Mutex<Option<Watched>>,
}

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    sentinel: Box<dyn Sentinel>,
    state: u64,
    known: Arc<Known>,
}

impl Current {
    pub(super) fn new(connect: Connect) -> Self {
        Self {
            connect,
            watched: Mutex::default(),
        }
    }

    /// The cache for the current state of the results of `config`; `None` if the file does not reveal its state.
    pub(super) fn known(&self, config: &Config) -> Option<Arc<Known>> {
        let path = config.results_path();
        let mut current = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watched) = current.as_mut().filter(|watched| watched.path == path)
            && let Some(state) = watched.sentinel.state()
        {
            if state != watched.state {
                watched.state = state;
                watched.known = Arc::default();
            }
            return Some(Arc::clone(&watched.known));
        }
        // The results are a file, as data may be, and are watched in the same way.
        let as_data = Config {
            database: Database::File(path.to_path_buf()),
            ..config.clone()
        };
        let mut sentinel = (self.connect)(&as_data).sentinel().ok()?;
        let state = sentinel.state()?;
        let known = Arc::default();
        *current = Some(Watched {
            path: path.to_path_buf(),
            sentinel,
            state,
            known: Arc::clone(&known),
        });
        Some(known)
    }
}

/// The cache for one state of the results.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) moved: Answers<(), Vec<Moved>>,
    pub(super) metrics: Answers<(), Vec<Metric>>,
    pub(super) sizes: Answers<u32, Vec<Size>>,
    pub(super) history: Answers<(String, u32), Vec<Point>>,
    pub(super) flows: Answers<(String, u32), Vec<Flow>>,
    pub(super) movers: Answers<(String, u32), Vec<Mover>>,
    pub(super) clients: Answers<ClientQuery, Vec<Client>>,
    pub(super) clients_of: Answers<Vec<Key>, Vec<Client>>,
    pub(super) by_health: Answers<ClientQuery, Vec<Client>>,
    pub(super) counts: Answers<Among, u64>,
    pub(super) counts_with_health: Answers<Among, u64>,
    pub(super) keys_by_health: Answers<Among, Vec<Key>>,
}

/// Cached answers to questions of one kind.
#[derive(Debug)]
pub(super) struct Answers<Q, A>(Mutex<HashMap<Q, Arc<OnceCell<Arc<A>>>>>);

impl<Q, A> Default for Answers<Q, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q: Eq + Hash, A> Answers<Q, A> {
    /// The answer, read by the first asker.
    pub(super) async fn get(
        &self,
        question: Q,
        read: impl Future<Output = Result<A, StoreError>>,
    ) -> Result<Arc<A>, Refusal> {
        let cell = {
            let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if answers.len() >= MOST && !answers.contains_key(&question) {
                answers.clear();
            }
            Arc::clone(answers.entry(question).or_default())
        };
        let answer = cell.get_or_try_init(|| async { read.await.map(Arc::new) });
        Ok(Arc::clone(answer.await?))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_who_ask_at_once_share_one_answer() {
        let answers = Answers::default();
        let reads = std::sync::atomic::AtomicU32::new(0);
        let read = || async {
            tokio::task::yield_now().await;
            Ok(reads.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
        };
        let (one, other) = tokio::join!(answers.get("a", read()), answers.get("a", read()));
        assert_eq!((*one.unwrap(), *other.unwrap()), (0, 0));
        assert_eq!(*answers.get("b", read()).await.unwrap(), 1);
    }
}
