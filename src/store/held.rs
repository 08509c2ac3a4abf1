//! Runs that were held: recorded, and nothing of them published.

use super::error::About;
use super::outbox::newest_published;
use super::{Run, Store, StoreError};

impl Run {
    /// Why it is held, a reason each.
    pub fn reasons(&self) -> impl Iterator<Item = &str> {
        let message = self.message.as_deref();
        message.unwrap_or("no reason is known").split("; ")
    }
}

impl Store {
    /// The runs that were held since something was last published, oldest first.
    pub async fn held_now(&mut self) -> Result<Vec<Run>, StoreError> {
        let published = newest_published(&mut self.connection).await;
        let published = published.about(&self.path)?;
        self.held_since(published.unwrap_or_default()).await
    }

    /// The runs that were held after a run of this number, oldest first.
    pub async fn held_since(&mut self, run: i64) -> Result<Vec<Run>, StoreError> {
        sqlx::query_as("select * from muster_runs where status = 'held' and id > ? order by id")
            .bind(run)
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }
}
