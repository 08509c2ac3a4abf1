//! What clock changes within the next two years do to the schedules.

use chrono_tz::Tz;

use crate::config::{Config, Schedule};
use crate::diagnostic::{Code, Finding};
use crate::schedule::{Calendar, Effect, Touched, times_of_day};

/// How far to look ahead, in microseconds: two years.
const AHEAD: i64 = 2 * 366 * 86_400 * 1_000_000;

/// Schedules whose runs are skipped or doubled. `now` is an instant in microseconds.
pub(super) fn find(config: &Config, now: i64) -> Vec<Finding> {
    let schedules = config.schedules.iter();
    schedules
        .filter_map(|schedule| finding(schedule, now))
        .collect()
}

fn finding(schedule: &Schedule, now: i64) -> Option<Finding> {
    let zone = schedule.timezone;
    let calendar = Calendar::new(&schedule.cron.value, zone).ok()?;
    let touched: Vec<Touched> = calendar.touched(now, now.saturating_add(AHEAD)).collect();
    let skipped = concerned(&touched, Effect::Skipped).map(|times| format!("skipped at {times}"));
    let doubled = concerned(&touched, Effect::Doubled).map(|times| format!("due twice at {times}"));
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

/// The times of day on which a clock change has this effect, in words; `None` if there are none.
fn concerned(touched: &[Touched], effect: Effect) -> Option<String> {
    let concerned = touched.iter().filter(|touched| touched.effect == effect);
    let (count, words) = times_of_day(concerned.flat_map(|touched| &touched.times));
    (count > 0).then_some(words)
}
