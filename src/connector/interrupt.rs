//! Stopping a query that runs long, and the session that waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;
use std::time::Duration;

use tokio::sync::Notify;

use crate::engine::Watch;

/// How often whoever waits or looks on is asked whether to stop.
pub const PULSE: Duration = Duration::from_millis(50);

/// Does the work, and interrupts what it waits for once `watch` asks to stop: a view may sort for minutes before its
/// first row.
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

/// Lets the watching thread go, however the work ends.
struct Done<'a>(&'a AtomicBool, &'a Thread);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
        self.1.unpark();
    }
}

/// Ends a session with a server at once, whatever it is waiting for, and those that are begun with it later.
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

    /// Whether somebody has asked.
    pub fn is_asked(&self) -> bool {
        self.0.asked.load(Ordering::Acquire)
    }

    /// Waits until somebody asks.
    pub(super) async fn woken(&self) {
        if !self.is_asked() {
            self.0.woken.notified().await;
        }
    }
}
