//! The wake-up of the planner, which is the only use of tokio-cron-scheduler. Its own timetable keeps the offset of the
//! day on which it was made, overlaps itself, and forgets what it missed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

/// How often the planner is woken.
const EVERY: Duration = Duration::from_secs(5);
/// The longest sleep of the planner. tokio-cron-scheduler follows the wall clock: if that is set back by an hour, it
/// wakes nobody for an hour.
pub(super) const AT_MOST: Duration = Duration::from_secs(15);

/// Wakes the planner every few seconds, until it is shut down.
pub(super) struct Ticker {
    scheduler: JobScheduler,
}

impl Ticker {
    pub(super) async fn start(wake: Arc<Notify>) -> Result<Self, JobSchedulerError> {
        let scheduler = JobScheduler::new().await?;
        let beat = Job::new_repeated_async(EVERY, move |_, _| {
            let wake = Arc::clone(&wake);
            Box::pin(async move { wake.notify_one() })
        })?;
        scheduler.add(beat).await?;
        scheduler.start().await?;
        Ok(Self { scheduler })
    }

    /// Stops the ticker. It may already have been stopped.
    pub(super) async fn stop(mut self) {
        self.scheduler.shutdown().await.ok();
    }
}
