//! Other weights, fitted on earlier dates and tested on later ones.

use serde::Serialize;

use super::auc::Ordered;
use super::bootstrap::{Difference, resample};
use super::fit::{Unfit, fit};
use super::proof::{Judged, ordered};
use super::score::{Past, numbered, risks};

/// Why a factor no longer has a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dropped {
    /// Given the other factors, customers with more points were lost more often.
    WrongWay,
    /// Given the other factors, it added nothing visible in two decimals.
    Nothing,
    /// On the earlier dates nobody had a value, or all had the same points.
    NeverDiffers,
}

/// Weights fitted on the earlier dates, and their results on the later ones.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// For each factor its weight, or why it has none. The weights have the same sum as the given ones.
    pub weights: Vec<Result<f64, Dropped>>,
    /// The dates that the weights were fitted on.
    pub fitted_on: Vec<String>,
    /// The dates that they were tested on.
    pub judged_on: Vec<String>,
    /// The results of the given weights on the later dates.
    pub before: Judged,
    /// The results of the suggested weights on the same dates.
    pub after: Judged,
    /// The gain of the suggested weights there; `None` if it is unknown.
    pub gain: Option<Difference>,
}

/// Why there is no suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSuggestion {
    /// The earlier dates could not be fitted.
    Unfit(Unfit),
    /// Every factor was dropped.
    NothingLeft,
}

/// Divides the dates into those to fit weights on and those to test them on: the last third (at least one) is for
/// testing, and of the others those whose outcome was known by then are for fitting. `None` if no date is left for
/// fitting.
///
/// A date is its instant and the instant at which its outcome was known, in any unit; in ascending order.
pub fn split(dates: &[(i64, i64)]) -> Option<(Vec<usize>, Vec<usize>)> {
    let judges = (dates.len() / 3).max(1);
    let first = dates.len().checked_sub(judges)?;
    let (begins, _) = *dates.get(first)?;
    let teach: Vec<usize> = (0..first)
        .filter(|place| dates.get(*place).is_some_and(|(_, known)| *known <= begins))
        .collect();
    (!teach.is_empty()).then(|| (teach, (first..dates.len()).collect()))
}

/// Fits weights on `earlier` dates and tests them on `later` ones.
///
/// A weight cannot be below 0: a factor that pulls the wrong way is dropped, the worst first, and the others are fitted
/// again without it.
///
/// # Errors
/// See [`NoSuggestion`].
pub fn suggest(
    earlier: &[Past],
    later: &[Past],
    given: &[f64],
) -> Result<Suggestion, NoSuggestion> {
    let mut dropped: Vec<Option<Dropped>> = (0..given.len())
        .map(|factor| (!differs(earlier, factor)).then_some(Dropped::NeverDiffers))
        .collect();
    let pulls = loop {
        let kept = dropped.iter().enumerate();
        let kept: Vec<usize> = kept
            .filter_map(|(factor, dropped)| dropped.is_none().then_some(factor))
            .collect();
        if kept.is_empty() {
            return Err(NoSuggestion::NothingLeft);
        }
        let fitted = fit(earlier, &kept).map_err(NoSuggestion::Unfit)?;
        let pulls: Vec<(usize, f64)> = kept.into_iter().zip(fitted.pull).collect();
        let worst = pulls.iter().min_by(|a, b| a.1.total_cmp(&b.1));
        match worst {
            Some((factor, pull)) if *pull <= 0.0 => {
                if let Some(dropped) = dropped.get_mut(*factor) {
                    *dropped = Some(Dropped::WrongWay);
                }
            }
            _ => break pulls,
        }
    };
    let total: f64 = given.iter().sum();
    let pull: f64 = pulls.iter().map(|(_, pull)| pull).sum();
    let weights: Vec<Result<f64, Dropped>> = dropped
        .iter()
        .enumerate()
        .map(|(factor, dropped)| match dropped {
            Some(dropped) => Err(*dropped),
            None => {
                let own = pulls.iter().find(|(place, _)| *place == factor);
                let share = own.map_or(0.0, |(_, own)| own / pull);
                let weight = (share * total * 100.0).round() / 100.0;
                (weight > 0.0).then_some(weight).ok_or(Dropped::Nothing)
            }
        })
        .collect();
    let new: Vec<f64> = weights.iter().map(|w| w.unwrap_or(0.0)).collect();
    let measures = both(later, given, &new);
    let draws = resample(&measures, numbered(later));
    let judged = |place: usize| {
        let dates = measures.get(place).map_or(&[][..], Vec::as_slice);
        Judged::new(dates, draws.interval(place))
    };
    let (before, after) = (judged(0), judged(1));
    let names = |dates: &[Past]| dates.iter().map(|past| past.date.clone()).collect();
    Ok(Suggestion {
        weights,
        fitted_on: names(earlier),
        judged_on: names(later),
        gain: after.auc.zip(before.auc).map(|(after, before)| Difference {
            by: after - before,
            interval: draws.interval_between(1, 0),
        }),
        before,
        after,
    })
}

/// The orders of the customers by two sets of weights, for customers who have a score with both.
fn both(dates: &[Past], given: &[f64], new: &[f64]) -> [Vec<Ordered>; 2] {
    let order = |weights: &[f64], other: &[f64]| {
        ordered(dates, |_, past| {
            let scores = risks(&past.scores(weights)).into_iter();
            let other = past.scores(other);
            scores
                .zip(other)
                .map(|(risk, other)| other.and(risk))
                .collect()
        })
    };
    [order(given, new), order(new, given)]
}

/// True if customers differ in a factor's points.
fn differs(dates: &[Past], factor: usize) -> bool {
    let points = dates.iter().filter_map(|past| past.points.get(factor));
    let mut points = points.flatten().flatten();
    let first = points.next();
    points.any(|points| Some(points) != first)
}
