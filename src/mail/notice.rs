//! Notices to the owner: short, plain, once each. They name no client, and no address in full.

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::ContentType;

use super::address::mailbox;
use super::crlf::Crlf;
use super::message::{automatic, hash, text as encoded};
use super::round::Round;
use super::{MailError, masked};
use crate::config::{Config, Mail, marks};
use crate::store::{Delivery, DeliveryKind, DeliveryStatus, NewDelivery, News};
use crate::view::report::one_line;

/// The most recipients that are listed.
const LISTED: usize = 10;
/// The longest subject line, in characters; longer ones are cut.
const LONGEST: usize = 200;

/// The owner to notify; `None` if config names no owner, or one that mail may not be sent to.
pub(super) fn owner<'c>(config: &'c Config, mail: &Mail) -> Option<&'c str> {
    let owner = config.owner.as_ref()?.value.as_str();
    mail.allows(owner).then_some(owner)
}

/// Puts notices into the outbox about what the owner does not know yet.
pub(super) async fn tell(round: &mut Round<'_>) -> Result<(), MailError> {
    let Some(owner) = owner(round.config, round.mail).map(str::to_owned) else {
        return Ok(());
    };
    let mut troubles: BTreeMap<(String, &str), Vec<Delivery>> = BTreeMap::new();
    for mail in round.store.untold().await? {
        let kind = (mail.report.clone(), mail.status.name());
        troubles.entry(kind).or_default().push(mail);
    }
    let mut notices = Vec::new();
    for ((report, status), mails) in troubles {
        let words = trouble(round, &report, &mails);
        notices.push((format!("{status}:{report}"), words, News::Trouble, mails));
    }
    let mut recoveries: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
    for mail in round.store.recovered().await? {
        let report = mail.report.clone();
        recoveries.entry(report).or_default().push(mail);
    }
    for (report, mails) in recoveries {
        let words = recovery(round, &report, &mails);
        notices.push((format!("arrives:{report}"), words, News::Recovery, mails));
    }
    for (name, words, news, mails) in notices {
        put(round, &owner, &name, &words, news, &mails).await?;
    }
    Ok(())
}

/// The notice about mails of one report when a newer one has arrived.
fn recovery(round: &Round<'_>, report: &str, mails: &[Delivery]) -> (String, String) {
    let text = format!(
        "A newer report `{report}` was accepted where an earlier one was not:\n\n{}\n\
         What the earlier one would have told is in the newer one.\n",
        listed(round, mails, false)
    );
    (format!("The report {report} arrives again"), text)
}

/// The notice about mails of one report with one status.
fn trouble(round: &Round<'_>, report: &str, mails: &[Delivery]) -> (String, String) {
    let status = mails.first().map(|mail| mail.status);
    let (subject, what, then) = match status {
        Some(DeliveryStatus::Held) => (
            format!("The report {report} is held back"),
            "was not sent, because something looks wrong",
            format!("Send it after all:  muster outbox --release {report}"),
        ),
        Some(DeliveryStatus::Refused) => (
            format!("The report {report} was refused"),
            "was refused by the mail server, and is not tried again",
            format!("Once the reason is gone:  muster outbox --send-again {report}"),
        ),
        Some(DeliveryStatus::Expired) => (
            format!("The report {report} was not sent in time"),
            "could not be sent within the time that config gives (`mail: expire:`)",
            format!("Send it after all:  muster outbox --send-again {report}"),
        ),
        _ => (
            format!("The report {report} may not have arrived"),
            "was on its way when the connection or Muster itself broke off: it may have arrived, or not. \
             Ask its recipients",
            format!(
                "It did not arrive:  muster outbox --send-again {report}\n\
                 It did arrive:      muster outbox --arrived {report}"
            ),
        ),
    };
    let held = status == Some(DeliveryStatus::Held);
    let text = format!(
        "The report `{report}` {what}:\n\n{}\n{then}\nAll mail:  muster outbox\n",
        listed(round, mails, !held)
    );
    (subject, text)
}

/// The mails, one a line; held mails share one reason, which is given once.
fn listed(round: &Round<'_>, mails: &[Delivery], each: bool) -> String {
    let zone = round.config.timezone;
    let mut text = String::new();
    for mail in mails.iter().take(LISTED) {
        text += &format!(
            "- of {}, to {}",
            marks(round.config.locale).moment(mail.period, zone),
            masked(&mail.recipient)
        );
        let reason = mail.reason.as_deref().filter(|_| each);
        text += &reason.map_or_else(|| "\n".to_owned(), |reason| format!(": {reason}\n"));
    }
    if let Some(more) = mails.len().checked_sub(LISTED).filter(|more| *more > 0) {
        text += &format!("- and {more} more\n");
    }
    if !each && let Some(reason) = mails.first().and_then(|mail| mail.reason.as_deref()) {
        text += &format!("\n{reason}\n");
    }
    text
}

async fn put(
    round: &mut Round<'_>,
    owner: &str,
    name: &str,
    words: &(String, String),
    news: News,
    of: &[Delivery],
) -> Result<(), MailError> {
    let now = (round.now)();
    let from = &round.mail.from.value;
    let Some(notice) = compose(from, owner, name, words, now, now) else {
        return Ok(());
    };
    let ids: Vec<i64> = of.iter().map(|mail| mail.id).collect();
    if round.store.tell(&notice, news, &ids, now).await? {
        tracing::info!(notice = name, "the owner is told");
    }
    Ok(())
}

/// Composes a notice; `None` if an address cannot be parsed, which config does not allow.
pub(super) fn compose(
    from: &str,
    owner: &str,
    name: &str,
    (subject, text): &(String, String),
    period: i64,
    now: i64,
) -> Option<NewDelivery> {
    let from = mailbox(from, "the sender").ok()?;
    let id = format!("<{}@{}>", hash(name, period, owner), from.email.domain());
    let date = UNIX_EPOCH + Duration::from_micros(now.unsigned_abs());
    // An id may be long, and the length of a mail line is limited.
    let line = one_line(&format!("[Muster] {subject}"));
    let line: String = line.chars().take(LONGEST).collect();
    let mut message = Message::builder()
        .from(from)
        .to(mailbox(owner, "the owner").ok()?)
        .subject(line)
        .date(date)
        .message_id(Some(id.clone()))
        .singlepart(encoded(ContentType::TEXT_PLAIN, text).ok()?)
        .ok()?;
    for header in automatic() {
        message.headers_mut().insert_raw(header);
    }
    Some(NewDelivery {
        report: name.to_owned(),
        kind: DeliveryKind::Notice,
        period,
        recipient: owner.to_owned(),
        baseline: None,
        message_id: id,
        message: Crlf::new(message.formatted()).into_bytes(),
        held: None,
    })
}
