//! The secret from which the opaque client ids in the page's addresses are made.

use super::error::About;
use super::migrate::has_table;
use super::{Store, StoreError};

/// The table that holds it.
const TABLE: &str = "muster_page_key";

impl Store {
    /// The secret; `None` in results that no run of this version has written to.
    pub async fn page_key(&mut self) -> Result<Option<[u8; 32]>, StoreError> {
        let there = has_table(&mut self.connection, TABLE).await;
        if !there.about(&self.path)? {
            return Ok(None);
        }
        let secret: Option<Vec<u8>> = sqlx::query_scalar("select secret from muster_page_key")
            .fetch_optional(&mut self.connection)
            .await
            .about(&self.path)?;
        Ok(secret.and_then(|secret| secret.try_into().ok()))
    }

    /// A unique id of these results; `None` in results that no run of this version has written to.
    pub async fn identity(&mut self) -> Result<Option<[u8; 16]>, StoreError> {
        let secret = self.page_key().await?;
        let digest =
            secret.map(|secret| blake3::derive_key("muster 2026 identity of results", &secret));
        Ok(digest.and_then(|digest| digest.first_chunk().copied()))
    }
}
