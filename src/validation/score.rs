//! Scores from the points of factors, with any weights.

use crate::value::number::round;

/// The decimals of a score: the rounded score that people see is evaluated, including its ties.
const DECIMALS: i32 = 1;

/// The score, 0 to 100 with one decimal: the weighted mean of the points that exist. A factor without points, or with
/// weight 0, is left out and the others count for more; `None` if all are left out.
pub fn score(points: &[Option<f64>], weights: &[f64]) -> Option<f64> {
    let present = points.iter().zip(weights);
    let present = present.filter_map(|(points, weight)| Some(((*points)?, *weight)));
    let (sum, total) = present.fold((0.0, 0.0), |(sum, total), (points, weight)| {
        (sum + points * weight, total + weight)
    });
    (total > 0.0).then(|| round(sum / total, DECIMALS))
}

/// The customers of one past date: their data on that date, and their outcomes.
///
/// The lists are parallel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// The date, for display.
    pub date: String,
    /// The customers: the same number is the same customer on every date; from 0, without large gaps.
    pub subjects: Vec<u32>,
    /// Whether they were lost in the period after the date.
    pub lost: Vec<bool>,
    /// Days since they last came; `None` for a customer who never came, which counts as the longest absence.
    pub recency: Vec<Option<f64>>,
    /// The points of each factor, one list per factor; `None` if the factor is missing.
    pub points: Vec<Vec<Option<f64>>>,
}

impl Past {
    /// The scores of these customers; `weights` has one entry per factor.
    pub fn scores(&self, weights: &[f64]) -> Vec<Option<f64>> {
        let mut row = Vec::with_capacity(weights.len());
        (0..self.subjects.len())
            .map(|place| {
                row.clear();
                row.extend(self.points.iter().map(|factor| *factor.get(place)?));
                score(&row, weights)
            })
            .collect()
    }

    /// The number of customers.
    pub fn customers(&self) -> usize {
        self.subjects.len()
    }

    /// The number of customers lost.
    pub fn churned(&self) -> usize {
        self.lost.iter().filter(|lost| **lost).count()
    }

    /// Days away as a risk: never having come is the longest absence.
    pub(super) fn absence(&self) -> Vec<Option<f64>> {
        let days = self.recency.iter();
        days.map(|days| Some(days.unwrap_or(f64::INFINITY)))
            .collect()
    }
}

/// One more than the highest customer number; 0 without customers.
pub(super) fn numbered(dates: &[Past]) -> usize {
    let subjects = dates.iter().flat_map(|past| &past.subjects);
    subjects.max().map_or(0, |most| *most as usize + 1)
}

/// Converts health to risk: low health is high risk.
pub(super) fn risks(health: &[Option<f64>]) -> Vec<Option<f64>> {
    health.iter().map(|health| Some(-(*health)?)).collect()
}
