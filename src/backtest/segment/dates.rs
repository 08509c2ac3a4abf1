//! Which past dates a segment is asked about.

use crate::backtest::BacktestError;
use crate::backtest::dates::name;
use crate::time::{Clock, Direction, Duration};

/// So many dates are looked at, at most.
const MOST_DATES: usize = 1_000;

/// Which dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dates {
    /// These instants, in microseconds.
    These(Vec<i64>),
    /// A series back from an end, which is the last of them.
    Series {
        /// From one to the next.
        every: Duration,
        /// From the first possible one to the last.
        length: Duration,
    },
}

impl Dates {
    /// The instants, ascending; `end` is the last of a series, and nothing may lie after `present`.
    ///
    /// # Errors
    /// There are too many, or one lies ahead.
    pub fn instants(&self, end: Clock, present: i64) -> Result<Vec<i64>, BacktestError> {
        let mut instants = match self {
            Self::These(instants) => instants.clone(),
            Self::Series { every, length } => series(end, *every, *length)?,
        };
        instants.sort_unstable();
        instants.dedup();
        match instants.last() {
            Some(last) if *last > present => Err(BacktestError::Asked(format!(
                "{} lies ahead: a backtest looks at the past; `muster explain` looks ahead",
                name(*last, end.zone)
            ))),
            _ if instants.len() > MOST_DATES => Err(too_many()),
            _ => Ok(instants),
        }
    }
}

/// Each is counted back from the end, so that months of different lengths do not add up.
fn series(end: Clock, every: Duration, length: Duration) -> Result<Vec<i64>, BacktestError> {
    let begin = end.shift_instant(end.now, length, Direction::Earlier);
    let mut instants = vec![end.now];
    for step in 1_u32.. {
        let back = Duration {
            count: every.count.saturating_mul(step),
            unit: every.unit,
        };
        let instant = end.shift_instant(end.now, back, Direction::Earlier);
        if instant < begin {
            break;
        }
        if instants.len() == MOST_DATES {
            return Err(too_many());
        }
        instants.push(instant);
    }
    Ok(instants)
}

fn too_many() -> BacktestError {
    BacktestError::Asked(format!(
        "these are more than {MOST_DATES} dates: take a longer `--every` or a shorter `--for`"
    ))
}
