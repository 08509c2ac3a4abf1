//! The past dates of a backtest, and the end of each date's outcome.

use chrono_tz::Tz;

use super::BacktestError;
use super::question::Question;
use crate::time::{Clock, Window, date_of_days};

/// The most dates in a series.
const SERIES: usize = 6;

/// How far back a series may reach, in days.
const FARTHEST: i32 = 40_000;

/// The period covered by the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct History {
    /// The local date of the first row.
    pub first: i32,
    /// The local date of the newest row.
    pub newest: i32,
    /// The instant up to which events are known; not later than the present.
    pub known_until: i64,
}

/// The instant up to which events are known according to the newest row: the row's own or, if rows have only a date and
/// so the time of midnight, the end of its day.
pub(super) fn known_until(newest: i64, zone: Tz) -> i64 {
    let clock = Clock { now: newest, zone };
    let day = clock.today();
    match clock.midnight(day) == newest {
        true => clock.midnight(day.saturating_add(1)),
        false => newest,
    }
}

/// The dates, each with the instant up to which losses are counted; in ascending order.
pub(super) fn chosen(
    question: &Question,
    history: &History,
    as_of: &[i64],
) -> Result<Vec<(i64, i64)>, BacktestError> {
    if as_of.is_empty() {
        return series(question, history);
    }
    let mut as_of = as_of.to_vec();
    as_of.sort_unstable();
    as_of.dedup();
    let dates = as_of.into_iter().map(|now| {
        let until = question.until(now);
        if until <= history.known_until {
            return Ok((now, until));
        }
        let newest = day(history.newest);
        let last = latest(question, history, history.known_until);
        let help = match last {
            Some(last) => format!("choose a date up to {}", name(last, question.zone)),
            None => "the data is too short for any date".to_owned(),
        };
        Err(BacktestError::Asked(format!(
            "on {} it was not known yet who would be lost: `when` looks ahead to {}, and the newest row of {} is of {newest}; {help}",
            name(now, question.zone),
            name(until, question.zone),
            question.read_by_when(),
        )))
    });
    dates.collect()
}

/// Up to six midnights, as late as the data allows. The outcome of each is known by the next one, and none is so early
/// that `among` would look back past the first row.
fn series(question: &Question, history: &History) -> Result<Vec<(i64, i64)>, BacktestError> {
    let mut dates = Vec::new();
    let mut limit = history.known_until;
    while dates.len() < SERIES
        && let Some(now) = latest(question, history, limit)
    {
        dates.push((now, question.until(now)));
        limit = now;
    }
    dates.reverse();
    if dates.is_empty() {
        return Err(BacktestError::Asked(format!(
            "the history is too short: the rows of {} are of {} to {}, and a date needs the time that `among` looks back at before it and the time that `when` looks ahead at after it; shorten these windows, or name a date with `--as-of`",
            question.read_by_when(),
            day(history.first),
            day(history.newest),
        )));
    }
    Ok(dates)
}

/// The latest midnight whose outcome was known at `limit`; `None` if the data does not reach that far back.
fn latest(question: &Question, history: &History, limit: i64) -> Option<i64> {
    let at = |now| Clock {
        now,
        zone: question.zone,
    };
    let from = at(limit).today();
    let begin = at(0).midnight(history.first);
    let days = (0..FARTHEST).map(|back| from.saturating_sub(back));
    days.take_while(|day| *day >= history.first)
        .map(|day| at(0).midnight(day))
        .filter(|now| *now < limit)
        .find(|now| question.until(*now) <= limit)
        .filter(|now| looks_back_to(&question.back, at(*now)).is_none_or(|from| from >= begin))
}

/// The earliest begin of the windows that move with their date; `None` if there are none.
fn looks_back_to(windows: &[Window], clock: Clock) -> Option<i64> {
    let long_ago = Clock {
        now: 0,
        zone: clock.zone,
    };
    let begins = windows.iter().filter_map(|window| {
        let from = clock.bounds(window).from;
        (from != long_ago.bounds(window).from).then_some(from)
    });
    begins.min()
}

/// Why weights cannot be suggested.
pub(super) fn too_few(question: &Question, dates: &[(i64, i64)]) -> BacktestError {
    let names: Vec<String> = dates
        .iter()
        .map(|(now, _)| name(*now, question.zone))
        .collect();
    BacktestError::Asked(format!(
        "`--suggest` makes weights from earlier dates and judges them on later ones, so it needs two dates of which the first one's outcome was known by the second; there is {}: name more with `--as-of`, or leave `--suggest` out",
        names.join(", ")
    ))
}

/// A date for display: `2017-10-01`, with the time if it is not midnight.
pub(super) fn name(now: i64, zone: Tz) -> String {
    let clock = Clock { now, zone };
    let today = clock.today();
    match clock.midnight(today) == now {
        true => day(today),
        false => crate::time::format_instant(now, zone),
    }
}

fn day(days: i32) -> String {
    date_of_days(days).to_string()
}
