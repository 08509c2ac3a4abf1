//! Score bands: the share of customers lost, by score.

use serde::Serialize;

use super::bootstrap::Interval;

/// The customers whose score was in one tenth of the scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// The lowest score in it: 0, 10, … 90.
    pub from: u32,
    /// The score at which it ends, exclusive: 10, 20, … 100; only 100 itself is included.
    pub to: u32,
    /// The number of customers.
    pub customers: usize,
    /// The number of them that were lost.
    pub lost: usize,
    /// Their mean score.
    pub mean: Option<f64>,
    /// The 95% interval of the share lost.
    pub interval: Option<Interval>,
}

impl Band {
    /// The share lost, 0 to 1.
    pub fn share(&self) -> Option<f64> {
        (self.customers > 0).then(|| self.lost as f64 / self.customers as f64)
    }
}

/// Ten bands of the scale from 0 to 100, over all dates together.
pub fn bands(customers: impl Iterator<Item = (f64, bool)>) -> Vec<Band> {
    let mut found = [(0_usize, 0_usize, 0.0_f64); 10];
    for (score, lost) in customers {
        let place = (score / 10.0).floor().clamp(0.0, 9.0) as usize;
        if let Some((customers, churned, sum)) = found.get_mut(place) {
            *customers += 1;
            *churned += usize::from(lost);
            *sum += score;
        }
    }
    let bands = (0..10).zip(found);
    bands
        .map(|(place, (customers, lost, sum))| Band {
            from: place * 10,
            to: place * 10 + 10,
            customers,
            lost,
            mean: (customers > 0).then(|| sum / customers as f64),
            interval: wilson(lost, customers),
        })
        .collect()
}

/// The 95% interval of a share, 0 to 1; `None` without customers. Unlike the textbook's ± it stays within 0 to 1 and is
/// meaningful for 0 out of 12 (Wilson 1927).
pub fn wilson(lost: usize, customers: usize) -> Option<Interval> {
    const Z: f64 = 1.959_963_984_540_054;
    if customers == 0 {
        return None;
    }
    let (n, share) = (customers as f64, lost as f64 / customers as f64);
    let centre = share + Z * Z / (2.0 * n);
    let reach = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    Some(Interval {
        low: ((centre - reach) / scale).max(0.0),
        high: ((centre + reach) / scale).min(1.0),
    })
}
