//! Lengths of lists of which a part is shown.

use sqlx::AssertSqlSafe;

use super::error::About;
use super::migrate::has_table;
use super::text::json;
use super::{Among, Store, StoreError};

impl Store {
    /// The number of clients in a list.
    pub async fn count_clients(&mut self, among: &Among) -> Result<u64, StoreError> {
        let wanted = among.condition();
        let segments = json(among.segments()).about(&self.path)?;
        self.count(
            &format!("select count(*) from muster_scores scores where {wanted}"),
            Some(&segments),
        )
        .await
    }

    /// The number of rows that [`Store::by_health`] would return for a list.
    pub async fn count_with_health(&mut self, among: &Among) -> Result<u64, StoreError> {
        if !has_table(&mut self.connection, "muster_health")
            .await
            .about(&self.path)?
        {
            return Ok(0);
        }
        let wanted = among.condition();
        let segments = json(among.segments()).about(&self.path)?;
        let sql = format!(
            "select count(*) from muster_scores scores
             join muster_health h on h.subject_key = scores.subject_key where {wanted}"
        );
        self.count(&sql, Some(&segments)).await
    }

    /// The number of runs, however they ended.
    pub async fn count_runs(&mut self) -> Result<u64, StoreError> {
        self.count("select count(*) from muster_runs", None).await
    }

    /// The number of mails in the outbox.
    pub async fn count_deliveries(&mut self) -> Result<u64, StoreError> {
        if !self.has_outbox().await? {
            return Ok(0);
        }
        self.count("select count(*) from muster_deliveries", None)
            .await
    }

    async fn count(&mut self, sql: &str, of: Option<&str>) -> Result<u64, StoreError> {
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
            .bind(of)
            .fetch_one(&mut self.connection)
            .await
            .about(&self.path)
    }
}
