//! Which publications of results were made by this file, and not by another copy.

use std::collections::BTreeSet;
use std::path::Path;

use super::error::About;
use super::migrate::{begin_migrated, has_table, newest};
use super::{Store, StoreError};

/// The table that holds them.
const TABLE: &str = "muster_publications";
/// How many are kept: those of destinations that config named before, and those that may have failed.
const KEPT: i64 = 1_000;

impl Store {
    /// The tokens of this file's publications.
    pub async fn publications(&mut self) -> Result<BTreeSet<String>, StoreError> {
        let there = has_table(&mut self.connection, TABLE).await;
        if !there.about(&self.path)? {
            return Ok(BTreeSet::new());
        }
        let found = sqlx::query_scalar("select token from muster_publications")
            .fetch_all(&mut self.connection);
        let found: Vec<String> = found.await.about(&self.path)?;
        Ok(found.into_iter().collect())
    }

    /// Opens results for reading, as [`Store::open_reader`] does, after bringing their tables up to date.
    ///
    /// # Errors
    /// The file cannot be opened, read or brought up to date.
    pub async fn open_current(path: &Path) -> Result<Option<Self>, StoreError> {
        let Some(mut store) = Self::open_reader(path).await? else {
            return Ok(None);
        };
        if store.schema_version().await? == newest() {
            return Ok(Some(store));
        }
        store.close().await?;
        let mut store = Self::open_writer(path, false).await?;
        let migrated = begin_migrated(&mut store.connection).await.about(path)?;
        migrated.commit().await.about(path)?;
        store.close().await?;
        Self::open_reader(path).await
    }

    /// A token for a publication that is about to be made. It belongs to this file from now on, even if the publication
    /// fails. `found` is the token that the server has, if it is this file's: it is kept, however many attempts fail.
    pub async fn begin_publication(&mut self, found: Option<&str>) -> Result<String, StoreError> {
        let Self { connection, path } = self;
        let mut transaction = begin_migrated(connection).await.about(path)?;
        let token: String = sqlx::query_scalar(
            "insert into muster_publications (token) values (lower(hex(randomblob(16)))) returning token",
        )
        .fetch_one(&mut *transaction)
        .await
        .about(path)?;
        sqlx::query(
            "delete from muster_publications
             where token is not ?1 and id <= (select max(id) from muster_publications) - ?2",
        )
        .bind(found)
        .bind(KEPT)
        .execute(&mut *transaction)
        .await
        .about(path)?;
        transaction.commit().await.about(path)?;
        Ok(token)
    }
}
