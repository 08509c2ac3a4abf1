//! Counts how many days ago instants were.

use super::Clock;
use super::clock::FARTHEST_INSTANT;
use super::zone::{DAY, local_micros, resolve};

/// The number of instants cached: almost three years' worth.
const REMEMBERED: usize = 1_024;

/// Counts days from instants to now; caches the instants that it has compared with.
#[derive(Debug, Clone)]
pub struct DaysSince {
    clock: Clock,
    local_now: i64,
    /// Numbers of days, each with the instant that many days ago.
    ago: Vec<(i64, i64)>,
}

impl DaysSince {
    /// A counter for a clock's instant and zone.
    pub fn new(clock: &Clock) -> Self {
        Self {
            clock: *clock,
            local_now: local_micros(clock.now, clock.zone),
            ago: vec![(0, clock.now); REMEMBERED],
        }
    }

    /// The largest whole n, negative for future instants, with `instant` ≤ n days ago.
    pub fn count(&mut self, instant: i64) -> i64 {
        let instant = instant.clamp(-FARTHEST_INSTANT, FARTHEST_INSTANT);
        // Two offsets of a zone never differ by two days.
        let mut n = self.clock.now.saturating_sub(instant).div_euclid(DAY) + 2;
        while instant > self.days_ago(n) {
            n -= 1;
        }
        n
    }

    /// The instant `n` days ago, at the same local time of day.
    fn days_ago(&mut self, n: i64) -> i64 {
        let place = usize::try_from(n.rem_euclid(1_024)).unwrap_or(0);
        match self.ago.get_mut(place) {
            Some((known, instant)) if *known == n => *instant,
            slot => {
                let local = self.local_now.saturating_sub(n.saturating_mul(DAY));
                let instant = match n {
                    0 => self.clock.now,
                    _ => resolve(local, self.clock.zone),
                };
                if let Some(slot) = slot {
                    *slot = (n, instant);
                }
                instant
            }
        }
    }
}
