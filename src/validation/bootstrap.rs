//! Bootstrap: how far an AUC could be off by chance alone.

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

use serde::Serialize;

use super::auc::{Ordered, auc_of_draws};
use super::random::SplitMix64;

/// The number of bootstrap draws: enough that the printed digits of an interval are stable.
pub const REPLICATES: usize = 1_000;

/// A fixed seed, so that equal data gives equal intervals.
const SEED: u64 = 0x4855_5354_4552;

/// How many draws are evaluated in one pass over the customers: the values looked up for a subject are then adjacent in
/// memory.
const TOGETHER: usize = 16;

/// The share of draws with an AUC below which an interval would mean nothing.
const ENOUGH: f64 = 0.9;

/// A 95% interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The difference of two AUCs over the same customers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// The difference; above 0 if the first is better.
    pub by: f64,
    /// Its 95% interval.
    pub interval: Option<Interval>,
}

impl Difference {
    /// True if the interval is on one side of 0, so that the difference is not chance alone.
    pub fn is_sure(&self) -> bool {
        self.interval.is_some_and(|i| i.low > 0.0 || i.high < 0.0)
    }
}

/// The AUC of each measure in each draw; `None` if a draw contained nobody who left or nobody who stayed.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    measures: Vec<Vec<Option<f64>>>,
}

/// Draws subjects with replacement, as many as there are, [`REPLICATES`] times, and computes each measure's AUC for
/// each draw (the bootstrap, Efron 1979).
///
/// A subject is drawn as a whole, with all its dates: what one customer does in March and in June is not two
/// independent observations, and an interval that treated it so would be too narrow (the cluster bootstrap, Field &
/// Welsh 2007). Subjects are numbered from 0 to below `subjects`; all measures see the same draws, so they can be
/// compared draw by draw.
pub fn resample(measures: &[Vec<Ordered>], subjects: usize) -> Resampled {
    let passes = REPLICATES.div_ceil(TOGETHER);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = passes.div_ceil(threads);
    let mut found = vec![Vec::with_capacity(passes * TOGETHER); measures.len()];
    thread::scope(|scope| {
        let parts = (0..passes).step_by(share);
        let parts = parts.map(|first| first..passes.min(first + share));
        let parts = parts.map(|part| scope.spawn(move || drawn(measures, subjects, part)));
        let parts: Vec<_> = parts.collect();
        for part in parts {
            let part = part.join().unwrap_or_else(|panic| resume_unwind(panic));
            for (found, more) in found.iter_mut().zip(part) {
                found.extend(more);
            }
        }
    });
    found
        .iter_mut()
        .for_each(|draws| draws.truncate(REPLICATES));
    Resampled { measures: found }
}

/// The AUCs of each measure in the draws of some passes.
fn drawn(
    measures: &[Vec<Ordered>],
    subjects: usize,
    passes: Range<usize>,
) -> Vec<Vec<Option<f64>>> {
    // No subject is drawn 255 times: the odds are below 1 to 10^500.
    let mut drawn = vec![[0_u8; TOGETHER]; subjects];
    let mut found = vec![Vec::new(); measures.len()];
    for pass in passes {
        drawn.fill([0; TOGETHER]);
        for draw in 0..TOGETHER {
            let mut random = SplitMix64::new(SEED);
            random.skip((pass * TOGETHER + draw) as u64 * subjects as u64);
            for _ in 0..subjects {
                let subject = random.below(subjects as u64) as usize;
                let times = drawn.get_mut(subject).and_then(|of| of.get_mut(draw));
                if let Some(times) = times {
                    *times = times.saturating_add(1);
                }
            }
        }
        let times = |subject: u32| match drawn.get(subject as usize) {
            Some(times) => times.map(u32::from),
            None => [0; TOGETHER],
        };
        for (measure, found) in measures.iter().zip(&mut found) {
            found.extend(auc_of_draws(measure, times));
        }
    }
    found
}

impl Resampled {
    /// The 95% interval of a measure: between the 2.5% and the 97.5% quantile of its draws (Efron's percentile
    /// interval). `None` if too few draws have an AUC.
    pub fn interval(&self, measure: usize) -> Option<Interval> {
        let draws = self.measures.get(measure)?;
        percentiles(draws.iter().copied(), draws.len())
    }

    /// The 95% interval of the difference of two measures, draw by draw.
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

/// The quantile of ascending values, interpolated linearly between order statistics (type 7).
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * (sorted.len().checked_sub(1)?) as f64;
    let below = *sorted.get(place.floor() as usize)?;
    let above = *sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}
