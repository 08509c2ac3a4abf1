//! Mail after mail over one connection. What stands in the outbox is always at least as far as what the
//! server may have seen.

use super::MailError;
use super::address::mailbox;
use super::deliver::Round;
use super::smtp::{Envelope, Fault, Session};
use crate::config::{Mail, Smtp};
use crate::store::{Delivery, DeliveryStatus};

/// A refused login is not tried again for so long, in microseconds: servers lock accounts.
const LOGIN_WAIT: i64 = 15 * 60_000_000;

/// How far a mail got.
enum Got {
    /// The server took it, and said so.
    Accepted(String),
    /// Nothing of its text was sent, or the server has said that it did not take it.
    NotSent(Fault),
    /// Its text was sent, at least in part, and no answer came.
    Unknown(String),
    /// Somebody else has taken it out of the outbox.
    Gone,
}

/// A server's name, under which it is remembered whether it accepts our login.
pub(super) fn server(smtp: &Smtp) -> String {
    format!("{}:{}", smtp.host, smtp.port)
}

/// Sends what is due. A server that cannot be reached puts everything off.
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
                    Some(Err(fault)) => return not_reached(round, &server, rest, fault).await,
                    None => return Ok(()),
                },
            };
            let announced = tokio::select! {
                biased;
                () = round.stop.cancelled() => return Ok(()),
                announced = open.announce(&envelope, &body) => announced,
            };
            match announced {
                // A server may have had enough of a connection: a new one tells.
                Err(Fault::Lost(_)) if used => {}
                Err(fault) => {
                    session = (!matches!(fault, Fault::Lost(_))).then_some(open);
                    break Got::NotSent(fault);
                }
                Ok(()) => {
                    let (got, usable) = hand_over(round, &mut open, mail, &body).await?;
                    session = usable.then_some(open);
                    break got;
                }
            }
        };
        match got {
            Got::NotSent(fault @ (Fault::Lost(_) | Fault::Login(_))) => {
                return not_reached(round, &server, rest, fault).await;
            }
            got => settle(round, mail, got).await?,
        }
    }
    if let Some(session) = session {
        session.close().await;
    }
    Ok(())
}

/// A connection that takes mail; none on the stop signal.
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

/// Sends the text of a mail that the server is ready for, having written down that it may be on the way.
/// Tells also whether the connection can be used for another mail.
async fn hand_over(
    round: &mut Round<'_>,
    session: &mut Session,
    mail: &Delivery,
    body: &[u8],
) -> Result<(Got, bool), MailError> {
    let now = (round.now)();
    if !round.store.sending(mail.id, now).await? {
        return Ok((Got::Gone, session.forget().await.is_ok()));
    }
    if let Err(fault) = session.ask().await {
        let usable = !matches!(fault, Fault::Lost(_)) && session.forget().await.is_ok();
        return Ok((Got::NotSent(fault), usable));
    }
    // From here on it is not interrupted: an answer that nobody waits for is a mail that nobody knows of.
    Ok(match session.text(body).await {
        Ok(words) => (Got::Accepted(words), true),
        Err(Fault::Lost(words)) => (Got::Unknown(words), false),
        Err(fault) => (Got::NotSent(fault), true),
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

/// Nothing can be sent now: what is due waits.
async fn not_reached(
    round: &mut Round<'_>,
    server: &str,
    rest: &[Delivery],
    fault: Fault,
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
    round.put_off(rest, words).await
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

/// Who the server is told: the sender that undeliverable mail comes back to, and one recipient.
fn envelope(mail: &Mail, recipient: &str) -> Result<Envelope, String> {
    let from = mail.bounces_to.as_ref().unwrap_or(&mail.from);
    Ok(Envelope {
        from: mailbox(&from.value, "the sender of config")?.email,
        to: mailbox(recipient, "the recipient of config")?.email,
    })
}
