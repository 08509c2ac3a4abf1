//! Held runs: recorded, but not published.

use super::error::About;
use super::outbox::newest_published;
use super::{Run, Store, StoreError};

impl Run {
    /// The reasons why it is held.
    pub fn reasons(&self) -> impl Iterator<Item = &str> {
        let message = self.message.as_deref();
        message.unwrap_or("no reason is known").split("; ")
    }
}

impl Store {
    /// The runs that were held since the last publication, oldest first.
    pub async fn held_now(&mut self) -> Result<Vec<Run>, StoreError> {
        let published = newest_published(&mut self.connection).await;
        let published = published.about(&self.path)?;
        self.held_since(published.unwrap_or_default()).await
    }

    /// The runs that were held after a run, given by its number, oldest first.
    pub async fn held_since(&mut self, run: i64) -> Result<Vec<Run>, StoreError> {
        sqlx::query_as("select * from muster_runs where status = 'held' and id > ? order by id")
            .bind(run)
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }
}
