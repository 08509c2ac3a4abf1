//! Points in time that move with the run, as far as their order is the same on every day.

use std::cmp::Ordering;

use crate::time::{Direction, Duration, Moment, Unit};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// No clock change exceeds this, so a margin of this many seconds makes up for it.
const CHANGES: i64 = 4 * HOUR;

/// How far a moment is from now, or from today.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distance {
    unit: Family,
    /// Later ones are greater.
    count: i64,
}

/// Groups of units that convert into each other exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Seconds,
    Days,
    Months,
}

impl Distance {
    /// The distance of a moment; `None` for a literal date, and for a moment whose order among others is not tracked.
    pub fn of(moment: &Moment) -> Option<Self> {
        let none = Duration {
            count: 0,
            unit: Unit::Day,
        };
        match moment {
            Moment::Now | Moment::Today => Some(Self::new(none, Direction::Later)),
            Moment::Ago(by) => Some(Self::new(*by, Direction::Earlier)),
            Moment::FromNow(by) => Some(Self::new(*by, Direction::Later)),
            Moment::Date(_) => None,
            Moment::Shifted(from, by, direction) => match **from {
                Moment::Now => Some(Self::new(*by, *direction)),
                // Shifting a day by hours gives a day again: the hours are cut off.
                Moment::Today if !matches!(by.unit, Unit::Minute | Unit::Hour) => {
                    Some(Self::new(*by, *direction))
                }
                _ => None,
            },
        }
    }

    fn new(by: Duration, direction: Direction) -> Self {
        let (unit, each) = match by.unit {
            Unit::Minute => (Family::Seconds, 60),
            Unit::Hour => (Family::Seconds, HOUR),
            Unit::Day => (Family::Days, 1),
            Unit::Week => (Family::Days, 7),
            Unit::Month => (Family::Months, 1),
            Unit::Quarter => (Family::Months, 3),
            Unit::Year => (Family::Months, 12),
        };
        let count = i64::from(by.count) * each;
        let count = match direction {
            Direction::Later => count,
            Direction::Earlier => -count,
        };
        Self { unit, count }
    }

    /// Which is earlier, if the answer is the same on every day of the year.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        if self.unit == other.unit || self.count == 0 && other.count == 0 {
            return Some(self.count.cmp(&other.count));
        }
        let ([a, b], [c, d]) = (self.seconds(), other.seconds());
        match () {
            () if b < c => Some(Ordering::Less),
            () if a > d => Some(Ordering::Greater),
            () => None,
        }
    }

    /// Its minimum and maximum length in seconds.
    fn seconds(self) -> [i64; 2] {
        if self.count == 0 {
            return [0, 0];
        }
        let [short, long] = match self.unit {
            Family::Seconds => return [self.count, self.count],
            Family::Days => [DAY, DAY],
            Family::Months => [28 * DAY, 31 * DAY],
        };
        let (one, other) = (
            self.count.saturating_mul(short),
            self.count.saturating_mul(long),
        );
        [one.min(other) - CHANGES, one.max(other) + CHANGES]
    }
}
