//! Notices to the owner that something is wrong, and that it is over: once each.

use super::{MailError, notice};
use crate::config::Config;
use crate::store::{DeliveryStatus, NoticeRow, Store};

/// A condition that can last for a while.
pub(super) struct Alarm {
    /// The names of its two notices, `word:what`: that the condition holds, and that it is over.
    pub names: [String; 2],
    /// Since when the condition holds, and the subject and text of the notice; `None` if it does not hold.
    pub wrong: Option<(i64, (String, String))>,
    /// The subject and text of the notice that it is over.
    pub over: (String, String),
}

/// Puts notices into the outbox for conditions that have begun and for those that are over. Checks without blocking
/// writers, and writes only if there is news.
pub(super) async fn tell(config: &Config, alarms: Vec<Alarm>, now: i64) -> Result<(), MailError> {
    let Some(mail) = &config.mail else {
        return Ok(());
    };
    let Some(owner) = notice::owner(config, mail) else {
        return Ok(());
    };
    let path = config.results_path();
    let Some(mut reader) = Store::open_reader(path).await? else {
        return Ok(());
    };
    let names = alarms.iter().flat_map(|alarm| &alarm.names);
    let words = names.filter_map(|name| Some(name.split_once(':')?.0));
    let told = reader.newest_notices(&words.collect::<Vec<_>>()).await?;
    reader.close().await?;
    let mut new = Vec::new();
    // If the condition ended before its notice was sent, the owner need not hear of it.
    let mut moot = Vec::new();
    for Alarm { names, wrong, over } in alarms {
        let [before, after] = names
            .each_ref()
            .map(|name| told.iter().find(|row| row.name == **name));
        let [begins, ends] = names;
        let words = match (wrong, before) {
            (Some((since, words)), before) if before.is_none_or(|row| row.period != since) => {
                Some((begins, since, words))
            }
            (None, Some(NoticeRow { id, status, .. })) if *status == DeliveryStatus::Pending => {
                moot.push(*id);
                None
            }
            (None, Some(before)) if is_open(before, after) => Some((ends, before.period, over)),
            _ => None,
        };
        if let Some((name, period, words)) = words {
            let from = &mail.from.value;
            new.extend(notice::compose(from, owner, &name, &words, period, now));
        }
    }
    if new.is_empty() && moot.is_empty() {
        return Ok(());
    }
    let mut store = Store::open_writer(path, config.results.is_some()).await?;
    for id in moot {
        store
            .cancel(id, "it was over before this was sent", now)
            .await?;
    }
    store.enqueue(&new, None, now).await?;
    store.close().await?;
    for notice in &new {
        tracing::info!(notice = notice.report, "the owner is told");
    }
    Ok(())
}

/// True if the owner has been told of the condition and not yet that it is over.
fn is_open(wrong: &NoticeRow, over: Option<&NoticeRow>) -> bool {
    wrong.status != DeliveryStatus::Cancelled && over.is_none_or(|over| over.id < wrong.id)
}
