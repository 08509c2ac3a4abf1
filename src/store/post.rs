//! Putting mail into the outbox: once for a report, period and recipient, in the transaction of the run
//! that it tells of.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use super::error::About;
use super::migrate::begin_migrated;
use super::outbox::enqueue;
use super::report_cursor::{baselines, prune_states, write_states};
use super::{Baselines, NewDelivery, ReportFile, ReportState, Store, StoreError, report_files};

/// The mail that tells of one run, and what it was written from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Posting {
    /// The run's number.
    pub run: i64,
    /// When it was written, microseconds UTC.
    pub written_at: i64,
    /// What the recipients of each report had accepted by then.
    pub baselines: BTreeMap<String, Baselines>,
    /// The mail.
    pub letters: Vec<NewDelivery>,
    /// What the reports tell, for those who are told of later runs.
    pub states: Vec<ReportState>,
    /// The files that were too large for it, and lie beside config.
    pub files: Vec<ReportFile>,
}

impl Store {
    /// Puts mail that tells of the last published run into the outbox, and gives how many are new
    /// there: one that was there already stays as it is.
    ///
    /// # Errors
    /// Nothing was written. [`StoreError::Overtaken`] where another run was published or another mail
    /// accepted since the mail was written.
    pub async fn post(&mut self, posting: &Posting) -> Result<usize, StoreError> {
        let count = post_alone(&mut self.connection, posting).await;
        let count = count.about(&self.path)?;
        count.ok_or_else(|| StoreError::Overtaken(self.path.clone()))
    }
}

async fn post_alone(
    connection: &mut SqliteConnection,
    posting: &Posting,
) -> sqlx::Result<Option<usize>> {
    let mut transaction = begin_migrated(connection).await?;
    let newest = newest_published(&mut transaction).await?;
    if newest != Some(posting.run) || !accepted_as_known(&mut transaction, posting).await? {
        return Ok(None);
    }
    let count = post(&mut transaction, posting).await?;
    transaction.commit().await?;
    Ok(Some(count))
}

/// The number of the run whose results are in the tables; none before the first.
pub(super) async fn newest_published(
    connection: &mut SqliteConnection,
) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("select max(id) from muster_runs where status in ('published', 'partial')")
        .fetch_one(connection)
        .await
}

/// Whether the mail of a run that is not recorded yet is still true: nobody took the run's number, and
/// nothing was accepted since.
pub(super) async fn is_current(
    connection: &mut SqliteConnection,
    posting: &Posting,
) -> sqlx::Result<bool> {
    let taken: bool = sqlx::query_scalar("select count(*) from muster_runs where id = ?")
        .bind(posting.run)
        .fetch_one(&mut *connection)
        .await?;
    Ok(!taken && accepted_as_known(connection, posting).await?)
}

async fn accepted_as_known(
    connection: &mut SqliteConnection,
    posting: &Posting,
) -> sqlx::Result<bool> {
    for (report, known) in &posting.baselines {
        if baselines(connection, report).await? != *known {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes mail and states; gives how many mails are new. Part of the caller's transaction.
pub(super) async fn post(
    connection: &mut SqliteConnection,
    posting: &Posting,
) -> sqlx::Result<usize> {
    let mut count = 0;
    for letter in &posting.letters {
        let new = enqueue(connection, letter, Some(posting.run), posting.written_at).await?;
        count += usize::from(new);
    }
    write_states(connection, posting.run, &posting.states).await?;
    prune_states(connection).await?;
    report_files::remember(connection, &posting.files, posting.written_at).await?;
    Ok(count)
}
