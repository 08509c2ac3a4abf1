//! Word to the owner that a schedule is overdue, and that it no longer is: once each.

use super::{MailError, notice};
use crate::config::Config;
use crate::store::{DeliveryStatus, NoticeRow, Store};
use crate::time::moment;

/// Whether a schedule is on time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Punctuality {
    /// Its id.
    pub schedule: String,
    /// The first due time that is not done, microseconds UTC, where that is longer past than it should be.
    pub overdue_since: Option<i64>,
}

const LATE: &str = "overdue";
const ON_TIME: &str = "on_time";

/// Puts notices into the outbox of schedules that have become overdue, and of those that no longer are.
/// Nothing is said about a schedule that is not among `schedules`: it may be just about to be done. Looks without
/// keeping anybody from writing, and writes only where there is news.
///
/// # Errors
/// The outbox cannot be read or written.
pub async fn notify_of_schedules(
    config: &Config,
    schedules: &[Punctuality],
    now: i64,
) -> Result<(), MailError> {
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
    let told = reader.newest_notices(&[LATE, ON_TIME]).await?;
    reader.close().await?;
    let mut new = Vec::new();
    // Nobody needs to hear of what was over before the word of it went out.
    let mut moot = Vec::new();
    for schedule in schedules {
        let id = schedule.schedule.as_str();
        let row = |kind: &str| told.iter().find(|row| row.name == format!("{kind}:{id}"));
        let words = match (schedule.overdue_since, row(LATE), row(ON_TIME)) {
            (Some(since), before, _) if before.is_none_or(|row| row.period < since) => {
                Some((LATE, since, late_words(config, id, since)))
            }
            (None, Some(NoticeRow { id, status, .. }), _) if *status == DeliveryStatus::Pending => {
                moot.push(*id);
                None
            }
            (None, Some(before), after) if is_open(before, after) => {
                Some((ON_TIME, before.period, on_time_words(id)))
            }
            _ => None,
        };
        if let Some((kind, period, words)) = words {
            let from = &mail.from.value;
            let name = format!("{kind}:{id}");
            let made = notice::compose(from, owner, &name, &words, period, now);
            new.extend(made);
        }
    }
    if new.is_empty() && moot.is_empty() {
        return Ok(());
    }
    let mut store = Store::open_writer(path, config.results.is_some()).await?;
    for id in moot {
        store
            .cancel(id, "it was over before this went out", now)
            .await?;
    }
    store.enqueue(&new, None, now).await?;
    store.close().await?;
    for notice in &new {
        tracing::info!(notice = notice.report, "the owner is told");
    }
    Ok(())
}

/// True where the owner was told that a schedule is late, and nothing since.
fn is_open(late: &NoticeRow, on_time: Option<&NoticeRow>) -> bool {
    late.status != DeliveryStatus::Cancelled
        && on_time.is_none_or(|on_time| on_time.period < late.period)
}

fn late_words(config: &Config, id: &str, since: i64) -> (String, String) {
    let text = format!(
        "The schedule `{id}` was due at {} and is not done.\n\n\
         How it stands, and why the last run failed:  muster status\n\
         What is owed by now, at once:                muster run --due\n",
        moment(since, config.timezone)
    );
    (format!("The schedule {id} is overdue"), text)
}

fn on_time_words(id: &str) -> (String, String) {
    let text = format!("The schedule `{id}`, which was overdue, is on time again.\n");
    (format!("The schedule {id} is on time again"), text)
}
