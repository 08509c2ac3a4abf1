//! The times that a cron expression names on the wall clock. The only file that names croner.

use chrono::NaiveDateTime;
use croner::parser::{CronParser, Seconds, Year};
use croner::{Cron, JobType};

use super::fields;
use super::refused::Refused;
use crate::time::{micros_of_naive, naive_of_micros};

/// A parsed cron expression that is due on some day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pattern {
    cron: Cron,
}

impl Pattern {
    /// Parses five fields.
    pub(super) fn read(text: &str) -> Result<Self, Refused> {
        fields::check(text)?;
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let cron = parser.parse(text).map_err(|error| Refused {
            never_due: false,
            message: format!("`{text}` cannot be read"),
            help: error.to_string(),
            place: 0..text.len(),
        })?;
        let pattern = Self { cron };
        match pattern.at_or_after(0) {
            Some(_) => Ok(pattern),
            None => Err(Refused {
                never_due: true,
                message: format!("`{text}` is never due: no year has such a day"),
                help: "look at the day of the month and the month; `L` is a month's last day"
                    .into(),
                place: 0..text.len(),
            }),
        }
    }

    /// True for a single minute and hour.
    pub(super) fn is_daily(&self) -> bool {
        self.cron.determine_job_type() == JobType::FixedTime
    }

    /// The times of a day that it names, in minutes since midnight.
    pub(super) fn minutes_of_day(&self) -> impl Iterator<Item = i64> {
        let (hours, minutes) = (&self.cron.pattern.hours, self.cron.pattern.minutes.values());
        let hours = hours.values().into_iter().map(i64::from);
        hours.flat_map(move |hour| {
            let minutes = minutes.clone().into_iter().map(i64::from);
            minutes.map(move |minute| hour * 60 + minute)
        })
    }

    /// The first time it names, at or after a local time; both in microseconds on the local clock.
    pub(super) fn at_or_after(&self, local: i64) -> Option<i64> {
        // croner handles whole seconds.
        let whole = whole_second(local.saturating_add(SECOND - 1));
        let found = self.cron.find_next_occurrence(&whole, true).ok()?;
        Some(micros_of_naive(found))
    }

    /// The last time it names, at or before a local time.
    pub(super) fn at_or_before(&self, local: i64) -> Option<i64> {
        let whole = whole_second(local);
        let found = self.cron.find_previous_occurrence(&whole, true).ok()?;
        Some(micros_of_naive(found))
    }
}

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

fn whole_second(local: i64) -> NaiveDateTime {
    naive_of_micros(local.div_euclid(SECOND).saturating_mul(SECOND))
}
