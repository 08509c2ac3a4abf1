//! Subjects that entered and left repeatedly in the last runs, for lints.

use sqlx::FromRow;

use super::error::About;
use super::{Store, StoreError};
use crate::engine::Key;

/// A subject that entered a segment more than once.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Returns {
    /// The segment's id.
    #[sqlx(rename = "segment_id")]
    pub segment: String,
    /// The subject.
    #[sqlx(rename = "subject_key")]
    pub subject: Key,
    /// How often it entered.
    pub times: u32,
}

/// The last published runs.
const LAST: &str = "select id from muster_runs where status in ('published', 'partial')
                    order by id desc limit ?";

impl Store {
    /// Subjects that entered a segment at least `least` times in the last published runs because of the data.
    pub async fn returns(&mut self, runs: u32, least: u32) -> Result<Vec<Returns>, StoreError> {
        let sql = format!(
            "select segment_id, subject_key, count(*) as times from muster_movements
             where run_id in ({LAST}) and direction = 'entered' and cause = 'data'
             group by segment_id, subject_key having count(*) >= ?
             order by segment_id, times desc, subject_key"
        );
        sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(runs)
            .bind(least)
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }

    /// The ids of the segments that had a member in one of the last published runs.
    pub async fn held_somebody(&mut self, runs: u32) -> Result<Vec<String>, StoreError> {
        let sql = format!(
            "select distinct segment_id from muster_metrics
             where run_id in ({LAST}) and metric = 'size' and value > 0"
        );
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(runs)
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }
}
