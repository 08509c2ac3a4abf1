//! The times that a cron text names on the wall clock. The only file that names croner.

use chrono::NaiveDateTime;
use croner::parser::{CronParser, Seconds, Year};
use croner::{Cron, JobType};

use super::refused::Refused;
use crate::time::{micros_of_naive, naive_of_micros};

/// A cron text that was read, and is due on some day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pattern {
    cron: Cron,
}

impl Pattern {
    /// Reads five fields.
    pub(super) fn read(text: &str) -> Result<Self, Refused> {
        let cron = parse(text).ok_or_else(|| Refused {
            never_due: false,
            message: format!("`{text}` is no cron text"),
            help: "five fields: minute, hour, day, month and day of the week, such as `0 6 * * *`"
                .into(),
        })?;
        let pattern = Self { cron };
        match pattern.at_or_after(0) {
            Some(_) => Ok(pattern),
            None => Err(Refused {
                never_due: true,
                message: format!("`{text}` is never due: there is no such day"),
                help: "look at the day and the month".into(),
            }),
        }
    }

    /// True for a single minute and hour.
    pub(super) fn is_daily(&self) -> bool {
        self.cron.determine_job_type() == JobType::FixedTime
    }

    /// The first time it names, at or after a local time; both in microseconds on the local clock.
    pub(super) fn at_or_after(&self, local: i64) -> Option<i64> {
        // croner looks at whole seconds.
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

fn parse(text: &str) -> Option<Cron> {
    let parser = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed);
    parser.build().parse(text).ok()
}
