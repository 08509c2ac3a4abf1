//! What takes its time in another process.

use std::time::{Duration, Instant};

/// Longer than anything takes on a slow machine; nothing waits for it that goes well.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Whether something holds before [`PATIENCE`] ends.
pub fn holds_in_time(holds: impl Fn() -> bool) -> bool {
    holds_within(PATIENCE, holds)
}

/// Whether something holds within a time.
pub fn holds_within(patience: Duration, holds: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < patience {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}
