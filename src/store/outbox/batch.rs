//! Adding mail to the outbox: once per report, period and recipient, in the transaction of the run that it is about.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use super::{NewDelivery, queue::enqueue};
use crate::store::error::About;
use crate::store::migrate::begin_migrated;
use crate::store::report_cursor::{baselines, prune_states, write_states};
use crate::store::{Baselines, ReportFile, ReportState, Store, StoreError, report_files};

/// The mail about one run, and the state it was written from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OutboxBatch {
    /// The run's number.
    pub run: i64,
    /// When it was written, in microseconds UTC.
    pub written_at: i64,
    /// What the recipients of each report had accepted at that time.
    pub baselines: BTreeMap<String, Baselines>,
    /// The mail.
    pub deliveries: Vec<NewDelivery>,
    /// The content of the reports, for recipients of later reports.
    pub states: Vec<ReportState>,
    /// The files that were too large to attach and are kept beside config.
    pub files: Vec<ReportFile>,
}

impl Store {
    /// Puts mail about the last published run into the outbox, and returns how many mails are new; existing ones stay
    /// as they are.
    ///
    /// # Errors
    /// Nothing was written. [`StoreError::Overtaken`] if another run was published or another mail accepted since the
    /// mail was written.
    pub async fn enqueue_batch(&mut self, batch: &OutboxBatch) -> Result<usize, StoreError> {
        let count = enqueue_alone(&mut self.connection, batch).await;
        let count = count.about(&self.path)?;
        count.ok_or_else(|| StoreError::Overtaken(self.path.clone()))
    }
}

async fn enqueue_alone(
    connection: &mut SqliteConnection,
    batch: &OutboxBatch,
) -> sqlx::Result<Option<usize>> {
    let mut transaction = begin_migrated(connection).await?;
    let newest = newest_published(&mut transaction).await?;
    if newest != Some(batch.run) || !accepted_as_known(&mut transaction, batch).await? {
        return Ok(None);
    }
    let count = enqueue_batch(&mut transaction, batch).await?;
    transaction.commit().await?;
    Ok(Some(count))
}

/// The number of the run whose results are in the tables; `None` before the first.
pub(in crate::store) async fn newest_published(
    connection: &mut SqliteConnection,
) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("select max(id) from muster_runs where status in ('published', 'partial')")
        .fetch_one(connection)
        .await
}

/// Whether the mail of an unrecorded run is still valid: no other run has taken its number, and no mail has been
/// accepted since.
pub(in crate::store) async fn is_current(
    connection: &mut SqliteConnection,
    batch: &OutboxBatch,
) -> sqlx::Result<bool> {
    let taken: bool = sqlx::query_scalar("select count(*) from muster_runs where id = ?")
        .bind(batch.run)
        .fetch_one(&mut *connection)
        .await?;
    Ok(!taken && accepted_as_known(connection, batch).await?)
}

async fn accepted_as_known(
    connection: &mut SqliteConnection,
    batch: &OutboxBatch,
) -> sqlx::Result<bool> {
    for (report, known) in &batch.baselines {
        if baselines(connection, report).await? != *known {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes mail and states, and returns how many mails are new. Part of the caller's transaction.
pub(in crate::store) async fn enqueue_batch(
    connection: &mut SqliteConnection,
    batch: &OutboxBatch,
) -> sqlx::Result<usize> {
    let mut count = 0;
    for delivery in &batch.deliveries {
        let new = enqueue(connection, delivery, Some(batch.run), batch.written_at).await?;
        count += usize::from(new);
    }
    write_states(connection, batch.run, &batch.states).await?;
    prune_states(connection).await?;
    report_files::remember(connection, &batch.files, batch.written_at).await?;
    Ok(count)
}
