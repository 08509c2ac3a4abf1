//! A backtest for people and for programs.

mod json;
mod segment;
mod tables;
mod verdict;
mod weights;

pub use json::backtest_json;
pub use segment::{AboutSegment, date_names, sizes_captions, sizes_json, sizes_table, sizes_words};
pub use tables::{backtest_tables, left_out};
pub use verdict::{captions, verdict};
pub use weights::{suggestion_words, suggestion_yaml};

use crate::backtest::Backtest;
use crate::config::{Marks, Subject};
use crate::time::{Clock, date_of_days};
use crate::validation::Interval;

/// What a backtest is worded in: the words of config and the marks of the country.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// What one subject is called, and several: `client`.
    pub subject: &'a Subject,
    /// The marks of the locale.
    pub marks: Marks,
    /// The business zone.
    pub zone: chrono_tz::Tz,
}

impl Wording<'_> {
    /// What so many subjects are called, with their number: `1 client`, `2,314 clients`.
    fn subjects(&self, number: usize) -> String {
        self.subject.counted(number, &self.marks)
    }

    fn whole(&self, number: usize) -> String {
        self.marks.whole(number)
    }

    fn percent(&self, share: f64) -> String {
        format!("{}%", self.marks.number(share * 100.0, 1))
    }

    /// An AUC or the difference of two: three decimals.
    fn area(&self, auc: f64) -> String {
        self.marks.number(auc, 3)
    }

    fn interval(&self, interval: Option<Interval>) -> String {
        match interval {
            Some(Interval { low, high }) => {
                format!("95% interval {} to {}", self.area(low), self.area(high))
            }
            None => "too few to give an interval".to_owned(),
        }
    }
}

/// For how many whole days it was looked who left: the fewest and the most, since months differ; none
/// without a date.
fn horizon(backtest: &Backtest, zone: chrono_tz::Tz) -> Option<(i32, i32)> {
    let date = |now: i64| Clock { now, zone }.today();
    let dates = backtest.dates.iter().zip(&backtest.until);
    let days = dates.map(|(now, until)| date(*until) - date(*now));
    Some((days.clone().min()?, days.max()?))
}

/// The local date of an instant.
fn date(now: i64, zone: chrono_tz::Tz) -> chrono::NaiveDate {
    date_of_days(Clock { now, zone }.today())
}
