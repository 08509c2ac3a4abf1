//! The parts of a time in a text.

use crate::time::calendar::days_of_civil;
use crate::time::read::Written;
use crate::time::zone::SECOND;

/// What has been read from a text so far.
#[derive(Default)]
pub(super) struct Parts {
    /// The last year that two digits can mean.
    pub(super) last_year: u32,
    pub(super) year: u32,
    pub(super) month: u32,
    pub(super) day: u32,
    pub(super) weekday: Option<u32>,
    pub(super) hour: u32,
    pub(super) is_afternoon: Option<bool>,
    pub(super) minute: u32,
    pub(super) second: u32,
    pub(super) fraction: i64,
    pub(super) offset: Option<i64>,
}

impl Parts {
    /// Sets a two-digit year: the year with these last digits in the hundred years up to the last year.
    pub(super) fn set_short_year(&mut self, year: u32) {
        self.year = self.last_year - (self.last_year + 100 - year) % 100;
    }

    /// The time, if its day exists in the calendar and its hour on the clock.
    #[inline]
    pub(super) fn written(&self) -> Option<Written> {
        let day = days_of_civil(i32::try_from(self.year).ok()?, self.month, self.day)?;
        let hour = match self.is_afternoon {
            None => self.hour,
            Some(is_afternoon) => self.hour % 12 + if is_afternoon { 12 } else { 0 },
        };
        // 1970-01-01 was a Thursday.
        let weekday = || u32::try_from((day + 3).rem_euclid(7)).unwrap_or(0) + 1;
        let is_another_day = self.weekday.is_some_and(|told| told != weekday());
        if hour > 23 || self.minute > 59 || self.second > 59 || is_another_day {
            return None;
        }
        let seconds = i64::from(hour * 3_600 + self.minute * 60 + self.second);
        Some(Written {
            day,
            time: seconds * SECOND + self.fraction,
            offset: self.offset,
        })
    }
}
