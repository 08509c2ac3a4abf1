//! How many days ago instants were.

use super::Clock;
use super::clock::FARTHEST_INSTANT;
use super::zone::{DAY, local_micros, resolve};

/// Instants that are remembered at once: those of almost three years.
const REMEMBERED: usize = 1_024;

/// Counts days from instants to now; remembers the instants it has compared with.
#[derive(Debug, Clone)]
pub struct DaysSince {
    clock: Clock,
    local_now: i64,
    /// Numbers of days, each with the instant so long ago.
    ago: Vec<(i64, i64)>,
}

impl DaysSince {
    /// A counter at a clock's instant and in its zone.
    pub fn new(clock: &Clock) -> Self {
        Self {
            clock: *clock,
            local_now: local_micros(clock.now, clock.zone),
            ago: vec![(0, clock.now); REMEMBERED],
        }
    }

    /// The largest whole n, negative ahead, with `instant` ≤ n days ago.
    pub fn count(&mut self, instant: i64) -> i64 {
        let instant = instant.clamp(-FARTHEST_INSTANT, FARTHEST_INSTANT);
        // Two offsets of a zone are never two days apart.
        let mut n = self.clock.now.saturating_sub(instant).div_euclid(DAY) + 2;
        while instant > self.days_ago(n) {
            n -= 1;
        }
        n
    }

    /// The instant some days ago, at the same local time of day.
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
