//! A backtest as text and as JSON.

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

/// What the text of a backtest depends on: the words of config and the locale.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// The names for one subject and for several: `client`.
    pub subject: &'a Subject,
    /// The number and date formats of the locale.
    pub marks: Marks,
    /// The business time zone.
    pub zone: chrono_tz::Tz,
}

impl Wording<'_> {
    /// A count with the subject's name: `1 client`, `2,314 clients`.
    fn subjects(&self, number: usize) -> String {
        self.subject.counted(number, &self.marks)
    }

    fn whole(&self, number: usize) -> String {
        self.marks.whole(number)
    }

    fn percent(&self, share: f64) -> String {
        format!("{}%", self.marks.number(share * 100.0, 1))
    }

    /// An AUC or a difference of two, with three decimals.
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

/// The length of the observation window in whole days: the shortest and the longest, since months differ; `None` if
/// there are no dates.
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
