//! Lengths of whole days and longer, as people write them.

use super::{Duration, Unit};

/// The longest that may be asked for, in its unit.
const MOST: u32 = 100_000;

impl Duration {
    /// `30 days` in its two words; none where the count is not a whole number from 1 to 100,000, and where the unit is
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
