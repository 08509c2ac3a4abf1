//! Shares of a whole. Counts are compared with them exactly: 29 of 100 is not more than 29%.

use std::cmp::Ordering;

use super::number;

/// The number of billionths in one.
const BILLION: u64 = 1_000_000_000;
/// The number of decimals of a percentage whose share has nine.
const PERCENT_PLACES: u32 = 7;

/// A share of a whole, or a multiple of it, to nine decimals: 0.2 is one fifth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u64);

impl Share {
    /// This many hundredths.
    pub const fn percent(percent: u32) -> Self {
        Self(percent as u64 * (BILLION / 100))
    }

    /// A number as a share, to nine decimals like all numbers; `None` below 0 and beyond ten billion.
    pub fn of(number: f64) -> Option<Self> {
        let billionths = number::billionths(number)?;
        u64::try_from(billionths).ok().map(Self)
    }

    /// Reads a text such as `12.5%`; `None` if it is not a percentage, or above 100%.
    pub fn of_percent(text: &str) -> Option<Self> {
        let number: f64 = text.trim().strip_suffix('%')?.trim_end().parse().ok()?;
        Self::of(number / 100.0).filter(|share| *share <= Self::percent(100))
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        number::from_billionths(self.0.into())
    }

    /// Whether a part is more than this share of a whole.
    pub fn is_exceeded_by(self, part: u64, whole: u64) -> bool {
        self.order(part, whole) == Ordering::Greater
    }

    /// Whether a part is at least this share of a whole.
    pub fn is_reached_by(self, part: u64, whole: u64) -> bool {
        self.order(part, whole) != Ordering::Less
    }

    /// How a part compares with this share of a whole.
    fn order(self, part: u64, whole: u64) -> Ordering {
        let [part, whole] = [part, whole].map(u128::from);
        (part * u128::from(BILLION)).cmp(&(u128::from(self.0) * whole))
    }

    /// In percent, with all decimals and without the percent sign: `12.5`.
    pub fn in_percent(self) -> String {
        decimal(self.0.into(), PERCENT_PLACES)
    }

    /// A part as a percentage of a whole, rounded to one decimal, or to as many as are needed to tell it from this
    /// share.
    pub fn part_in_percent(self, part: u64, whole: u64) -> String {
        let whole = u128::from(whole.max(1));
        let rounded = |places| {
            let scaled = u128::from(part) * 100 * 10_u128.pow(places);
            decimal((scaled + whole / 2) / whole, places)
        };
        let own = self.in_percent();
        let mut finer = (1..PERCENT_PLACES).map(rounded);
        finer
            .find(|rounded| *rounded != own)
            .unwrap_or_else(|| rounded(PERCENT_PLACES))
    }
}

/// A number with this many decimals, given without its point; trailing zeros are dropped.
fn decimal(scaled: u128, places: u32) -> String {
    let one = 10_u128.pow(places);
    let width = places as usize;
    let text = format!("{}.{:0width$}", scaled / one, scaled % one);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::Share;

    #[test]
    fn a_part_on_the_bound_does_not_exceed_it() {
        for (percent, part, whole) in [(29, 29, 100), (57, 57, 100), (7, 7, 100), (10, 3, 30)] {
            let share = Share::of_percent(&format!("{percent}%")).unwrap();
            assert_eq!(share, Share::percent(percent));
            assert!(!share.is_exceeded_by(part, whole), "{percent}%");
            assert!(share.is_reached_by(part, whole), "{percent}%");
            assert!(share.is_exceeded_by(part + 1, whole), "{percent}%");
            assert!(!share.is_reached_by(part - 1, whole), "{percent}%");
        }
        let none = Share::percent(20);
        assert!(!none.is_exceeded_by(0, 0) && none.is_reached_by(0, 0));
        assert!(none.is_exceeded_by(u64::MAX, u64::MAX));
    }

    #[test]
    fn a_share_is_written_with_all_its_decimals() {
        let written = |text: &str| Share::of_percent(text).map(Share::in_percent);
        assert_eq!(written("12.5 %").as_deref(), Some("12.5"));
        assert_eq!(written("100%").as_deref(), Some("100"));
        assert_eq!(written("0.0000001%").as_deref(), Some("0.0000001"));
        for wrong in ["12.5", "100.1%", "-1%", "%", "NaN%", "inf%"] {
            assert_eq!(written(wrong), None, "{wrong}");
        }
        assert_eq!(Share::of(-0.1), None);
        assert_eq!(Share::percent(50).part_in_percent(56, 100), "56");
        assert_eq!(Share::percent(50).part_in_percent(2, 3), "66.7");
        assert_eq!(
            Share::percent(50).part_in_percent(50_001, 100_000),
            "50.001"
        );
    }

    proptest! {
        /// As fractions: what is written, cross-multiplied with what is counted.
        #[test]
        fn shares_are_compared_as_fractions(
            (whole_percent, places) in (0_u32..=300, 0_usize..=7),
            decimals in 0_u32..10_000_000,
            (part, whole) in (0_u64..1_000_000, 0_u64..1_000_000),
            near in any::<bool>(),
        ) {
            let decimals = &format!("{decimals:07}")[..places];
            let number = format!("{whole_percent}.{decimals}");
            let share = Share::of(number.parse::<f64>().unwrap() / 100.0).unwrap();
            let digits: u128 = format!("{whole_percent}{decimals}").parse().unwrap();
            let hundred = 100 * 10_u128.pow(places as u32);
            let bound = digits * u128::from(whole);
            let part = if near { (bound / hundred) as u64 } else { part };
            let [exceeded, reached] = [u128::from(part) * hundred > bound, u128::from(part) * hundred >= bound];
            prop_assert_eq!(share.is_exceeded_by(part, whole), exceeded, "{}% of {}: {}", &number, whole, part);
            prop_assert_eq!(share.is_reached_by(part, whole), reached, "{}% of {}: {}", &number, whole, part);
        }
    }
}
