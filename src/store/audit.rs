//! The audit log of the page.

use super::error::About;
use super::migrate::{begin_migrated, has_table};
use super::text::Instant;
use super::{Store, StoreError};
use crate::time::format_instant;

/// An audited action.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Audited {
    /// When, in microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub at: i64,
    /// The name of the user.
    pub who: String,
    /// The action: `export`.
    pub what: String,
    /// The object of the action: a segment, a run, a report; never a person.
    pub of: Option<String>,
}

impl Store {
    /// Records an action.
    pub async fn audit(&mut self, audited: &Audited) -> Result<(), StoreError> {
        let path = self.path.clone();
        let mut transaction = begin_migrated(&mut self.connection).await.about(&path)?;
        sqlx::query("insert into muster_audit (at, who, what, of) values (?, ?, ?, ?)")
            .bind(format_instant(audited.at, chrono_tz::UTC))
            .bind(&audited.who)
            .bind(&audited.what)
            .bind(&audited.of)
            .execute(&mut *transaction)
            .await
            .about(&path)?;
        transaction.commit().await.about(&path)
    }

    /// The last actions, newest first, at most `most`.
    pub async fn audited(&mut self, most: u32) -> Result<Vec<Audited>, StoreError> {
        let there = has_table(&mut self.connection, "muster_audit").await;
        if !there.about(&self.path)? {
            return Ok(Vec::new());
        }
        sqlx::query_as("select at, who, what, of from muster_audit order by id desc limit ?")
            .bind(most)
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }
}
