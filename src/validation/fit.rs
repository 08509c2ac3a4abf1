//! Fitting weights to the customers' outcomes: the one file that names smartcore.

use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::logistic_regression::{LogisticRegression, LogisticRegressionParameters};

use super::score::Past;

/// How strongly weights are pulled towards 0 (the ridge penalty, half of it times the sum of squares). It is negligible
/// with a hundred customers, and enough that a factor which separates them perfectly does not get an infinite weight.
const RIDGE: f64 = 1.0;

/// The contribution of each factor to the risk.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// For each requested factor: by how much the log odds of being lost rise when its points fall from 100 to 0. Below
    /// 0, customers with more points were lost more often.
    pub pull: Vec<f64>,
}

/// Why no weights were fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Nobody was lost.
    NobodyLost,
    /// Everybody was lost.
    EverybodyLost,
    /// No factor was requested, or there are no customers.
    Nothing,
    /// The fit did not converge to finite numbers.
    Diverged,
}

/// Logistic regression (Cox 1958) of being lost on the points missing to 100, for these factors. A missing factor is
/// set to its mean, so that it counts neither for nor against.
///
/// # Errors
/// See [`Unfit`].
pub fn fit(dates: &[Past], factors: &[usize]) -> Result<Fitted, Unfit> {
    let lost: Vec<u32> = dates
        .iter()
        .flat_map(|past| past.lost.iter().map(|lost| u32::from(*lost)))
        .collect();
    if factors.is_empty() || lost.is_empty() {
        return Err(Unfit::Nothing);
    }
    if lost.iter().all(|lost| *lost == 0) {
        return Err(Unfit::NobodyLost);
    }
    if lost.iter().all(|lost| *lost == 1) {
        return Err(Unfit::EverybodyLost);
    }
    let columns = factors.iter().map(|factor| lacking(dates, *factor));
    let columns: Vec<Vec<f64>> = columns.collect();
    // A column-major matrix stores its columns one after the other.
    let matrix = DenseMatrix::new(lost.len(), factors.len(), columns.concat(), true);
    let parameters = LogisticRegressionParameters::default().with_alpha(RIDGE);
    let fitted = matrix.and_then(|matrix| LogisticRegression::fit(&matrix, &lost, parameters));
    let fitted = fitted.map_err(|_| Unfit::Diverged)?;
    let pull: Vec<f64> = fitted.coefficients().iterator(0).copied().collect();
    match pull.iter().all(|pull| pull.is_finite()) {
        true => Ok(Fitted { pull }),
        false => Err(Unfit::Diverged),
    }
}

/// The share of the points that is missing, 0 to 1, for every customer of every date.
fn lacking(dates: &[Past], factor: usize) -> Vec<f64> {
    let points = dates.iter().filter_map(|past| past.points.get(factor));
    let lacking: Vec<Option<f64>> = points
        .flatten()
        .map(|points| Some(1.0 - (*points)? / 100.0))
        .collect();
    let (sum, count) = lacking
        .iter()
        .flatten()
        .fold((0.0, 0.0), |(sum, count), lacking| {
            (sum + lacking, count + 1.0)
        });
    let usual = if count > 0.0 { sum / count } else { 0.0 };
    lacking.into_iter().map(|l| l.unwrap_or(usual)).collect()
}
