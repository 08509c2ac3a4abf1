//! Reads shared by many pages; each answer is read once while the results stay unchanged.

use std::sync::Arc;

use super::Results;
use crate::engine::Key;
use crate::store::{Among, Client, ClientQuery, Flow, Metric, Moved, Mover, Point, Size};
use crate::web::refusal::Refusal;

impl Results {
    /// How many moved with the run, by segment, direction and cause.
    pub(in crate::web) async fn moved(&mut self) -> Result<Arc<Vec<Moved>>, Refusal> {
        let read = self.store.moved(self.run.id);
        self.known.moved.get((), read).await
    }

    /// All metrics of the run.
    pub(in crate::web) async fn metrics(&mut self) -> Result<Arc<Vec<Metric>>, Refusal> {
        let read = self.store.metrics(self.run.id);
        self.known.metrics.get((), read).await
    }

    /// See [`crate::store::Store::sizes`].
    pub(in crate::web) async fn sizes(&mut self, runs: u32) -> Result<Arc<Vec<Size>>, Refusal> {
        self.known.sizes.get(runs, self.store.sizes(runs)).await
    }

    /// The numbers of a segment in the newest runs, oldest first.
    pub(in crate::web) async fn history(
        &mut self,
        id: &str,
        runs: u32,
    ) -> Result<Arc<Vec<Point>>, Refusal> {
        let read = self.store.history(id, Some(runs));
        self.known.history.get((id.to_owned(), runs), read).await
    }

    /// See [`crate::store::Store::flows`].
    pub(in crate::web) async fn flows(
        &mut self,
        id: &str,
        runs: u32,
    ) -> Result<Arc<Vec<Flow>>, Refusal> {
        let read = self.store.flows(id, runs);
        self.known.flows.get((id.to_owned(), runs), read).await
    }

    /// See [`crate::store::Store::movers`].
    pub(in crate::web) async fn movers(
        &mut self,
        id: &str,
        most: u32,
    ) -> Result<Arc<Vec<Mover>>, Refusal> {
        let read = self.store.movers(id, most);
        self.known.movers.get((id.to_owned(), most), read).await
    }

    /// One part of the client list, in list order.
    pub(in crate::web) async fn clients(
        &mut self,
        query: &ClientQuery,
    ) -> Result<Arc<Vec<Client>>, Refusal> {
        let read = self.store.clients(query);
        self.known.clients.get(query.clone(), read).await
    }

    /// The clients with these keys, in list order.
    pub(in crate::web) async fn clients_of(
        &mut self,
        keys: &[Key],
    ) -> Result<Arc<Vec<Client>>, Refusal> {
        let read = self.store.clients_of(keys);
        self.known.clients_of.get(keys.to_vec(), read).await
    }

    /// One part of the clients with a health score, lowest first.
    pub(in crate::web) async fn by_health(
        &mut self,
        query: &ClientQuery,
    ) -> Result<Arc<Vec<Client>>, Refusal> {
        let read = self.store.by_health(query);
        self.known.by_health.get(query.clone(), read).await
    }

    /// The keys of the clients with a health score, lowest first.
    pub(in crate::web) async fn keys_by_health(
        &mut self,
        among: &Among,
    ) -> Result<Arc<Vec<Key>>, Refusal> {
        let read = self.store.keys_by_health(among);
        self.known.keys_by_health.get(among.clone(), read).await
    }

    /// The number of clients in a list.
    pub(in crate::web) async fn count(&mut self, among: &Among) -> Result<u64, Refusal> {
        let read = self.store.count_clients(among);
        self.known
            .counts
            .get(among.clone(), read)
            .await
            .map(|count| *count)
    }

    /// The number of clients in a list who have a health score.
    pub(in crate::web) async fn count_with_health(
        &mut self,
        among: &Among,
    ) -> Result<u64, Refusal> {
        let read = self.store.count_with_health(among);
        let counts = &self.known.counts_with_health;
        counts.get(among.clone(), read).await.map(|count| *count)
    }
}
