//! Points of factors to a score, with any weights.

use crate::value::number::round;

/// The decimals of a score: what is judged is what people see, ties included.
const DECIMALS: i32 = 1;

/// The score, 0 to 100 with one decimal: the weighted mean of the points that are there. A factor without points, or of
/// weight 0, is left out and the others count for more; none where all are.
pub fn score(points: &[Option<f64>], weights: &[f64]) -> Option<f64> {
    let present = points.iter().zip(weights);
    let present = present.filter_map(|(points, weight)| Some(((*points)?, *weight)));
    let (sum, total) = present.fold((0.0, 0.0), |(sum, total), (points, weight)| {
        (sum + points * weight, total + weight)
    });
    (total > 0.0).then(|| round(sum / total, DECIMALS))
}

/// The customers of one past date: what they looked like on it, and what came of them.
///
/// The lists are parallel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// The date, for people.
    pub date: String,
    /// Who: the same number is the same customer on every date; from 0, without large gaps.
    pub subjects: Vec<u32>,
    /// Whether they were lost in the time after it.
    pub lost: Vec<bool>,
    /// Days since they last came; none for who never did, who counts as the longest away.
    pub recency: Vec<Option<f64>>,
    /// The points of each factor, one list a factor; none where it is missing.
    pub points: Vec<Vec<Option<f64>>>,
}

impl Past {
    /// The scores of these customers with these weights, one a factor.
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

    /// How many there are.
    pub fn customers(&self) -> usize {
        self.subjects.len()
    }

    /// How many of them were lost.
    pub fn churned(&self) -> usize {
        self.lost.iter().filter(|lost| **lost).count()
    }

    /// Days away as a risk: who never came is the longest away.
    pub(super) fn absence(&self) -> Vec<Option<f64>> {
        let days = self.recency.iter();
        days.map(|days| Some(days.unwrap_or(f64::INFINITY)))
            .collect()
    }
}

/// One more than the highest number of a customer; 0 where there is nobody.
pub(super) fn numbered(dates: &[Past]) -> usize {
    let subjects = dates.iter().flat_map(|past| &past.subjects);
    subjects.max().map_or(0, |most| *most as usize + 1)
}

/// Health turned into risk: low health is high risk.
pub(super) fn risks(health: &[Option<f64>]) -> Vec<Option<f64>> {
    health.iter().map(|health| Some(-(*health)?)).collect()
}
