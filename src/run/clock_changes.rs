//! What changes of the clocks within the next two years do to the timetable.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use crate::config::{Config, Schedule};
use crate::diagnostic::{Code, Finding};
use crate::schedule::{Calendar, Effect, Touched};
use crate::time::naive_of_micros;

/// How far is looked ahead, in microseconds: two years.
const AHEAD: i64 = 2 * 366 * 86_400 * 1_000_000;
/// So many times of day are told one by one.
const FEW: usize = 4;

/// Warnings of schedules whose runs are skipped or doubled, seen from an instant in microseconds.
pub fn clock_change_findings(config: &Config, now: i64) -> Vec<Finding> {
    let schedules = config.schedules.iter();
    schedules
        .filter_map(|schedule| finding(schedule, now))
        .collect()
}

fn finding(schedule: &Schedule, now: i64) -> Option<Finding> {
    let zone = schedule.timezone;
    let calendar = Calendar::new(&schedule.cron.value, zone).ok()?;
    let touched: Vec<Touched> = calendar.touched(now, now.saturating_add(AHEAD)).collect();
    let skipped =
        times_of_day(&touched, Effect::Skipped).map(|times| format!("skipped at {times}"));
    let doubled =
        times_of_day(&touched, Effect::Doubled).map(|times| format!("due twice at {times}"));
    let done: Vec<String> = skipped.into_iter().chain(doubled).collect();
    if done.is_empty() {
        return None;
    }
    let message = format!(
        "when the clocks of `{zone}` change, `{}` is {}",
        schedule.id.value,
        done.join(", and ")
    );
    Some(
        Finding::new(Code::ClockChange, message)
            .at(schedule.cron.location)
            .help(help(zone)),
    )
}

fn help(zone: Tz) -> String {
    let other = match zone {
        Tz::UTC => "",
        _ => ", and `timezone: UTC` knows no changes",
    };
    format!(
        "a single minute and hour is due exactly once a day whatever the clocks do{other}; \
         `muster schedule` shows the days"
    )
}

/// The times of day that this becomes of; none where there are none.
fn times_of_day(touched: &[Touched], effect: Effect) -> Option<String> {
    let concerned = touched.iter().filter(|touched| touched.effect == effect);
    let times: BTreeSet<String> = concerned
        .flat_map(|touched| &touched.times)
        .map(|time| naive_of_micros(*time).format("%H:%M").to_string())
        .collect();
    let (first, last) = (times.first()?, times.last()?);
    Some(if times.len() <= FEW {
        times.iter().cloned().collect::<Vec<_>>().join(", ")
    } else {
        format!("each of {} times from {first} to {last}", times.len())
    })
}
