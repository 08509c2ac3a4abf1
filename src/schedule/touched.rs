//! What the changes of the clocks do to a calendar that is due whenever the clock shows its times.

use std::collections::BTreeSet;

use super::{Calendar, ClockChange, MINUTE, clock_changes};

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// Times that a change of the clocks skips or shows twice, in microseconds since 1970-01-01T00:00 on the
/// local clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// The change.
    pub change: ClockChange,
    /// True for a change forward, which skips; else the times are due twice.
    pub skips: bool,
    /// The times of the cron text that it concerns, in order; at least one.
    pub times: Vec<i64>,
}

impl Calendar {
    /// What the changes after `from`, up to and with `to`, skip or double. Nothing for a single minute
    /// and hour, which is due once on each day, and nothing where the runs keep their distance in
    /// real time all the same: `0 * * * *` while clocks move by whole hours.
    pub fn touched(&self, from: i64, to: i64) -> impl Iterator<Item = Touched> + '_ {
        let changes = clock_changes(from, to, self.zone());
        changes.filter_map(|change| self.touched_by(change))
    }

    fn touched_by(&self, change: ClockChange) -> Option<Touched> {
        if self.pattern.is_daily() || self.is_even_under(change.shift()) {
            return None;
        }
        let skips = change.shift() > 0;
        let (one, other) = (change.at + change.before, change.at + change.after);
        let first = self.pattern.at_or_after(one.min(other));
        let times = std::iter::successors(first, |time| self.pattern.at_or_after(time + MINUTE));
        let times: Vec<i64> = times.take_while(|time| *time < one.max(other)).collect();
        (!times.is_empty()).then_some(Touched {
            change,
            skips,
            times,
        })
    }

    /// True where the times of a day are the same ones when all are moved.
    fn is_even_under(&self, shift: i64) -> bool {
        let times: BTreeSet<i64> = self.pattern.minutes_of_day().collect();
        let moved = |time: &i64| (time + shift / MINUTE).rem_euclid(DAY);
        shift % MINUTE == 0 && times.iter().all(|time| times.contains(&moved(time)))
    }
}
