//! Rules out orders of day, month and year that texts fit only by chance.

use std::collections::BTreeSet;

use super::Attempt;
use super::tokens::Token;

/// A number that stays the same at one end of all dates must be a year if this many different numbers occur at the
/// other end: no business is active on a single day of the month in thirteen different years.
const MANY: usize = 13;

/// The attempts, without those that nobody means if another one reads just as many texts.
pub(super) fn likely(tried: Vec<Attempt>, texts: &[Vec<Token<'_>>]) -> Vec<Attempt> {
    let ends = Ends::of(texts);
    let is_meant = |attempt: &Attempt| {
        let begins = |attempt: &Attempt, begin: &str| {
            let mut patterns = attempt.patterns.iter();
            !attempt.patterns.is_empty() && patterns.all(|p| p.as_str().starts_with(begin))
        };
        let reads_all = |other: &Attempt| {
            let mut both = attempt.reads.iter().zip(&other.reads);
            both.all(|(own, other)| !*own || *other)
        };
        let instead = |begin: &str| {
            tried
                .iter()
                .any(|other| begins(other, begin) && reads_all(other))
        };
        // Those who separate the numbers of a date by points begin with the day.
        let is_rare = (begins(attempt, "%m.%d.") || begins(attempt, "%y.%m.")) && instead("%d.%m.");
        let is_year_last = begins(attempt, "%d") || begins(attempt, "%m");
        let is_by_chance = match ends {
            Ends::YearLast => begins(attempt, "%y") && (instead("%d") || instead("%m")),
            Ends::YearFirst => is_year_last && instead("%y"),
            Ends::Either => false,
        };
        !is_rare && !is_by_chance
    };
    let meant: Vec<bool> = tried.iter().map(is_meant).collect();
    let kept = tried.into_iter().zip(meant).filter(|(_, meant)| *meant);
    kept.map(|(attempt, _)| attempt).collect()
}

/// Where a two-digit year is, judging by numbers that are the same in all dates.
#[derive(Clone, Copy)]
enum Ends {
    YearFirst,
    YearLast,
    Either,
}

impl Ends {
    fn of(texts: &[Vec<Token<'_>>]) -> Self {
        let (mut first, mut last) = (BTreeSet::new(), BTreeSet::new());
        for text in texts {
            use Token::{Digits, Sign};
            if let [Digits(begin), Sign(_), Digits(_), Sign(_), Digits(end), ..] = text.as_slice() {
                first.insert(*begin);
                last.insert(*end);
            }
        }
        match (first.len(), last.len()) {
            (MANY.., 1) => Self::YearLast,
            (1, MANY..) => Self::YearFirst,
            _ => Self::Either,
        }
    }
}
