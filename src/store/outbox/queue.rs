//! Adding mail to the outbox: once per report, period and recipient.

use sqlx::SqliteConnection;

use super::{DeliveryKind, NewDelivery};
use crate::store::error::About;
use crate::store::migrate::begin_migrated;
use crate::store::text::instant;
use crate::store::{Store, StoreError};

impl Store {
    /// Puts mail into the outbox outside a run; `run` is the published run that it is about. Returns how many mails are
    /// new.
    pub async fn enqueue(
        &mut self,
        mails: &[NewDelivery],
        run: Option<i64>,
        now: i64,
    ) -> Result<usize, StoreError> {
        let new = enqueue_all(&mut self.connection, mails, run, now).await;
        new.about(&self.path)
    }
}

async fn enqueue_all(
    connection: &mut SqliteConnection,
    mails: &[NewDelivery],
    run: Option<i64>,
    now: i64,
) -> sqlx::Result<usize> {
    let mut transaction = begin_migrated(connection).await?;
    let mut new = 0;
    for mail in mails {
        new += usize::from(enqueue(&mut transaction, mail, run, now).await?);
    }
    transaction.commit().await?;
    Ok(new)
}

/// Puts a mail into the outbox, as part of the caller's transaction. An earlier unsent report to the same recipient is
/// superseded: this one includes its news, because both are compared with the last accepted one. False if the mail was
/// already there.
pub(in crate::store) async fn enqueue(
    connection: &mut SqliteConnection,
    mail: &NewDelivery,
    run: Option<i64>,
    now: i64,
) -> sqlx::Result<bool> {
    let (status, now) = match mail.held {
        Some(_) => ("held", instant(now)),
        None => ("pending", instant(now)),
    };
    let inserted = sqlx::query(
        "insert into muster_deliveries (report, kind, period, recipient, run_id, baseline_run_id,
             message_id, message, status, reason, created_at, queued_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?11, ?11)
         on conflict (report, period, recipient) do nothing",
    )
    .bind(&mail.report)
    .bind(mail.kind.name())
    .bind(instant(mail.period))
    .bind(&mail.recipient)
    .bind(run)
    .bind(mail.baseline)
    .bind(&mail.message_id)
    .bind(&mail.message)
    .bind(status)
    .bind(&mail.held)
    .bind(&now)
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() == 0 {
        return Ok(false);
    }
    if mail.kind == DeliveryKind::Report {
        sqlx::query(
            "update muster_deliveries set status = 'superseded', finished_at = ?1,
                 next_attempt_at = null, message = null,
                 reason = 'a newer report went in its place'
             where kind = 'report' and report = ?2 and recipient = ?3 and period < ?4
               and status in ('pending', 'held')",
        )
        .bind(&now)
        .bind(&mail.report)
        .bind(&mail.recipient)
        .bind(instant(mail.period))
        .execute(&mut *connection)
        .await?;
    }
    Ok(true)
}
