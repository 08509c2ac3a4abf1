//! Results that go to a server after each run, and again as long as that fails.

use super::scheduler::Scheduler;
use super::time::MINUTE;
use crate::config::Server;
use crate::publish::{PublishError, newest_run, publish};

/// What this process knows of the server.
#[derive(Debug, Default)]
pub(super) struct Published {
    /// The run that it has, and which server it is.
    run: Option<(i64, Server)>,
    /// When the next try is, after one that failed.
    next: Option<i64>,
}

impl Published {
    fn has(&self, newest: i64, server: &Server) -> bool {
        let known = self.run.as_ref();
        known.is_some_and(|(run, its)| *run == newest && its == server)
    }
}

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
