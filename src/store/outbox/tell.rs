//! What the owner is to be told about mail, and that it was told: once each.

use sqlx::Connection;

use super::look::ARRIVED_SINCE;
use super::{Delivery, NewDelivery, enqueue};
use crate::store::text::{instant, json, micros};
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
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn untold(&mut self) -> Result<Vec<Delivery>, StoreError> {
        let which = format!(
            "kind = 'report' and status in ('held', 'refused', 'unknown', 'expired')
             and told_at is null and not {ARRIVED_SINCE} order by report, status, id"
        );
        self.some(&which).await
    }

    /// Reports whose trouble the owner was told, and a newer one of which has arrived where they did not.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn recovered(&mut self) -> Result<Vec<Delivery>, StoreError> {
        let which = format!(
            "kind = 'report' and told_at is not null and settled_at is null and {ARRIVED_SINCE}
             order by report, id"
        );
        self.some(&which).await
    }

    /// Puts a notice into the outbox and remembers in the same breath that the owner is told of these
    /// mails. False, and nothing remembered, where such a notice is there already.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn tell(
        &mut self,
        notice: &NewDelivery,
        news: News,
        of: &[i64],
        now: i64,
    ) -> Result<bool, StoreError> {
        let remember = match news {
            News::Trouble => {
                "update muster_deliveries set told_at = ?
                 where id in (select value from json_each(?))"
            }
            News::Recovery => {
                "update muster_deliveries set settled_at = ?
                 where id in (select value from json_each(?))"
            }
        };
        let told = async {
            let mut transaction = self.connection.begin_with("begin immediate").await?;
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
        };
        let told: sqlx::Result<bool> = told.await;
        told.map_err(|error| self.error(&error))
    }

    /// The newest due instant that there is a notice of this name for, microseconds UTC.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn last_notice(&mut self, name: &str) -> Result<Option<i64>, StoreError> {
        let last: sqlx::Result<Option<String>> = sqlx::query_scalar(
            "select max(period) from muster_deliveries where kind = 'notice' and report = ?",
        )
        .bind(name)
        .fetch_one(&mut self.connection)
        .await;
        last.and_then(|last| last.as_deref().map(micros).transpose())
            .map_err(|error| self.error(&error))
    }
}
