//! Notices to the owner that a schedule is overdue, and that it no longer is.

use super::MailError;
use super::alarm::{Alarm, tell};
use crate::config::{Config, marks};

/// Whether a schedule is on time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Punctuality {
    /// Its id.
    pub schedule: String,
    /// The first due time that is not done, in microseconds UTC, if it is overdue.
    pub overdue_since: Option<i64>,
}

/// Puts notices into the outbox about schedules that have become overdue, and about those that no longer are. Nothing
/// is reported for a schedule that is not in `schedules`: its due time may be just about to be done.
///
/// # Errors
/// The outbox cannot be read or written.
pub async fn notify_of_schedules(
    config: &Config,
    schedules: &[Punctuality],
    now: i64,
) -> Result<(), MailError> {
    let alarm = |schedule: &Punctuality| {
        let id = &schedule.schedule;
        Alarm {
            names: [format!("overdue:{id}"), format!("on_time:{id}")],
            wrong: schedule
                .overdue_since
                .map(|since| (since, late_words(config, id, since))),
            over: on_time_words(id),
        }
    };
    tell(config, schedules.iter().map(alarm).collect(), now).await
}

fn late_words(config: &Config, id: &str, since: i64) -> (String, String) {
    let text = format!(
        "The schedule `{id}` was due at {} and is not done.\n\n\
         Its state, and why the last run failed:  muster status\n\
         Run now what is due:                     muster run --due\n",
        marks(config.locale).moment(since, config.timezone)
    );
    (format!("The schedule {id} is overdue"), text)
}

fn on_time_words(id: &str) -> (String, String) {
    let text = format!("The schedule `{id}`, which was overdue, is on time again.\n");
    (format!("The schedule {id} is on time again"), text)
}
