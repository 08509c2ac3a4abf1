//! Delivery: due mail is sent once, and the result is recorded.

use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::lock::Lock;
use super::round::{Delivered, Now, Round};
use super::smtp::is_open;
use super::{MailError, folder, kept, notice, send};
use crate::config::{Config, Mail, MailTransport};
use crate::store::{Delivery, DeliveryKind, DeliveryStatus, Store};

/// How long to wait for another process that is delivering.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the texts of finished mail are kept, in microseconds: 7 days.
const KEPT: i64 = 7 * 24 * 3_600_000_000;
/// Delivers the mail that is due, tells the owner what did not arrive, and clears up. Returns at once if there is
/// nothing to do. On the stop signal, the mail in progress is finished if its text is being sent, and left for later
/// otherwise.
///
/// # Errors
/// The outbox cannot be read or written. An unreachable server is not an error: the mail waits.
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

/// The password file, if every user of this machine can read it.
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

/// True if the outbox has work. Checks without blocking writers.
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

impl Round<'_> {
    /// Does the work that needs no server.
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
            tracing::warn!(mails = expired, "not sent in time; they will not be sent");
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

    /// Writes mails into the folder. Writing a mail twice, if the process dies in between, does no harm: the same mail
    /// is the same file.
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
}

/// Why config no longer wants a mail to be sent; `None` if it still does.
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
