//! What the owner is to be told about mail, and that it was told: once each.

use sqlx::SqliteConnection;

use super::look::ARRIVED_SINCE;
use super::{Delivery, DeliveryStatus, NewDelivery, queue::enqueue};
use crate::store::error::About;
use crate::store::migrate::begin;
use crate::store::text::{Instant, instant, json};
use crate::store::{Store, StoreError};

/// What a notice settles once it is in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// That mails did not go out or did not arrive.
    Trouble,
    /// That later ones arrived.
    Recovery,
}

impl Store {
    /// Reports that were held, refused, lost sight of or not sent in time, of which the owner does not
    /// know.
    pub async fn untold(&mut self) -> Result<Vec<Delivery>, StoreError> {
        let which = format!(
            "kind = 'report' and status in ('held', 'refused', 'unknown', 'expired')
             and told_at is null and not {ARRIVED_SINCE} order by report, status, id"
        );
        self.some(&which).await
    }

    /// Reports whose trouble the owner was told, and a newer one of which has arrived where they did not.
    pub async fn recovered(&mut self) -> Result<Vec<Delivery>, StoreError> {
        let which = format!(
            "kind = 'report' and told_at is not null and settled_at is null and {ARRIVED_SINCE}
             order by report, id"
        );
        self.some(&which).await
    }

    /// Puts a notice into the outbox and records in the same transaction that the owner is notified of these
    /// mails. False, and nothing remembered, where such a notice is there already.
    pub async fn tell(
        &mut self,
        notice: &NewDelivery,
        news: News,
        of: &[i64],
        now: i64,
    ) -> Result<bool, StoreError> {
        let remember = match news {
            News::Trouble => {
                // What the owner has decided about meanwhile may yet be trouble of another kind.
                "update muster_deliveries set told_at = ?
                 where id in (select value from json_each(?)) and told_at is null
                   and status in ('held', 'refused', 'unknown', 'expired')"
            }
            News::Recovery => {
                "update muster_deliveries set settled_at = ?
                 where id in (select value from json_each(?))"
            }
        };
        let connection = &mut self.connection;
        let told = tell(connection, notice, (remember, of), now).await;
        told.about(&self.path)
    }

    /// The newest notice of each name that begins with one of these words and a colon.
    pub async fn newest_notices(&mut self, words: &[&str]) -> Result<Vec<NoticeRow>, StoreError> {
        if !self.has_outbox().await? {
            return Ok(Vec::new());
        }
        let words = json(words).about(&self.path)?;
        // Of bare columns SQLite gives those of the row with the greatest number: clocks are put back, numbers are not.
        sqlx::query_as(
            "select max(id) as id, report, period, status from muster_deliveries
             where kind = 'notice' and substr(report, 1, instr(report, ':') - 1) in
                 (select value from json_each(?))
             group by report order by report",
        )
        .bind(words)
        .fetch_all(&mut self.connection)
        .await
        .about(&self.path)
    }
}

async fn tell(
    connection: &mut SqliteConnection,
    notice: &NewDelivery,
    (remember, of): (&'static str, &[i64]),
    now: i64,
) -> sqlx::Result<bool> {
    let mut transaction = begin(connection).await?;
    if !enqueue(&mut transaction, notice, None, now).await? {
        return Ok(false);
    }
    sqlx::query(remember)
        .bind(instant(now))
        .bind(json(of)?)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(true)
}

/// The newest notice of a name.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NoticeRow {
    /// The mail's number.
    pub id: i64,
    /// The name, such as `overdue:nightly`.
    #[sqlx(rename = "report")]
    pub name: String,
    /// The instant that it is of, microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub period: i64,
    /// What became of it.
    pub status: DeliveryStatus,
}
