//! Sending mails over one connection. The state in the outbox is never behind what the server may have seen.

use std::time::{Duration, Instant};

use super::MailError;
use super::address::mailbox;
use super::crlf::Crlf;
use super::round::Round;
use super::smtp::{Envelope, Fault, Session};
use crate::config::{Mail, Smtp};
use crate::store::{Delivery, DeliveryStatus};

/// How long a refused login is not retried, in microseconds: servers lock accounts.
const LOGIN_WAIT: i64 = 15 * 60_000_000;
/// How many connections may be lost in a row, each at one mail with nothing settled in between, before the other mails
/// wait.
const LOST_IN_A_ROW: u32 = 10;
/// How many step time limits such losses may take, once more than one mail is affected. A server that stays silent
/// about one text is waited for longer than that.
const STEPS_IN_VAIN: u32 = 5;

/// How far a mail got.
enum Got {
    /// The server accepted it; the text is its answer.
    Accepted(String),
    /// Nothing of its text was sent, or the server has said that it did not take it.
    NotSent(Fault),
    /// Its text was sent, at least in part, and no answer came.
    Unknown(String),
    /// Another process removed it from the outbox.
    Gone,
}

impl Got {
    /// True if the mail is not retried automatically.
    fn is_settled(&self) -> bool {
        matches!(self, Self::Accepted(_) | Self::NotSent(Fault::Refused(_)))
    }

    /// The result, in words.
    fn words(&self) -> &str {
        match self {
            Self::NotSent(fault) => fault.words(),
            Self::Accepted(words) | Self::Unknown(words) => words,
            Self::Gone => "",
        }
    }
}

/// Connections lost in a row. A server may hang up on one recipient, which affects that mail alone; a server that hangs
/// up on everybody must not be flooded with attempts.
struct Losses {
    number: u32,
    since: Instant,
    patience: Duration,
}

impl Losses {
    fn new(smtp: &Smtp) -> Self {
        Self {
            number: 0,
            since: Instant::now(),
            patience: smtp.timeout.saturating_mul(STEPS_IN_VAIN),
        }
    }

    /// Records the result of a mail.
    fn note(&mut self, lost: bool) {
        if lost {
            self.number += 1;
        } else {
            (self.number, self.since) = (0, Instant::now());
        }
    }

    /// True after a loss: the next mail fails because of an earlier one.
    fn any(&self) -> bool {
        self.number > 0
    }

    /// True if the other mails have to wait.
    fn are_too_many(&self) -> bool {
        self.number >= LOST_IN_A_ROW || self.number > 1 && self.since.elapsed() > self.patience
    }
}

/// The name under which it is remembered whether a server accepts our login.
pub(super) fn server(smtp: &Smtp) -> String {
    format!("{}:{}", smtp.host, smtp.port)
}

/// Sends the mail that is due. A server that cannot be reached, or accepts no login, puts all mail off. A failure at
/// one mail concerns that mail alone, and the others go over another connection.
pub(super) async fn send(
    round: &mut Round<'_>,
    smtp: &Smtp,
    due: &[Delivery],
) -> Result<(), MailError> {
    let server = server(smtp);
    let now = (round.now)();
    if let Some(refused) = round.store.login_refusal(&server).await? {
        let until = refused + LOGIN_WAIT;
        if now < until {
            let reason = "the server did not accept the login, which is tried every 15 minutes; \
                          `muster outbox --send` tries at once";
            return wait_for_login(round, due, until, reason, false).await;
        }
    }
    let mut session: Option<Session> = None;
    let mut losses = Losses::new(smtp);
    for (place, mail) in due.iter().enumerate() {
        let rest = due.get(place..).unwrap_or_default();
        let Some(body) = round.body(mail).await? else {
            continue;
        };
        let envelope = match envelope(round.mail, &mail.recipient) {
            Ok(envelope) => envelope,
            Err(reason) => {
                round
                    .ended(mail, DeliveryStatus::Refused, Some(reason), None)
                    .await?;
                continue;
            }
        };
        let got = loop {
            let used = session.is_some();
            let mut open = match session.take() {
                Some(open) => open,
                None => match opened(round, smtp, &server).await? {
                    Some(Ok(open)) => open,
                    Some(Err(fault)) => {
                        return not_reached(round, &server, rest, fault, !losses.any()).await;
                    }
                    None => return Ok(()),
                },
            };
            let announced = tokio::select! {
                biased;
                () = round.stop.cancelled() => return Ok(()),
                announced = open.announce(&envelope, &body) => announced,
            };
            let got = match announced {
                // The server may have ended this connection only; a new one shows whether that is so.
                Err(Fault::Lost(_) | Fault::Closing(_)) if used => continue,
                Err(fault) => Got::NotSent(fault),
                Ok(()) => hand_over(round, &mut open, mail, &body).await?,
            };
            session = (!open.is_over()).then_some(open);
            break got;
        };
        if let Got::NotSent(fault @ Fault::Login(_)) = got {
            return not_reached(round, &server, rest, fault, true).await;
        }
        losses.note(session.is_none() && !got.is_settled());
        let words = got.words().to_owned();
        settle(round, mail, got).await?;
        let others = due.get(place + 1..).unwrap_or_default();
        if losses.are_too_many() && !others.is_empty() {
            return round.put_off(others, &words, false).await;
        }
    }
    if let Some(session) = session {
        session.close().await;
    }
    Ok(())
}

/// A connection ready for mail; `None` on the stop signal.
async fn opened(
    round: &mut Round<'_>,
    smtp: &Smtp,
    server: &str,
) -> Result<Option<Result<Session, Fault>>, MailError> {
    let opened = tokio::select! {
        biased;
        () = round.stop.cancelled() => return Ok(None),
        opened = Session::open(smtp) => opened,
    };
    if opened.is_ok() && round.store.login_refusal(server).await?.is_some() {
        round.store.login_accepted().await?;
    }
    Ok(Some(opened))
}

/// Sends the text of a mail that the server is ready for, after recording that it may be on the way.
async fn hand_over(
    round: &mut Round<'_>,
    session: &mut Session,
    mail: &Delivery,
    body: &Crlf,
) -> Result<Got, MailError> {
    let now = (round.now)();
    if !round.store.sending(mail.id, now).await? {
        session.forget().await;
        return Ok(Got::Gone);
    }
    if let Err(fault) = session.ask().await {
        return Ok(Got::NotSent(fault));
    }
    // Not interrupted from here on: without its answer, the state of the mail would be unknown.
    Ok(match session.text(body).await {
        Ok(words) => Got::Accepted(words),
        Err(Fault::Lost(words)) => Got::Unknown(words),
        Err(fault) => Got::NotSent(fault),
    })
}

async fn settle(round: &mut Round<'_>, mail: &Delivery, got: Got) -> Result<(), MailError> {
    match got {
        Got::Accepted(words) => {
            round
                .ended(mail, DeliveryStatus::Accepted, None, Some(words))
                .await
        }
        Got::NotSent(Fault::Refused(words)) => {
            let reason = format!("the server refused it: {words}");
            round
                .ended(mail, DeliveryStatus::Refused, Some(reason), Some(words))
                .await
        }
        Got::NotSent(Fault::Lost(words)) => {
            round.delivered.trouble = Some(words.clone());
            round
                .ended(mail, DeliveryStatus::Pending, Some(words), None)
                .await
        }
        Got::NotSent(fault) => {
            let words = fault.words().to_owned();
            let reason = format!("the server puts it off: {words}");
            round.delivered.trouble = Some(reason.clone());
            round
                .ended(mail, DeliveryStatus::Pending, Some(reason), Some(words))
                .await
        }
        Got::Unknown(words) => {
            let again = round.mail.unknown_again && mail.resent == 0;
            let reason = format!("its text was sent, and no answer came: {words}");
            if again {
                round.store.resending(mail.id).await?;
                round
                    .ended(mail, DeliveryStatus::Pending, Some(reason), None)
                    .await
            } else {
                round
                    .ended(mail, DeliveryStatus::Unknown, Some(reason), None)
                    .await
            }
        }
        Got::Gone => Ok(()),
    }
}

/// Nothing can be sent now: due mail waits; `tried` if no mail in particular is the cause.
async fn not_reached(
    round: &mut Round<'_>,
    server: &str,
    rest: &[Delivery],
    fault: Fault,
    tried: bool,
) -> Result<(), MailError> {
    let words = fault.words();
    if matches!(fault, Fault::Login(_)) {
        let now = (round.now)();
        round.store.login_refused(server, words, now).await?;
        let reason = format!(
            "the server does not accept the login: {words}; once `username:` or the password in \
             `password_file:` is right, `muster outbox --send` tries at once"
        );
        return wait_for_login(round, rest, now + LOGIN_WAIT, &reason, true).await;
    }
    round.put_off(rest, words, tried).await
}

async fn wait_for_login(
    round: &mut Round<'_>,
    mails: &[Delivery],
    until: i64,
    reason: &str,
    tried: bool,
) -> Result<(), MailError> {
    let until: Vec<(i64, i64)> = mails.iter().map(|mail| (mail.id, until)).collect();
    round.wait_until(&until, reason, tried).await
}

/// The envelope for the server: the sender that undeliverable mail is returned to, and one recipient.
fn envelope(mail: &Mail, recipient: &str) -> Result<Envelope, String> {
    let from = mail.bounces_to.as_ref().unwrap_or(&mail.from);
    let wrong =
        |what: &str| format!("the {what} of config is not an address that a server accepts");
    let address = |text: &str, what: &str| {
        let read = mailbox(text, what).map(|mailbox| mailbox.email);
        read.map_err(|_| wrong(what))
    };
    Ok(Envelope {
        from: address(&from.value, "sender")?,
        to: address(recipient, "recipient")?,
    })
}
