//! Outgoing mail and its delivery status.

use chrono_tz::Tz;

use super::table::{Cell, Heading, Table};
use crate::store::{Delivery, Undelivered};

/// One row per mail, with times in the time zone.
pub fn mails_table(mails: &[Delivery], zone: Tz) -> Table {
    let moment = move |at| Cell::Moment(at, zone);
    Table::of(mails)
        .column(Heading::right("id", "Mail"), |mail| Cell::Key(mail.id))
        .column(Heading::left("report", "Report").spare(10), |mail| {
            mail.report.clone()
        })
        .column(Heading::left("kind", "Kind").spare(60), |mail| {
            mail.kind.name()
        })
        .column(Heading::left("period", "Of").spare(50), move |mail| {
            moment(mail.period)
        })
        .column(Heading::left("recipient", "To").spare(20), |mail| {
            mail.recipient.clone()
        })
        .column(Heading::left("status", "Status"), |mail| mail.status.name())
        .column(Heading::right("attempts", "Tries").spare(40), |mail| {
            mail.attempts
        })
        .column(
            Heading::left("next_attempt_at", "Next try").spare(45),
            move |mail| mail.next_attempt_at.map(moment),
        )
        .column(Heading::left("reason", "Reason").spare(30), |mail| {
            mail.reason.clone()
        })
        .done()
}

/// A note about undelivered mail; `None` if everything is in order.
pub fn undelivered_words(mail: &Undelivered) -> Option<String> {
    if !mail.needs_attention() {
        return None;
    }
    let mut words = counts_in_words(&[
        (mail.tried, "tried in vain"),
        (mail.held, "held back"),
        (mail.refused, "refused"),
        (mail.unknown, "perhaps arrived"),
        (mail.expired, "not sent in time"),
    ]);
    words.extend(mail.login.as_ref().map(|_| "the login was refused".into()));
    Some(format!(
        "mail: {}; `muster outbox` lists it",
        words.join(", ")
    ))
}

/// `3 accepted`, `1 refused`: zero counts are left out.
pub fn counts_in_words(counts: &[(u64, &str)]) -> Vec<String> {
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect()
}
