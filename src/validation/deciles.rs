//! Ten groups from the least healthy to the healthiest, and the number lost in each.

use serde::Serialize;

/// One tenth of the customers, by health.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Decile {
    /// 1 for the least healthy tenth, 10 for the healthiest.
    pub decile: usize,
    /// The number of customers: about a tenth, unless many have the same score.
    pub customers: usize,
    /// The number of them that were lost.
    pub lost: usize,
    /// The lowest score in it; `None` if it is empty.
    pub lowest: Option<f64>,
    /// The highest score in it.
    pub highest: Option<f64>,
}

impl Decile {
    /// The share lost, 0 to 1.
    pub fn share(&self) -> Option<f64> {
        (self.customers > 0).then(|| self.lost as f64 / self.customers as f64)
    }
}

/// The deciles of several dates together; each date is divided into its own tenths.
///
/// Customers with the same score are never separated: all go into the decile of the middle one of them. So groups can
/// be larger or smaller than a tenth, or empty. A date is a list of scores and of who was lost.
pub fn deciles(dates: &[Vec<(f64, bool)>]) -> Vec<Decile> {
    let mut deciles: Vec<Decile> = (1..=10)
        .map(|decile| Decile {
            decile,
            customers: 0,
            lost: 0,
            lowest: None,
            highest: None,
        })
        .collect();
    for date in dates {
        let mut date = date.clone();
        date.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all = date.len();
        let mut before = 0;
        for tied in date.chunk_by(|a, b| a.0 == b.0) {
            // In halves of a place, so that all numbers are whole: the middle of n tied customers after `before` others
            // is at before + n / 2 of `all`.
            let place = (10 * (2 * before + tied.len())).saturating_sub(1) / (2 * all).max(1);
            before += tied.len();
            if let (Some(decile), Some((score, _))) = (deciles.get_mut(place), tied.first()) {
                decile.customers += tied.len();
                decile.lost += tied.iter().filter(|(_, lost)| *lost).count();
                decile.lowest = Some(decile.lowest.map_or(*score, |low| low.min(*score)));
                decile.highest = Some(decile.highest.map_or(*score, |high| high.max(*score)));
            }
        }
    }
    deciles
}
