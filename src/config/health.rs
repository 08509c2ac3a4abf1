//! The health score, as config defines it.

pub(super) mod wire;

use crate::source::Scalar;

/// The name of the score: in conditions, in tables and in exports.
pub const HEALTH: &str = "health";

/// What a subject's health score consists of, and what it should predict.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// The factors, in order; at least one.
    pub factors: Vec<Factor>,
    /// Who counts as lost, for the backtest; `None` if config does not say.
    pub churn: Option<Churn>,
}

/// One factor. Its points go linearly from 0 at `zero` to 100 at `full`, clamped.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    pub id: Scalar,
    /// An expression: a number per subject. If it is missing, the factor is left out.
    pub value: Scalar,
    /// The value that is worth 0 points.
    pub zero: f64,
    /// The value that is worth 100 points; different from `zero`, above or below it.
    pub full: f64,
    /// Its weight, above 0.
    pub weight: f64,
    /// The reason in words, with placeholders for values: `last visit {value} days ago`.
    pub reason: Scalar,
}

/// Who counts as lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Churn {
    /// The subjects that are considered on the day of the score: a condition.
    pub among: Scalar,
    /// Which of them were lost, seen from that day: a condition that looks ahead, `not exists(visits in next 90 days)`.
    pub when: Scalar,
}
