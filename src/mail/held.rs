//! Notices to the owner that a run is held, and that runs are published again.

use super::MailError;
use super::alarm::{Alarm, tell};
use crate::config::{Config, marks};
use crate::store::{Run, Store};

/// Puts a notice into the outbox if a run is held, one until something is published, and another one when something is.
///
/// # Errors
/// The outbox cannot be read or written.
pub async fn notify_of_held_run(config: &Config, now: i64) -> Result<(), MailError> {
    let Some(mut store) = Store::open_reader(config.results_path()).await? else {
        return Ok(());
    };
    let held = store.held_now().await?;
    store.close().await?;
    let first = held.first().map(|run| {
        let since = run.finished_at.unwrap_or(run.started_at);
        (since, held_words(config, run))
    });
    let over = "What was found is published again, and the reports tell all that has changed.\n";
    let alarm = Alarm {
        names: ["run_held:results", "run_published:results"].map(str::to_owned),
        wrong: first,
        over: ("Runs are published again".to_owned(), over.to_owned()),
    };
    tell(config, vec![alarm], now).await
}

fn held_words(config: &Config, run: &Run) -> (String, String) {
    let reasons: String = run.reasons().map(|why| format!("- {why}\n")).collect();
    let text = format!(
        "The run as of {} is held: it would have changed so much that somebody should look first. \
         Nothing was published, and no report went out.\n\n{reasons}\n\
         Look at what it finds now:   muster run --dry-run\n\
         It is right, publish it:     muster run --accept\n\
         How things stand:            muster status\n\n\
         The next due run checks again, and is published if it is within bounds.\n",
        marks(config.locale).moment(run.as_of, config.timezone)
    );
    ("A run is held, and nothing was published".to_owned(), text)
}
