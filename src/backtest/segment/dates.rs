//! The past dates for which a segment is evaluated.

use crate::backtest::BacktestError;
use crate::backtest::dates::name;
use crate::time::{Clock, Direction, Duration};

/// The most dates.
const MOST_DATES: usize = 1_000;

/// The selection of dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dates {
    /// These instants, in microseconds.
    These(Vec<i64>),
    /// A series counted back from an end, which is the last date.
    Series {
        /// The step from one date to the next.
        every: Duration,
        /// The span from the first possible date to the last.
        length: Duration,
    },
}

impl Dates {
    /// The instants in ascending order; `end` is the last of a series, and none may be after `present`.
    ///
    /// # Errors
    /// There are too many, or one is in the future.
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

/// Each date is counted back from the end, so that differences in the lengths of months do not add up.
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
