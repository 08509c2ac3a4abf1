//! Notices to the owner about mail, and the record that they were given: once each.

use sqlx::SqliteConnection;

use super::look::ARRIVED_SINCE;
use super::{Delivery, DeliveryStatus, NewDelivery, queue::enqueue};
use crate::store::error::About;
use crate::store::migrate::begin;
use crate::store::text::{Instant, instant, json};
use crate::store::{Store, StoreError};

/// What a notice covers once it is in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Mails that were not sent or did not arrive.
    Trouble,
    /// Later mails that arrived.
    Recovery,
}

impl Store {
    /// Reports that were held, refused, lost or not sent in time, and that the owner has not been told about.
    pub async fn untold(&mut self) -> Result<Vec<Delivery>, StoreError> {
        let which = format!(
            "kind = 'report' and status in ('held', 'refused', 'unknown', 'expired')
             and told_at is null and not {ARRIVED_SINCE} order by report, status, id"
        );
        self.some(&which).await
    }

    /// Reports that failed, that the owner was told about, and for which a newer one has arrived.
    pub async fn recovered(&mut self) -> Result<Vec<Delivery>, StoreError> {
        let which = format!(
            "kind = 'report' and told_at is not null and settled_at is null and {ARRIVED_SINCE}
             order by report, id"
        );
        self.some(&which).await
    }

    /// Puts a notice into the outbox and records in the same transaction that the owner has been told of these mails.
    /// False, with nothing recorded, if the notice is already there.
    pub async fn tell(
        &mut self,
        notice: &NewDelivery,
        news: News,
        of: &[i64],
        now: i64,
    ) -> Result<bool, StoreError> {
        let remember = match news {
            News::Trouble => {
                // A mail that the owner has decided about in the meantime may yet fail in another way.
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
        // For bare columns SQLite takes the row with the maximum, and that is the maximal number: clocks can go back,
        // numbers cannot.
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

/// The newest notice with a name.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NoticeRow {
    /// The mail's number.
    pub id: i64,
    /// The name, such as `overdue:nightly`.
    #[sqlx(rename = "report")]
    pub name: String,
    /// The instant that it is about, in microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub period: i64,
    /// Its status.
    pub status: DeliveryStatus,
}
