//! Lengths of a whole number of days or longer units, as people write them.

use super::{Duration, Unit};

/// The largest count allowed.
const MOST: u32 = 100_000;

impl Duration {
    /// Reads the two words of `30 days`; `None` if the count is not a whole number from 1 to 100,000, or if the unit is
    /// shorter than a day.
    pub fn of_words(count: &str, unit: &str) -> Option<Self> {
        let digits = count.bytes().all(|b| b.is_ascii_digit());
        let number = count.parse().ok();
        let number = number.filter(|count| digits && (1..=MOST).contains(count));
        let unit = match unit.strip_suffix('s').unwrap_or(unit) {
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" => Unit::Year,
            _ => return None,
        };
        number.map(|count| Self { count, unit })
    }
}
