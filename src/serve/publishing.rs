//! Results that go to a server after each run, and again as long as that fails.

use super::scheduler::Scheduler;
use crate::publish::{PublishError, publish, stored_runs};

/// Publishes what is not published yet; true where somebody should look.
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
    let done = async {
        let runs = stored_runs(&config).await?;
        if runs.is_some_and(|runs| !published.has(runs, server)) {
            publish(&config, server, false).await?;
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
        Err(error) => {
            published.failed(now);
            scheduler.counters.on_server(Some(false));
            let words = "results cannot be published to the server; tried again";
            scheduler.publish_trouble.about(&error.to_string(), words);
            true
        }
    }
}
