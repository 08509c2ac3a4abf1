//! How far an AUC could be off by chance alone.

use std::panic::resume_unwind;
use std::thread;

use serde::Serialize;

use super::auc::{Ordered, weighted};
use super::random::SplitMix64;

/// How often the customers are drawn anew: enough that the printed digits of an interval stand still.
pub const REPLICATES: usize = 1_000;

/// The draws are the same each time, so that equal data gives equal intervals.
const SEED: u64 = 0x4855_5354_4552;

/// Below this share of draws in which an AUC exists at all, an interval would say nothing.
const ENOUGH: f64 = 0.9;

/// A 95% interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// One AUC less another, over the same customers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// The difference; above 0 where the first is better.
    pub by: f64,
    /// Its 95% interval.
    pub interval: Option<Interval>,
}

impl Difference {
    /// True where the interval is on one side of 0: not chance alone.
    pub fn is_sure(&self) -> bool {
        self.interval.is_some_and(|i| i.low > 0.0 || i.high < 0.0)
    }
}

/// The AUC of each measure in each draw; none where a draw held nobody who left or nobody who stayed.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    measures: Vec<Vec<Option<f64>>>,
}

/// Draws subjects with replacement, as many as there are, [`REPLICATES`] times, and takes each measure's
/// AUC of each draw (the bootstrap, Efron 1979).
///
/// A subject is drawn as a whole, with all its dates: what one customer does in March and in June is not
/// two independent answers, and an interval that took it for such would be too narrow (the cluster
/// bootstrap, Field & Welsh 2007). Subjects are numbered from 0 to below `subjects`; all measures see the same
/// draws, so that they can be compared draw by draw.
pub fn resample(measures: &[Vec<Ordered>], subjects: usize) -> Resampled {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = measures.len().div_ceil(threads).max(1);
    let found = thread::scope(|scope| {
        let parts = measures.chunks(share);
        let parts = parts.map(|part| scope.spawn(move || drawn(part, subjects)));
        let parts: Vec<_> = parts.collect();
        let found = parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        found.collect()
    });
    Resampled { measures: found }
}

/// The AUCs of a few measures in each draw; the draws are the same on every thread.
fn drawn(measures: &[Vec<Ordered>], subjects: usize) -> Vec<Vec<Option<f64>>> {
    let mut random = SplitMix64::new(SEED);
    let mut drawn = vec![0.0; subjects];
    let mut found = vec![Vec::with_capacity(REPLICATES); measures.len()];
    for _ in 0..REPLICATES {
        drawn.fill(0.0);
        for _ in 0..subjects {
            let subject = random.below(subjects as u64) as usize;
            if let Some(times) = drawn.get_mut(subject) {
                *times += 1.0;
            }
        }
        let times = |subject: u32| drawn.get(subject as usize).copied().unwrap_or(0.0);
        for (measure, found) in measures.iter().zip(&mut found) {
            found.push(weighted(measure, times));
        }
    }
    found
}

impl Resampled {
    /// The 95% interval of a measure: between the 2.5% and the 97.5% quantile of its draws (Efron's percentile
    /// interval). None where too few draws have an AUC.
    pub fn interval(&self, measure: usize) -> Option<Interval> {
        let draws = self.measures.get(measure)?;
        percentiles(draws.iter().copied(), draws.len())
    }

    /// The 95% interval of one measure less another, draw by draw.
    pub fn interval_between(&self, measure: usize, other: usize) -> Option<Interval> {
        let (a, b) = (self.measures.get(measure)?, self.measures.get(other)?);
        let differences = a.iter().zip(b).map(|(a, b)| Some((*a)? - (*b)?));
        percentiles(differences, a.len())
    }
}

fn percentiles(draws: impl Iterator<Item = Option<f64>>, all: usize) -> Option<Interval> {
    let mut known: Vec<f64> = draws.flatten().collect();
    if known.is_empty() || (known.len() as f64) < ENOUGH * all as f64 {
        return None;
    }
    known.sort_by(f64::total_cmp);
    Some(Interval {
        low: quantile(&known, 0.025)?,
        high: quantile(&known, 0.975)?,
    })
}

/// The quantile of ascending values, linear between order statistics (type 7).
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * (sorted.len().checked_sub(1)?) as f64;
    let below = *sorted.get(place.floor() as usize)?;
    let above = *sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}
