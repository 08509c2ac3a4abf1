//! Publishing of results to a server after each run, retried as long as it fails.

use std::sync::Arc;

use tracing::warn;

use super::scheduler::Scheduler;
use super::stop::Stop;
use crate::publish::{PublishError, publish, stored_runs};

/// Publishes what is not published yet. Returns true if an operator should look.
pub(super) async fn publish_newest(scheduler: &Scheduler) -> bool {
    let config = scheduler.config().await;
    let Some(server) = &config.publish else {
        scheduler.counters.on_server(None);
        return false;
    };
    let mut published = scheduler.published.lock().await;
    let now = scheduler.clock.now();
    if published.waits(now) {
        return true;
    }
    // A publication that is cut off is completed by the next process: shutdown never waits for a server.
    let stop = Stop {
        halt: scheduler.stop.clone(),
        lost: Arc::default(),
    };
    let mut may_have_forgotten = true;
    let done = async {
        let runs = stored_runs(&config).await?;
        may_have_forgotten = runs.is_some_and(|runs| !published.has_history_of(runs, server));
        if runs.is_some_and(|runs| !published.has(runs, server)) {
            let done = publish(&config, server, false, &stop).await?;
            if let Some(words) = done.and_then(|done| done.words()) {
                warn!("{words}");
            }
        }
        Ok::<_, PublishError>(runs)
    };
    match done.await {
        Ok(runs) => {
            published.done(runs, server);
            scheduler.counters.on_server(Some(true));
            let trouble = &scheduler.publish_trouble;
            trouble.over("results are on the server again");
            false
        }
        Err(PublishError::Stopped) => true,
        Err(error) => {
            published.failed(now);
            scheduler.counters.on_server(Some(false));
            let words = match may_have_forgotten {
                true => {
                    "results cannot be published to the server, which may still have somebody who was forgotten since; tried again"
                }
                false => "results cannot be published to the server; tried again",
            };
            scheduler.publish_trouble.about(&error.to_string(), words);
            true
        }
    }
}
