//! Delivery: what is due goes out, once, and what became of it is written down.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::crlf::Crlf;
use super::lock::Lock;
use super::smtp::is_open;
use super::{folder, kept, notice, send};
use crate::config::{Config, Mail, MailTransport};
use crate::store::{Attempt, Delivery, DeliveryKind, DeliveryStatus, Store, StoreError};

/// What delivery reads the present instant from, microseconds UTC.
pub type Now<'a> = &'a (dyn Fn() -> i64 + Sync);

/// How long another process that delivers is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// Texts of mail that is over are kept for so long, in microseconds: 7 days.
const KEPT: i64 = 7 * 24 * 3_600_000_000;
/// The first wait after a try in vain, in microseconds; each further one is twice as long.
const FIRST_WAIT: i64 = 60_000_000;
/// The longest wait, in microseconds.
const LONGEST_WAIT: i64 = 30 * FIRST_WAIT;

/// What delivery came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivered {
    /// How many the server, or the folder, took.
    pub accepted: u64,
    /// How many the server will not have.
    pub refused: u64,
    /// How many may have arrived, or not.
    pub unknown: u64,
    /// How many wait for another try.
    pub put_off: u64,
    /// How many were not sent in time.
    pub expired: u64,
    /// How many are no longer wanted by config.
    pub cancelled: u64,
    /// Why mail waits; none where none does.
    pub trouble: Option<String>,
}

impl Delivered {
    /// True where nothing waits, was refused or expired, or may not have arrived.
    pub fn went_out(&self) -> bool {
        self.trouble.is_none() && self.refused + self.unknown + self.put_off + self.expired == 0
    }
}

/// Why mail could not be looked after.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The file that holds the outbox.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The file that keeps processes apart.
    #[error("`{}` cannot be locked, so that mail might go out twice: {reason}", .path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl MailError {
    pub(super) fn lock(path: &Path, error: &std::io::Error) -> Self {
        Self::Lock {
            path: path.to_path_buf(),
            reason: error.to_string(),
        }
    }
}

/// Delivers what is due by now, tells the owner what did not arrive, and clears up. Returns at once where
/// there is nothing to do. On the stop signal the mail in hand is finished where its text is on the way,
/// and left for later where it is not.
///
/// # Errors
/// The outbox cannot be read or written. That a server cannot be reached is no error: mail waits.
pub async fn deliver(
    config: &Config,
    now: Now<'_>,
    stop: &CancellationToken,
) -> Result<Delivered, MailError> {
    let path = config.results_path();
    let mut delivered = Delivered::default();
    let Some(mail) = &config.mail else {
        return Ok(delivered);
    };
    if !has_work(config, mail, now()).await? {
        return Ok(delivered);
    }
    let Some(_lock) = Lock::wait(path, PATIENCE, stop).await? else {
        delivered.trouble = Some("another process is delivering the mail".to_owned());
        return Ok(delivered);
    };
    let store = Store::open_writer(path, config.results.is_some()).await?;
    let mut round = Round {
        config,
        mail,
        store,
        now,
        stop,
        delivered,
    };
    round.clear_up().await?;
    round.go().await?;
    let Round {
        store, delivered, ..
    } = round;
    store.close().await?;
    Ok(delivered)
}

/// The password file, where everybody on this machine can read it.
pub fn open_password(config: &Config) -> Option<&Path> {
    match &config.mail.as_ref()?.transport {
        MailTransport::Smtp(smtp) => {
            let file = smtp.password_file.as_ref();
            file.map(|file| file.path.as_path())
                .filter(|path| is_open(path))
        }
        MailTransport::File(_) => None,
    }
}

/// True where the outbox asks for anything. Looks without keeping anybody from writing.
async fn has_work(config: &Config, mail: &Mail, now: i64) -> Result<bool, MailError> {
    let Some(mut store) = Store::open_reader(config.results_path()).await? else {
        return Ok(false);
    };
    let owner = notice::owner(config, mail).is_some();
    let mut work = store.has_mail_work(owner, now, now - KEPT).await?;
    if !work {
        let old = store.old_report_files(kept::before(config, now)).await?;
        work = !old.is_empty();
    }
    if !work {
        let open = store.open_deliveries().await?;
        work = open
            .iter()
            .any(|open| unwanted(config, mail, open).is_some());
    }
    store.close().await?;
    Ok(work)
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
    /// What does not depend on any server.
    async fn clear_up(&mut self) -> Result<(), MailError> {
        let now = (self.now)();
        let lost = self.store.lost(self.mail.unknown_again, now).await?;
        if lost > 0 {
            tracing::warn!(
                mails = lost,
                "a process died while it sent: these may have arrived"
            );
            self.delivered.unknown += lost;
        }
        let server = match &self.mail.transport {
            MailTransport::Smtp(smtp) => Some(send::server(smtp)),
            MailTransport::File(_) => None,
        };
        self.store.forget_other_logins(server.as_deref()).await?;
        self.store.supersede(now).await?;
        for mail in self.store.open_deliveries().await? {
            if let Some(reason) = unwanted(self.config, self.mail, &mail) {
                self.cancel(&mail, reason).await?;
            }
        }
        let patience = i64::try_from(self.mail.expire.as_micros()).unwrap_or(i64::MAX);
        let expired = self.store.expire(now.saturating_sub(patience), now).await?;
        if expired > 0 {
            tracing::warn!(mails = expired, "not sent in time; they go nowhere");
            self.delivered.expired += expired;
        }
        self.store.drop_bodies(now - KEPT).await?;
        let cleared = kept::clear_report_files(self.config, &mut self.store, now).await?;
        if !cleared.failed.is_empty() {
            let files = cleared.failed.len();
            tracing::warn!(files, "old files of reports cannot be deleted");
        }
        Ok(())
    }

    async fn go(&mut self) -> Result<(), MailError> {
        loop {
            notice::tell(self).await?;
            let due = self.store.due((self.now)()).await?;
            if due.is_empty() || self.stop.is_cancelled() {
                return Ok(());
            }
            match &self.mail.transport {
                MailTransport::File(folder) => self.write(folder, &due).await?,
                MailTransport::Smtp(smtp) => send::send(self, smtp, &due).await?,
            }
        }
    }

    /// Writes mails into the folder. That they are written twice when the process dies in between is no
    /// harm: the same mail is the same file.
    async fn write(&mut self, to: &Path, due: &[Delivery]) -> Result<(), MailError> {
        if let Err(reason) = folder::open(to) {
            return self.put_off(due, &reason, true).await;
        }
        for (place, mail) in due.iter().enumerate() {
            let Some(body) = self.body(mail).await? else {
                continue;
            };
            match folder::write(to, mail, body.bytes()) {
                Ok(file) => {
                    let response = folder::noted(&file);
                    self.ended(mail, DeliveryStatus::Accepted, None, Some(response))
                        .await?;
                }
                Err(reason) => {
                    let rest = due.get(place..).unwrap_or_default();
                    return self.put_off(rest, &reason, true).await;
                }
            }
        }
        Ok(())
    }

    /// The text of a mail, fit to leave whoever wrote it. One whose text was erased is cancelled: there is
    /// nothing to send.
    pub(super) async fn body(&mut self, mail: &Delivery) -> Result<Option<Crlf>, MailError> {
        let body = self.store.body(mail.id).await?;
        if body.is_none() {
            self.cancel(mail, "its text was erased").await?;
        }
        Ok(body.map(Crlf::new))
    }

    async fn cancel(&mut self, mail: &Delivery, reason: &str) -> Result<(), MailError> {
        self.store.cancel(mail.id, reason, (self.now)()).await?;
        tracing::info!(mail = mail.id, report = mail.report, reason, "cancelled");
        self.delivered.cancelled += 1;
        Ok(())
    }

    /// Notes how a mail ended, or that it is tried again.
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
        // Words of a server may quote what only the mail may say, so that they are not for the log.
        let code = attempt.response.as_deref().or(attempt.reason.as_deref());
        let code = code
            .and_then(|words| words.split(' ').next())
            .filter(|code| code.len() == 3);
        tracing::info!(
            mail = mail.id,
            report = mail.report,
            to = super::masked(&mail.recipient),
            attempt = mail.attempts + 1,
            code,
            "{}",
            status.name()
        );
        self.note(&attempt).await
    }

    /// What became of a mail must not be lost because somebody else is writing.
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

    /// Puts mails off, because nothing can be sent now; `tried` where it was found out with them.
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

    /// Puts mails off until set instants; `tried` where a server was asked.
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

/// How long to wait after so many tries, in microseconds.
fn wait(attempts: u32) -> i64 {
    let doubled = FIRST_WAIT
        .checked_shl(attempts.min(16))
        .unwrap_or(LONGEST_WAIT);
    doubled.min(LONGEST_WAIT)
}

/// Why config no longer wants a mail to go out; none where it does.
fn unwanted(config: &Config, mail: &Mail, delivery: &Delivery) -> Option<&'static str> {
    let report = config
        .reports
        .iter()
        .find(|report| report.id.value == delivery.report);
    let to = delivery.recipient.as_str();
    match delivery.kind {
        DeliveryKind::Report | DeliveryKind::Test if report.is_none() => {
            return Some("its report is no longer in config");
        }
        DeliveryKind::Report => {
            let to_them = |report: &crate::config::Report| report.to.iter().any(|r| r.value == to);
            if !report.is_some_and(to_them) {
                return Some("its recipient is no longer in config");
            }
        }
        DeliveryKind::Notice if config.owner.as_ref().is_none_or(|owner| owner.value != to) => {
            return Some("the owner is another now");
        }
        DeliveryKind::Test | DeliveryKind::Notice => {}
    }
    (!mail.allows(to)).then_some("`mail: allow:` does not name its recipient")
}
