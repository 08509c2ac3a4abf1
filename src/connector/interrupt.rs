//! Stops long-running queries and the sessions that wait for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;
use std::time::Duration;

use tokio::sync::Notify;

use crate::engine::Watch;

/// How often a waiting or watching thread checks whether to stop.
pub const PULSE: Duration = Duration::from_millis(50);

/// Does the work, and calls `interrupt` once `watch` asks to stop. A view may sort for minutes before its first row.
pub(super) fn interruptible<T>(
    interrupt: &(dyn Fn() + Sync),
    watch: &dyn Watch,
    work: impl FnOnce() -> T,
) -> T {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watching = scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                if watch.cancelled() {
                    interrupt();
                }
                std::thread::park_timeout(PULSE);
            }
        });
        let _done = Done(&done, watching.thread());
        work()
    })
}

/// Lets the watching thread go, even if the work panics.
struct Done<'a>(&'a AtomicBool, &'a Thread);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
        self.1.unpark();
    }
}

/// Ends a server session at once, whatever it is waiting for. Sessions that are begun with it later end as well.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Stopping>);

#[derive(Debug, Default)]
struct Stopping {
    asked: AtomicBool,
    woken: Notify,
}

impl Stop {
    /// Asks the session to end.
    pub fn stop(&self) {
        self.0.asked.store(true, Ordering::Release);
        self.0.woken.notify_one();
    }

    /// Whether a stop was requested.
    pub fn is_asked(&self) -> bool {
        self.0.asked.load(Ordering::Acquire)
    }

    /// Waits until a stop is requested.
    pub(super) async fn woken(&self) {
        if !self.is_asked() {
            self.0.woken.notified().await;
        }
    }
}
