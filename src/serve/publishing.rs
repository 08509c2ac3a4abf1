//! Results that go to a server after each run, and again as long as that fails.

use super::published::Published;
use super::scheduler::Scheduler;
use super::time::MINUTE;
use crate::publish::{PublishError, newest_run, publish};

/// Publishes what is not published yet; true where somebody should look.
pub(super) async fn publish_newest(scheduler: &Scheduler) -> bool {
    let config = scheduler.config().await;
    let Some(server) = &config.publish else {
        return false;
    };
    let mut published = scheduler.published.lock().await;
    let now = scheduler.clock.now();
    // A wait that is longer than any comes from a clock that was ahead.
    if published
        .next
        .is_some_and(|next| next > now && next <= now + MINUTE)
    {
        return true;
    }
    let done = async {
        match newest_run(&config).await? {
            Some(newest) if published.has(newest, server) => Ok::<_, PublishError>(Some(newest)),
            Some(_) => publish(&config, server).await,
            None => Ok(None),
        }
    };
    match done.await {
        Ok(run) => {
            let run = run.map(|run| (run, server.clone()));
            *published = Published { run, next: None };
            scheduler
                .publish_trouble
                .over("results are on the server again");
            false
        }
        Err(error) => {
            published.next = Some(now + MINUTE);
            let words = "results cannot be published to the server; tried again";
            scheduler.publish_trouble.about(&error.to_string(), words);
            true
        }
    }
}
