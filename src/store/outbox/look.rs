//! Queries of the outbox.

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{DeliveryKind, DeliveryStatus};
use crate::store::error::About;
use crate::store::migrate::has_table;
use crate::store::text::{Instant, OptionalInstant, instant};
use crate::store::{Store, StoreError};

/// A mail in the outbox, without its text.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// The report's id; for a notice, its own name.
    pub report: String,
    /// The kind of mail.
    pub kind: DeliveryKind,
    /// The due instant that it is for, in microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub period: i64,
    /// An address.
    pub recipient: String,
    /// Its status.
    pub status: DeliveryStatus,
    /// Why it is held or did not arrive.
    pub reason: Option<String>,
    /// When it was created, in microseconds UTC.
    #[sqlx(try_from = "Instant")]
    pub created_at: i64,
    /// The number of attempts.
    pub attempts: u32,
    /// When it is retried, in microseconds UTC; `None` for at once, or never.
    #[sqlx(try_from = "OptionalInstant")]
    pub next_attempt_at: Option<i64>,
    /// When it ended, in microseconds UTC.
    #[sqlx(try_from = "OptionalInstant")]
    pub finished_at: Option<i64>,
    /// The server's last answer.
    pub response: Option<String>,
    /// How often it was sent again although it may have arrived.
    pub resent: u32,
}

/// Mail that has not arrived, not counting tests: whoever requested a test sees its result at once, and nobody else
/// waits for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, sqlx::FromRow)]
pub struct Undelivered {
    /// How many wait for their next attempt.
    pub pending: u64,
    /// How many of these have failed before.
    pub tried: u64,
    /// How many wait for the owner.
    pub held: u64,
    /// How many are on the way, or were when their process died.
    pub sending: u64,
    /// How many the server rejected, with nothing newer arrived in their place.
    pub refused: u64,
    /// How many may or may not have arrived, with nothing newer arrived.
    pub unknown: u64,
    /// How many were not sent in time, with nothing newer arrived in their place.
    pub expired: u64,
    /// When the oldest waiting mail was created, in microseconds UTC.
    #[sqlx(try_from = "OptionalInstant")]
    pub oldest: Option<i64>,
    /// Why the last attempt failed.
    #[sqlx(skip)]
    pub trouble: Option<String>,
    /// The server's answer to our login, if it does not accept it.
    #[sqlx(skip)]
    pub login: Option<String>,
}

impl Undelivered {
    /// True if an operator should look.
    pub fn needs_attention(&self) -> bool {
        let open = self.tried + self.held + self.refused + self.unknown + self.expired;
        open > 0 || self.login.is_some()
    }
}

/// SQL condition: a newer mail of the same report arrived at the same recipient.
pub(super) const ARRIVED_SINCE: &str = "exists (
    select 1 from muster_deliveries newer
    where newer.kind = mail.kind and newer.report = mail.report
      and newer.recipient = mail.recipient and newer.period > mail.period
      and newer.status = 'accepted')";

impl Store {
    /// True if the outbox has work: mail that is due or lost, news for the owner if there is one, texts of mail that
    /// ended before `kept`.
    pub async fn has_mail_work(
        &mut self,
        owner: bool,
        now: i64,
        kept: i64,
    ) -> Result<bool, StoreError> {
        if !self.has_outbox().await? {
            return Ok(false);
        }
        let sql = format!(
            "select exists (select 1 from muster_deliveries mail where
                 status = 'pending' and coalesce(next_attempt_at, '') <= ?1
                 or status = 'sending'
                 or message is not null and finished_at <= ?2
                 or ?3 and kind = 'report' and (
                    told_at is null and status in ('held', 'refused', 'unknown', 'expired')
                        and not {ARRIVED_SINCE}
                    or told_at is not null and settled_at is null and {ARRIVED_SINCE}))"
        );
        sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(instant(now))
            .bind(instant(kept))
            .bind(owner)
            .fetch_one(&mut self.connection)
            .await
            .about(&self.path)
    }

    /// Mail that is due now: failed mails come after the rest, oldest first.
    pub async fn due(&mut self, now: i64) -> Result<Vec<Delivery>, StoreError> {
        // An instant is a quoted text of characters that mean nothing in SQL.
        let now = instant(now);
        self.some(&format!(
            "status = 'pending' and coalesce(next_attempt_at, '') <= '{now}'
             order by attempts, id"
        ))
        .await
    }

    /// Mail that may still be sent.
    pub async fn open_deliveries(&mut self) -> Result<Vec<Delivery>, StoreError> {
        if !self.has_outbox().await? {
            return Ok(Vec::new());
        }
        self.some("status in ('pending', 'held') order by id").await
    }

    /// The newest mails, newest first; all of them without a limit.
    pub async fn deliveries(
        &mut self,
        limit: impl Into<Option<u32>>,
    ) -> Result<Vec<Delivery>, StoreError> {
        if !self.has_outbox().await? {
            return Ok(Vec::new());
        }
        let limit = limit.into().map_or(-1, i64::from);
        self.some(&format!("true order by id desc limit {limit}"))
            .await
    }

    /// The newest mail of a report to one of its recipients.
    pub async fn last_mail_of(&mut self, report: &str) -> Result<Option<Delivery>, StoreError> {
        if !self.has_outbox().await? {
            return Ok(None);
        }
        let newest = sqlx::query_scalar(
            "select max(id) from muster_deliveries where report = ? and kind = 'report'",
        );
        let newest: Option<i64> = newest
            .bind(report)
            .fetch_one(&mut self.connection)
            .await
            .about(&self.path)?;
        let Some(newest) = newest else {
            return Ok(None);
        };
        Ok(self.some(&format!("id = {newest}")).await?.pop())
    }

    /// The whole encoded message of a mail; `None` if it was deleted.
    pub async fn body(&mut self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let body = sqlx::query_scalar("select message from muster_deliveries where id = ?")
            .bind(id)
            .fetch_optional(&mut self.connection)
            .await;
        body.map(Option::flatten).about(&self.path)
    }

    /// When a server last refused our login, in microseconds UTC.
    pub async fn login_refusal(&mut self, server: &str) -> Result<Option<i64>, StoreError> {
        let refusal: Option<Instant> =
            sqlx::query_scalar("select refused_at from muster_mail_logins where server = ?")
                .bind(server)
                .fetch_optional(&mut self.connection)
                .await
                .about(&self.path)?;
        Ok(refusal.map(i64::from))
    }

    /// Mail that has not arrived: counts and the known reasons. A refused login counts whichever command found it,
    /// because it holds up all mail.
    pub async fn undelivered(&mut self) -> Result<Undelivered, StoreError> {
        if !self.has_outbox().await? {
            return Ok(Undelivered::default());
        }
        undelivered(&mut self.connection).await.about(&self.path)
    }

    /// False for results of a Muster version without mail.
    pub(in crate::store) async fn has_outbox(&mut self) -> Result<bool, StoreError> {
        let found = has_table(&mut self.connection, "muster_mail_logins").await;
        found.about(&self.path)
    }

    /// Mails that match a condition; the condition must not contain input.
    pub(super) async fn some(&mut self, which: &str) -> Result<Vec<Delivery>, StoreError> {
        let sql = format!(
            "select id, report, kind, period, recipient, status, reason, created_at, attempts,
                    next_attempt_at, finished_at, response, resent
             from muster_deliveries mail where {which}"
        );
        sqlx::query_as(AssertSqlSafe(sql))
            .fetch_all(&mut self.connection)
            .await
            .about(&self.path)
    }
}

async fn undelivered(connection: &mut SqliteConnection) -> sqlx::Result<Undelivered> {
    let counts = format!(
            "select count(*) filter (where status = 'pending') as pending,
                    count(*) filter (where status = 'pending' and next_attempt_at is not null) as tried,
                    count(*) filter (where status = 'held') as held,
                    count(*) filter (where status = 'sending') as sending,
                    count(*) filter (where status = 'refused') as refused,
                    count(*) filter (where status = 'unknown') as unknown,
                    count(*) filter (where status = 'expired') as expired,
                    min(created_at) filter (where status in ('pending', 'held', 'sending')) as oldest
             from muster_deliveries mail
             where kind <> 'test' and (status in ('pending', 'held', 'sending')
                or status in ('refused', 'unknown', 'expired') and not {ARRIVED_SINCE})"
        );
    let counts: Undelivered = sqlx::query_as(AssertSqlSafe(counts))
        .fetch_one(&mut *connection)
        .await?;
    let trouble = sqlx::query_scalar(
        "select reason from muster_deliveries
             where status = 'pending' and next_attempt_at is not null and kind <> 'test'
             order by last_attempt_at desc limit 1",
    )
    .fetch_optional(&mut *connection)
    .await?;
    let login = sqlx::query_scalar("select response from muster_mail_logins limit 1")
        .fetch_optional(connection)
        .await?;
    Ok(Undelivered {
        trouble: Option::flatten(trouble),
        login,
        ..counts
    })
}
