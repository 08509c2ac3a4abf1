//! What pages have read of the results, for as long as those stay as they are: of many readers at once one reads, and the others
//! share the answer.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::refusal::Refusal;
use super::results::Results;
use crate::connector::sqlite::SqliteConnector;
use crate::connector::{Connector, Sentinel};
use crate::engine::Key;
use crate::store::{
    Among, Client, ClientQuery, Flow, Metric, Moved, Mover, Point, Size, StoreError,
};

/// So many answers of a kind are kept of one state.
const MOST: usize = 256;

/// The state that the results are in, and what is known of it.
#[derive(Debug, Default)]
pub(super) struct Current(Mutex<Option<Watched>>);

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    sentinel: Box<dyn Sentinel>,
    state: u64,
    known: Arc<Known>,
}

impl Current {
    /// What is known of the state that the results are in now; none where the file does not tell its state.
    pub(super) fn known(&self, path: &Path) -> Option<Arc<Known>> {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watched) = current.as_mut().filter(|watched| watched.path == path) {
            let state = watched.sentinel.state()?;
            if state != watched.state {
                watched.state = state;
                watched.known = Arc::default();
            }
            return Some(Arc::clone(&watched.known));
        }
        let mut sentinel = SqliteConnector::new(path).sentinel().ok()?;
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

/// What has been read of one state.
#[derive(Debug, Default)]
pub(super) struct Known {
    moved: Answers<(), Vec<Moved>>,
    metrics: Answers<(), Vec<Metric>>,
    sizes: Answers<u32, Vec<Size>>,
    history: Answers<(String, u32), Vec<Point>>,
    flows: Answers<(String, u32), Vec<Flow>>,
    movers: Answers<(String, u32), Vec<Mover>>,
    clients: Answers<ClientQuery, Vec<Client>>,
    by_health: Answers<ClientQuery, Vec<Client>>,
    counts: Answers<Among, u64>,
    counts_with_health: Answers<Among, u64>,
    keys_by_health: Answers<Among, Vec<Key>>,
}

/// Answers to questions of one kind.
#[derive(Debug)]
struct Answers<Q, A>(Mutex<HashMap<Q, Arc<OnceCell<Arc<A>>>>>);

impl<Q, A> Default for Answers<Q, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q: Eq + Hash, A> Answers<Q, A> {
    /// The answer; whoever asks first reads it.
    async fn get(
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

impl Results {
    /// How many moved with the run: by segment, direction and cause.
    pub(super) async fn moved(&mut self) -> Result<Arc<Vec<Moved>>, Refusal> {
        let read = self.store.moved(self.run.id);
        self.known.moved.get((), read).await
    }

    /// All numbers of the run.
    pub(super) async fn metrics(&mut self) -> Result<Arc<Vec<Metric>>, Refusal> {
        let read = self.store.metrics(self.run.id);
        self.known.metrics.get((), read).await
    }

    /// See [`crate::store::Store::sizes`].
    pub(super) async fn sizes(&mut self, runs: u32) -> Result<Arc<Vec<Size>>, Refusal> {
        self.known.sizes.get(runs, self.store.sizes(runs)).await
    }

    /// The numbers of a segment with the newest runs, the oldest first.
    pub(super) async fn history(
        &mut self,
        id: &str,
        runs: u32,
    ) -> Result<Arc<Vec<Point>>, Refusal> {
        let read = self.store.history(id, Some(runs));
        self.known.history.get((id.to_owned(), runs), read).await
    }

    /// See [`crate::store::Store::flows`].
    pub(super) async fn flows(&mut self, id: &str, runs: u32) -> Result<Arc<Vec<Flow>>, Refusal> {
        let read = self.store.flows(id, runs);
        self.known.flows.get((id.to_owned(), runs), read).await
    }

    /// See [`crate::store::Store::movers`].
    pub(super) async fn movers(&mut self, id: &str, most: u32) -> Result<Arc<Vec<Mover>>, Refusal> {
        let read = self.store.movers(id, most);
        self.known.movers.get((id.to_owned(), most), read).await
    }

    /// A part of the client list, in list order.
    pub(super) async fn clients(
        &mut self,
        query: &ClientQuery,
    ) -> Result<Arc<Vec<Client>>, Refusal> {
        let read = self.store.clients(query);
        self.known.clients.get(query.clone(), read).await
    }

    /// A part of those with a health score, the lowest first.
    pub(super) async fn by_health(
        &mut self,
        query: &ClientQuery,
    ) -> Result<Arc<Vec<Client>>, Refusal> {
        let read = self.store.by_health(query);
        self.known.by_health.get(query.clone(), read).await
    }

    /// The keys of those with a health score, the lowest first.
    pub(super) async fn keys_by_health(&mut self, among: &Among) -> Result<Arc<Vec<Key>>, Refusal> {
        let read = self.store.keys_by_health(among);
        self.known.keys_by_health.get(among.clone(), read).await
    }

    /// How many are in a list.
    pub(super) async fn count(&mut self, among: &Among) -> Result<u64, Refusal> {
        let read = self.store.count_clients(among);
        self.known
            .counts
            .get(among.clone(), read)
            .await
            .map(|count| *count)
    }

    /// How many of a list have a health score.
    pub(super) async fn count_with_health(&mut self, among: &Among) -> Result<u64, Refusal> {
        let read = self.store.count_with_health(among);
        let counts = &self.known.counts_with_health;
        counts.get(among.clone(), read).await.map(|count| *count)
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

    #[test]
    fn a_commit_of_somebody_else_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.db");
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("create table a (b)").unwrap();
        let current = Current::default();
        let first = current.known(&path).unwrap();
        assert!(Arc::ptr_eq(&first, &current.known(&path).unwrap()));
        other.execute_batch("insert into a values (1)").unwrap();
        let second = current.known(&path).unwrap();
        assert!(!Arc::ptr_eq(&first, &second));
        // Another file in its place, too.
        std::fs::copy(&path, folder.path().join("copy.db")).unwrap();
        std::fs::rename(folder.path().join("copy.db"), &path).unwrap();
        assert!(!Arc::ptr_eq(&second, &current.known(&path).unwrap()));
    }
}
