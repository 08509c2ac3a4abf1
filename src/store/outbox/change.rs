//! Status changes of mail in the outbox. One process at a time delivers (`mail` ensures that). Others may add, release
//! and cancel mail in the meantime, so each change states the status it changes from.

use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, query::Query};

use super::DeliveryStatus;
use crate::store::error::About;
use crate::store::text::{self, instant, json};
use crate::store::{Store, StoreError};

/// How a delivery attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The mail.
    pub id: i64,
    /// When, in microseconds UTC.
    pub at: i64,
    /// The resulting status.
    pub status: DeliveryStatus,
    /// When it is retried, in microseconds UTC; `None` if it is not.
    pub next: Option<i64>,
    /// Why it did not arrive, in words.
    pub reason: Option<String>,
    /// The server's last answer.
    pub response: Option<String>,
}

/// The owner's decision about a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Send a held mail.
    Release,
    /// Send a mail again that did not arrive, or may not have.
    SendAgain,
    /// Give up a mail that was not sent, or may not have been.
    Cancel,
    /// Treat a mail that may have arrived as arrived.
    Arrived,
}

type Statement<'q> = Query<'q, sqlx::Sqlite, SqliteArguments>;

impl Store {
    /// Records that the text of a mail may be on the way from now on. False if the mail is no longer to be sent.
    pub async fn sending(&mut self, id: i64, now: i64) -> Result<bool, StoreError> {
        let note = sqlx::query(
            "update muster_deliveries set status = 'sending', last_attempt_at = ?
             where id = ? and status = 'pending' and message is not null",
        );
        let noted = self.change(note.bind(instant(now)).bind(id)).await?;
        Ok(noted > 0)
    }

    /// Records how an attempt ended.
    pub async fn attempted(&mut self, attempt: &Attempt) -> Result<(), StoreError> {
        let open = attempt.status == DeliveryStatus::Pending;
        let note = sqlx::query(
            "update muster_deliveries set status = ?1, attempts = attempts + 1, last_attempt_at = ?2,
                 next_attempt_at = ?3, reason = ?4, response = coalesce(?5, response),
                 finished_at = iif(?6, null, ?2)
             where id = ?7 and status in ('pending', 'sending')",
        )
        .bind(attempt.status.name())
        .bind(instant(attempt.at))
        .bind(attempt.next.map(instant))
        .bind(attempt.reason.as_deref().map(text::reason))
        .bind(&attempt.response)
        .bind(open)
        .bind(attempt.id);
        self.change(note).await.map(drop)
    }

    /// Counts that a mail is sent again although it may have arrived.
    pub async fn resending(&mut self, id: i64) -> Result<(), StoreError> {
        let count = sqlx::query("update muster_deliveries set resent = resent + 1 where id = ?");
        self.change(count.bind(id)).await.map(drop)
    }

    /// Marks the mails that a dead process was sending as unknown: they may or may not have arrived. With `again`, each
    /// is sent once more. Returns how many there were. For the only process that delivers.
    pub async fn lost(&mut self, again: bool, now: i64) -> Result<u64, StoreError> {
        let note = sqlx::query(
            "update muster_deliveries set attempts = attempts + 1,
                 status = iif(?1 and resent = 0 and message is not null, 'pending', 'unknown'),
                 finished_at = iif(?1 and resent = 0 and message is not null, null, ?2),
                 resent = resent + ?1, next_attempt_at = null,
                 reason = 'Muster was stopped while it sent the text: it may have arrived'
             where status = 'sending'",
        );
        self.change(note.bind(again).bind(instant(now))).await
    }

    /// Ends reports that were on the way and did not arrive, and for which a newer one has come in the meantime.
    pub async fn supersede(&mut self, now: i64) -> Result<u64, StoreError> {
        let note = sqlx::query(
            "update muster_deliveries as mail set status = 'superseded', finished_at = ?,
                 next_attempt_at = null, message = null, reason = 'a newer report went in its place'
             where kind = 'report' and status in ('pending', 'held') and exists (
                 select 1 from muster_deliveries newer
                 where newer.kind = 'report' and newer.report = mail.report
                   and newer.recipient = mail.recipient and newer.period > mail.period
                   and newer.status in ('pending', 'held', 'sending', 'accepted'))",
        );
        self.change(note.bind(instant(now))).await
    }

    /// Expires mails that have been waiting since before an instant. Returns how many there were.
    pub async fn expire(&mut self, before: i64, now: i64) -> Result<u64, StoreError> {
        let note = sqlx::query(
            "update muster_deliveries set status = 'expired', finished_at = ?,
                 next_attempt_at = null, reason = 'it could not be sent in time' || coalesce('; at last: ' || reason, '')
             where status = 'pending' and queued_at <= ?",
        );
        self.change(note.bind(instant(now)).bind(instant(before)))
            .await
    }

    /// Cancels a mail that has not been sent.
    pub async fn cancel(&mut self, id: i64, reason: &str, now: i64) -> Result<(), StoreError> {
        let note = sqlx::query(
            "update muster_deliveries set status = 'cancelled', finished_at = ?, reason = ?,
                 next_attempt_at = null, message = null
             where id = ? and status in ('pending', 'held')",
        );
        self.change(note.bind(instant(now)).bind(text::reason(reason)).bind(id))
            .await
            .map(drop)
    }

    /// Puts off mails, each until an instant, because nothing can be sent now; `tried` if a server was asked. None of
    /// their text was sent, even if their status is `sending`.
    pub async fn put_off(
        &mut self,
        until: &[(i64, i64)],
        reason: &str,
        tried: bool,
        now: i64,
    ) -> Result<(), StoreError> {
        let until: Vec<(i64, String)> = until
            .iter()
            .map(|(id, until)| (*id, instant(*until)))
            .collect();
        let until = json(&until).about(&self.path)?;
        let note = sqlx::query(
            "update muster_deliveries set attempts = attempts + ?1, reason = ?2,
                 last_attempt_at = iif(?1, ?3, last_attempt_at),
                 status = 'pending', next_attempt_at = put_off.value ->> 1
             from json_each(?4) put_off
             where muster_deliveries.id = put_off.value ->> 0 and status in ('pending', 'sending')",
        );
        let note = note
            .bind(tried)
            .bind(text::reason(reason))
            .bind(instant(now))
            .bind(until);
        self.change(note).await.map(drop)
    }

    /// Deletes the bodies of mails that ended before an instant.
    pub async fn drop_bodies(&mut self, before: i64) -> Result<u64, StoreError> {
        let drop = sqlx::query(
            "update muster_deliveries set message = null
             where message is not null and finished_at <= ?",
        );
        self.change(drop.bind(instant(before))).await
    }

    /// Applies the owner's decision to a mail, or to every mail of a report that it applies to. Returns how many it
    /// applied to.
    pub async fn decide(
        &mut self,
        choice: Choice,
        whose: &str,
        now: i64,
    ) -> Result<u64, StoreError> {
        let (set, from) = match choice {
            Choice::Release => (
                "status = 'pending', queued_at = ?1, next_attempt_at = null, reason = null,
                 told_at = null",
                "status = 'held'",
            ),
            Choice::SendAgain => (
                "status = 'pending', queued_at = ?1, next_attempt_at = null, finished_at = null,
                 resent = resent + 1, told_at = null",
                // A mail that is no longer news would only confuse.
                "status in ('unknown', 'refused', 'expired') and message is not null
                 and not exists (select 1 from muster_deliveries newer
                     where newer.kind = mail.kind and newer.report = mail.report
                       and newer.recipient = mail.recipient and newer.period > mail.period
                       and newer.status in ('pending', 'sending', 'accepted'))",
            ),
            Choice::Cancel => (
                "status = 'cancelled', finished_at = ?1, next_attempt_at = null, message = null,
                 reason = 'somebody cancelled it'",
                "status in ('pending', 'held', 'unknown', 'refused', 'expired')",
            ),
            Choice::Arrived => (
                "status = 'accepted', finished_at = ?1, reason = 'somebody saw that it arrived'",
                "status = 'unknown'",
            ),
        };
        let sql = format!(
            "update muster_deliveries as mail set {set}
             where {from} and (report = ?2 or cast(id as text) = ?2)"
        );
        let note = sqlx::query(AssertSqlSafe(sql));
        self.change(note.bind(instant(now)).bind(whose)).await
    }

    /// Makes every waiting mail due at once, and allows another login after a refused one.
    pub async fn retry(&mut self) -> Result<(), StoreError> {
        let due = "update muster_deliveries set next_attempt_at = null where status = 'pending'";
        self.change(sqlx::query(due)).await?;
        self.login_accepted().await
    }

    /// Records that a server did not accept our login.
    pub async fn login_refused(
        &mut self,
        server: &str,
        words: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        let note = sqlx::query(
            "insert or replace into muster_mail_logins (server, refused_at, response)
             values (?, ?, ?)",
        );
        let note = note.bind(server).bind(instant(now)).bind(words);
        self.change(note).await.map(drop)
    }

    /// Forgets refused logins at servers other than this one: config no longer names them.
    pub async fn forget_other_logins(&mut self, server: Option<&str>) -> Result<(), StoreError> {
        let forget = sqlx::query("delete from muster_mail_logins where server is not ?");
        self.change(forget.bind(server)).await.map(drop)
    }

    /// Forgets all refused logins: a server has accepted one now.
    pub async fn login_accepted(&mut self) -> Result<(), StoreError> {
        let forget = sqlx::query("delete from muster_mail_logins");
        self.change(forget).await.map(drop)
    }

    async fn change(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        let done = statement.execute(&mut self.connection).await;
        done.map(|done| done.rows_affected()).about(&self.path)
    }
}
