//! How clock changes affect a calendar.

use std::collections::BTreeSet;

use super::{Calendar, ClockChange, MINUTE, clock_changes};
use crate::time::naive_of_micros;

/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// Up to this many times of day are listed individually.
const FEW: usize = 4;

/// Times of a cron expression that a clock change skips or shows twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    pub change: ClockChange,
    /// What happens to the times.
    pub effect: Effect,
    /// The times, in microseconds since 1970-01-01T00:00 on the local clock, in order; at least one.
    pub times: Vec<i64>,
}

/// What happens to times that a clock change skips or shows twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Skipped, and due at the instant of the change instead: a single minute and hour.
    Moved,
    /// Shown twice, and due the first time: a single minute and hour.
    Once,
    /// Skipped, and not due.
    Skipped,
    /// Shown twice, and due twice.
    Doubled,
}

impl Calendar {
    /// The effects of the clock changes after `from`, up to and including `to`. Nothing if runs keep their distance in
    /// real time anyway: `0 * * * *` while clocks move by whole hours.
    pub fn touched(&self, from: i64, to: i64) -> impl Iterator<Item = Touched> + '_ {
        let changes = clock_changes(from, to, self.zone());
        changes.filter_map(|change| self.touched_by(change))
    }

    fn touched_by(&self, change: ClockChange) -> Option<Touched> {
        let effect = match (self.pattern.is_daily(), change.shift() > 0) {
            (true, true) => Effect::Moved,
            (true, false) => Effect::Once,
            (false, _) if self.is_even_under(change.shift()) => return None,
            (false, true) => Effect::Skipped,
            (false, false) => Effect::Doubled,
        };
        let (one, other) = (change.at + change.before, change.at + change.after);
        let first = self.pattern.at_or_after(one.min(other));
        let times = std::iter::successors(first, |time| self.pattern.at_or_after(time + MINUTE));
        let times: Vec<i64> = times.take_while(|time| *time < one.max(other)).collect();
        (!times.is_empty()).then_some(Touched {
            change,
            effect,
            times,
        })
    }

    /// True if the times of a day are the same after all are shifted.
    fn is_even_under(&self, shift: i64) -> bool {
        let times: BTreeSet<i64> = self.pattern.minutes_of_day().collect();
        let moved = |time: &i64| (time + shift / MINUTE).rem_euclid(DAY);
        shift % MINUTE == 0 && times.iter().all(|time| times.contains(&moved(time)))
    }
}

/// A time of day on a local clock, from microseconds since 1970-01-01T00:00 there: `02:30`.
pub fn time_of_day(local: i64) -> String {
    naive_of_micros(local).format("%H:%M").to_string()
}

/// The distinct times of day among local times: a few are listed, many are summarised by their number and range. Also
/// returns how many there are.
pub fn times_of_day<'a>(locals: impl IntoIterator<Item = &'a i64>) -> (usize, String) {
    let times: BTreeSet<String> = locals.into_iter().map(|time| time_of_day(*time)).collect();
    let words = match (times.first(), times.last()) {
        (Some(first), Some(last)) if times.len() > FEW => {
            format!("{} times from {first} to {last}", times.len())
        }
        _ => times.iter().cloned().collect::<Vec<_>>().join(", "),
    };
    (times.len(), words)
}
