//! The health score, as config defines it.

pub(super) mod wire;

use crate::source::Scalar;

/// The name of the score: in conditions, in tables and in exports.
pub const HEALTH: &str = "health";

/// What makes a subject's health, and what it is to predict.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// The factors, in order; at least one.
    pub factors: Vec<Factor>,
    /// Who counts as lost, for the proof; none where config does not say.
    pub churn: Option<Churn>,
}

/// One factor: its points go in a straight line from 0 at `zero` to 100 at `full`, clamped.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    pub id: Scalar,
    /// An expression: a number per subject; where it is missing the factor is left out.
    pub value: Scalar,
    /// The value that is worth 0 points.
    pub zero: f64,
    /// The value that is worth 100 points; another than `zero`, above or below it.
    pub full: f64,
    /// Its weight, above 0.
    pub weight: f64,
    /// The reason in words, with places for values: `last visit {value} days ago`.
    pub reason: Scalar,
}

/// Who counts as lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Churn {
    /// Who is looked at, on the day of the score: a condition.
    pub among: Scalar,
    /// Who of them was lost, seen from that day: a condition that looks ahead,
    /// `not exists(visits in next 90 days)`.
    pub when: Scalar,
}
