//! `muster serve`: runs until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use super::files::Files;
use super::log_throttle::LogThrottle;
use super::publishing::publish_newest;
use super::scheduler::{Chance, Scheduler, Worked};
use super::ticker::{AT_MOST, Ticker};
use super::{Bounds, Order, ServeError, delivery, http};

/// The part of the time that a run may take after the stop that is reserved for rolling it back.
const TAKE_BACK: Duration = Duration::from_secs(2);

/// Serves until `order.stop`.
///
/// # Errors
/// It never began: config or rules have errors, or the address is in use. Later errors are reported and retried.
pub async fn serve(order: Order) -> Result<(), ServeError> {
    let now = order.clock.now();
    let opened = Files::open(&order.config, order.connect, now, &order.stop).await?;
    let Some((files, trouble)) = opened else {
        return Ok(());
    };
    let settings = files.config.serve;
    let bound = async |address: Option<SocketAddr>, key: &str| match address {
        Some(address) => http::bind(address, key)
            .await
            .map(Some)
            .map_err(ServeError::World),
        None => Ok(None),
    };
    let page_at = order.page.as_ref().map(|(address, _)| *address);
    let apart = settings.listen.filter(|address| Some(*address) != page_at);
    let listener = bound(apart, "`serve: listen:`").await?;
    let page_listener = bound(page_at, "`page: listen:`").await?;
    info!(
        version = env!("CARGO_PKG_VERSION"),
        schedules = files.entries.len(),
        listen = listener
            .as_ref()
            .and_then(|l| l.local_addr().ok())
            .map(tracing::field::display),
        page = page_at.map(tracing::field::display),
        "serving"
    );
    if let Some(reason) = &trouble {
        warn!(reason, "the database cannot be used yet; tried again");
    }
    let signals = (order.stop.clone(), order.halt.clone());
    let scheduler = Arc::new(Scheduler::new(order.clock, files, signals, "serve"));
    let wake = Arc::new(Notify::new());
    let ticker = Ticker::start(Arc::clone(&wake)).await;
    let ticker = ticker.map_err(|error| ServeError::World(format!("cannot start: {error}")))?;
    let tracker = TaskTracker::new();
    let http_stop = CancellationToken::new();
    let watched = http::watched(Arc::clone(&scheduler));
    let answered = |listener, bounds, router| {
        tokio::spawn(http::answer(listener, bounds, router, http_stop.clone()));
    };
    if let Some((listener, (_, page))) = page_listener.zip(order.page) {
        let router = match settings.listen == page_at {
            true => page.merge(watched.clone()),
            false => page,
        };
        answered(listener, Bounds::PEOPLE, router);
    }
    if let Some(listener) = listener {
        answered(listener, Bounds::MACHINES, watched);
    }
    go_on(&scheduler, &wake, &tracker).await;
    info!("stopping: no new work; the run in hand may finish");
    tracker.close();
    wind_up(&scheduler, &tracker, settings.stop_within).await;
    ticker.stop().await;
    http_stop.cancel();
    info!("stopped");
    Ok(())
}

/// Wakes repeatedly.
async fn go_on(scheduler: &Arc<Scheduler>, wake: &Notify, tracker: &TaskTracker) {
    let planning = LogThrottle::default();
    let working = Arc::new(LogThrottle::default());
    let [mut worker, mut mailer]: [Option<JoinHandle<()>>; 2] = [None, None];
    loop {
        // This is the time that the round goes by, even if the clock shows another one at the end.
        let now = scheduler.clock.now();
        let owed = plan(scheduler, &planning, now).await;
        if owed && is_free(&worker) {
            let (scheduler, working) = (Arc::clone(scheduler), Arc::clone(&working));
            worker = Some(tracker.spawn(async move { work(&scheduler, &working).await }));
        }
        if is_free(&mailer) {
            let scheduler = Arc::clone(scheduler);
            mailer = Some(tracker.spawn(async move {
                delivery::deliver(&scheduler).await;
                publish_newest(&scheduler).await;
            }));
        }
        tokio::select! {
            () = scheduler.stop.cancelled() => return,
            () = wake.notified() => {}
            () = scheduler.clock.moved(now) => {}
            () = sleep(AT_MOST) => {}
        }
    }
}

fn is_free(task: &Option<JoinHandle<()>>) -> bool {
    task.as_ref().is_none_or(JoinHandle::is_finished)
}

/// Looks at the files and the clock. Returns true if work is outstanding.
async fn plan(scheduler: &Scheduler, trouble: &LogThrottle, now: i64) -> bool {
    // A changed config may name a server that is slow to answer.
    let good = tokio::select! {
        biased;
        () = scheduler.stop.cancelled() => return false,
        good = async { scheduler.files.lock().await.look(now).await } => good,
    };
    if let Some(good) = good {
        scheduler.counters.files(good);
    }
    let looked = scheduler.look().await;
    scheduler.counters.woke();
    match looked {
        Ok(looked) => {
            trouble.over("what is due is written down again");
            looked.owed
        }
        Err(error) => {
            trouble.about(
                &error.to_string(),
                "what is due cannot be written down; tried again",
            );
            false
        }
    }
}

async fn work(scheduler: &Scheduler, trouble: &LogThrottle) {
    match scheduler.work(&mut Worked::default()).await {
        Ok(Chance::Worked) => trouble.over("at work again"),
        Ok(Chance::Busy(holder)) => {
            let who = format!(
                "{} (process {} on {})",
                holder.work, holder.pid, holder.host
            );
            trouble.about(&who, "another process is at work; this one waits");
        }
        Err(error) => trouble.about(&error.to_string(), "cannot work; tried again"),
    }
}

/// Waits for the work in progress, and rolls it back if it takes too long or if that is requested.
async fn wind_up(scheduler: &Scheduler, tracker: &TaskTracker, within: Duration) {
    let end = Instant::now() + within;
    let patience = within.saturating_sub(TAKE_BACK.min(within / 2));
    tokio::select! {
        () = tracker.wait() => return,
        () = scheduler.halt.cancelled() => {}
        () = sleep(patience) => warn!("the run in hand goes on for too long: it is taken back"),
    }
    scheduler.halt.cancel();
    // What does not end even now ends with the process, and nothing of it is written.
    let _ = timeout_at(end, tracker.wait()).await;
}
