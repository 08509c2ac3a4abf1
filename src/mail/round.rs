//! One delivery in progress: the outbox, and what is recorded for each of its mails.

use tokio_util::sync::CancellationToken;

use super::crlf::Crlf;
use super::{MailError, masked};
use crate::config::{Config, Mail};
use crate::store::{Attempt, Delivery, DeliveryStatus, Store, StoreError};

/// The clock of a delivery, in microseconds UTC.
pub type Now<'a> = &'a (dyn Fn() -> i64 + Sync);

/// The first wait after a failed attempt, in microseconds; each further one is twice as long.
const FIRST_WAIT: i64 = 60_000_000;
/// The longest wait, in microseconds.
const LONGEST_WAIT: i64 = 30 * FIRST_WAIT;

/// The result of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivered {
    /// How many the server or the folder accepted.
    pub accepted: u64,
    /// How many the server rejected for good.
    pub refused: u64,
    /// How many may or may not have arrived.
    pub unknown: u64,
    /// How many wait for another attempt.
    pub put_off: u64,
    /// How many were not sent in time.
    pub expired: u64,
    /// How many config no longer wants.
    pub cancelled: u64,
    /// Why mail waits; `None` if none does.
    pub trouble: Option<String>,
}

impl Delivered {
    /// True if no mail waits, was refused, expired, or may not have arrived.
    pub fn went_out(&self) -> bool {
        self.trouble.is_none() && self.refused + self.unknown + self.put_off + self.expired == 0
    }
}

/// One delivery in progress.
pub(super) struct Round<'a> {
    pub(super) config: &'a Config,
    pub(super) mail: &'a Mail,
    pub(super) store: Store,
    pub(super) now: Now<'a>,
    pub(super) stop: &'a CancellationToken,
    pub(super) delivered: Delivered,
}

impl Round<'_> {
    /// The text of a mail, in a sendable form whatever version wrote it. A mail whose text was erased is cancelled,
    /// because there is nothing to send.
    pub(super) async fn body(&mut self, mail: &Delivery) -> Result<Option<Crlf>, MailError> {
        let body = self.store.body(mail.id).await?;
        if body.is_none() {
            self.cancel(mail, "its text was erased").await?;
        }
        Ok(body.map(Crlf::new))
    }

    pub(super) async fn cancel(&mut self, mail: &Delivery, reason: &str) -> Result<(), MailError> {
        self.store.cancel(mail.id, reason, (self.now)()).await?;
        tracing::info!(mail = mail.id, report = mail.report, reason, "cancelled");
        self.delivered.cancelled += 1;
        Ok(())
    }

    /// Records how a mail ended, or that it will be retried.
    pub(super) async fn ended(
        &mut self,
        mail: &Delivery,
        status: DeliveryStatus,
        reason: Option<String>,
        response: Option<String>,
    ) -> Result<(), MailError> {
        let at = (self.now)();
        let open = status == DeliveryStatus::Pending;
        match status {
            DeliveryStatus::Accepted => self.delivered.accepted += 1,
            DeliveryStatus::Refused => self.delivered.refused += 1,
            DeliveryStatus::Unknown => self.delivered.unknown += 1,
            _ => self.delivered.put_off += 1,
        }
        let attempt = Attempt {
            id: mail.id,
            at,
            status,
            next: open.then(|| at + wait(mail.attempts)),
            reason,
            response,
        };
        // A server's words may quote what only the mail may contain, so they are not logged.
        let code = attempt.response.as_deref().or(attempt.reason.as_deref());
        let code = code
            .and_then(|words| words.split(' ').next())
            .filter(|code| code.len() == 3);
        tracing::info!(
            mail = mail.id,
            report = mail.report,
            to = masked(&mail.recipient),
            attempt = mail.attempts + 1,
            code,
            "{}",
            status.name()
        );
        self.note(&attempt).await
    }

    /// The result of a mail must not be lost because another process is writing.
    async fn note(&mut self, attempt: &Attempt) -> Result<(), MailError> {
        let mut tries = 12;
        loop {
            tries -= 1;
            match self.store.attempted(attempt).await {
                Err(StoreError::Locked(_)) if tries > 0 => {}
                done => return Ok(done?),
            }
        }
    }

    /// Puts mails off because nothing can be sent now; `tried` if attempting them showed that.
    pub(super) async fn put_off(
        &mut self,
        mails: &[Delivery],
        reason: &str,
        tried: bool,
    ) -> Result<(), MailError> {
        let now = (self.now)();
        let until = |mail: &Delivery| (mail.id, now + wait(mail.attempts));
        let until: Vec<(i64, i64)> = mails.iter().map(until).collect();
        self.wait_until(&until, reason, tried).await
    }

    /// Puts mails off until given instants; `tried` if a server was asked.
    pub(super) async fn wait_until(
        &mut self,
        until: &[(i64, i64)],
        reason: &str,
        tried: bool,
    ) -> Result<(), MailError> {
        let now = (self.now)();
        tracing::warn!(mails = until.len(), "mail waits: nothing can be sent now");
        self.store.put_off(until, reason, tried, now).await?;
        self.delivered.put_off += until.len() as u64;
        self.delivered.trouble = Some(reason.to_owned());
        Ok(())
    }
}

/// How long to wait after a number of attempts, in microseconds.
fn wait(attempts: u32) -> i64 {
    let doubled = FIRST_WAIT
        .checked_shl(attempts.min(16))
        .unwrap_or(LONGEST_WAIT);
    doubled.min(LONGEST_WAIT)
}
