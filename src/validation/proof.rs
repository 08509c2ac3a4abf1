//! A score compared with the customers' outcomes.

use std::collections::HashSet;

use serde::Serialize;

use super::auc::{Ordered, auc};
use super::bands::{Band, bands};
use super::bootstrap::{Difference, Interval, resample};
use super::deciles::{Decile, deciles};
use super::score::{Past, numbered, risks};

/// How well one measure predicted who would be lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Judged {
    /// 0 to 1: the share of pairs in which the one who left looked worse; `None` if nobody left, or nobody stayed.
    pub auc: Option<f64>,
    /// Its 95% interval; `None` if there are too few customers.
    pub interval: Option<Interval>,
    /// The number of customers with a value, counted per date.
    pub customers: usize,
    /// True if all of them had the same value.
    pub all_tied: bool,
}

impl Judged {
    pub(super) fn new(dates: &[Ordered], interval: Option<Interval>) -> Self {
        Self {
            auc: auc(dates),
            interval,
            customers: dates.iter().map(Ordered::len).sum(),
            all_tied: dates.iter().any(|date| !date.is_empty())
                && dates.iter().all(|date| date.is_empty() || date.all_tied()),
        }
    }
}

/// Two measures compared, over the customers who have both.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Contest {
    /// The first measure's AUC.
    pub auc: f64,
    /// The other's.
    pub other: f64,
    /// The first AUC minus the other.
    pub difference: Difference,
}

/// The result of one date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DateProof {
    pub date: String,
    /// The number of customers considered.
    pub customers: usize,
    /// The number of them that were lost.
    pub lost: usize,
    /// The score's AUC on this date.
    pub auc: Option<f64>,
    /// Plain recency's.
    pub recency_auc: Option<f64>,
}

/// The evidence of past dates about a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proof {
    /// The number of customers considered, counted per date.
    pub customers: usize,
    /// The number of distinct customers.
    pub people: usize,
    /// The number lost, counted per date.
    pub lost: usize,
    /// The number without a score, because all their factors were missing; they are in no pair and no decile.
    pub unscored: usize,
    pub score: Judged,
    /// Plain recency: the days since the customer last came, alone.
    pub recency: Judged,
    /// The score compared with plain recency.
    pub against_recency: Option<Contest>,
    /// Each factor alone, in the order of config.
    pub factors: Vec<Judged>,
    /// Each date alone.
    pub dates: Vec<DateProof>,
    /// Ten groups by health.
    pub deciles: Vec<Decile>,
    /// The share lost by score.
    pub bands: Vec<Band>,
}

/// Compares the score with these weights, and each factor alone, with the customers' outcomes. `weights` has one entry
/// for each factor.
pub fn prove(dates: &[Past], weights: &[f64]) -> Proof {
    let scores: Vec<Vec<Option<f64>>> = dates.iter().map(|past| past.scores(weights)).collect();
    let of_score = ordered(dates, |place, _| {
        risks(scores.get(place).map_or(&[], Vec::as_slice))
    });
    let of_recency = ordered(dates, |_, past| past.absence());
    // Only customers who have both are compared; everyone with a score has days away.
    let of_recency_scored = ordered(dates, |place, past| {
        let scores = scores.get(place).map_or(&[][..], Vec::as_slice);
        let absence = past.absence().into_iter().zip(scores);
        absence.map(|(days, score)| score.and(days)).collect()
    });
    let mut measures = vec![of_score, of_recency, of_recency_scored];
    for factor in 0..weights.len() {
        measures.push(ordered(dates, |_, past| {
            risks(past.points.get(factor).map_or(&[], Vec::as_slice))
        }));
    }
    let draws = resample(&measures, numbered(dates));
    let judged = measures.iter().enumerate();
    let mut judged = judged.map(|(place, dates)| Judged::new(dates, draws.interval(place)));
    let mut next = || judged.next().unwrap_or_default();
    let (score, recency, recency_scored) = (next(), next(), next());
    let contest = |auc: f64, other: f64| Contest {
        auc,
        other,
        difference: Difference {
            by: auc - other,
            interval: draws.interval_between(0, 2),
        },
    };
    let factors = judged.collect();
    let customers: usize = dates.iter().map(Past::customers).sum();
    let known = |past: &Past, scores: &[Option<f64>]| -> Vec<(f64, bool)> {
        let known = scores.iter().zip(&past.lost);
        known
            .filter_map(|(score, lost)| Some(((*score)?, *lost)))
            .collect()
    };
    let scored: Vec<Vec<(f64, bool)>> = dates
        .iter()
        .zip(&scores)
        .map(|(past, scores)| known(past, scores))
        .collect();
    let people: HashSet<&u32> = dates.iter().flat_map(|past| &past.subjects).collect();
    Proof {
        customers,
        people: people.len(),
        lost: dates.iter().map(Past::churned).sum(),
        unscored: customers - score.customers,
        against_recency: score
            .auc
            .zip(recency_scored.auc)
            .map(|(a, b)| contest(a, b)),
        score,
        recency,
        factors,
        dates: each_date(dates, &measures),
        deciles: deciles(&scored),
        bands: bands(scored.into_iter().flatten()),
    }
}

/// A measure of risk on every date; `risk` receives the date's index.
pub(super) fn ordered(
    dates: &[Past],
    risk: impl Fn(usize, &Past) -> Vec<Option<f64>>,
) -> Vec<Ordered> {
    let dates = dates.iter().enumerate();
    dates
        .map(|(place, past)| Ordered::new(&past.subjects, &past.lost, &risk(place, past)))
        .collect()
}

fn each_date(dates: &[Past], measures: &[Vec<Ordered>]) -> Vec<DateProof> {
    let alone = |measure: usize, date: usize| {
        let date = measures.get(measure)?.get(date)?;
        auc(std::slice::from_ref(date))
    };
    let dates = dates.iter().enumerate();
    dates
        .map(|(place, past)| DateProof {
            date: past.date.clone(),
            customers: past.customers(),
            lost: past.churned(),
            auc: alone(0, place),
            recency_auc: alone(1, place),
        })
        .collect()
}
