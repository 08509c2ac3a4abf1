//! Who would have been in a segment on past dates, by its present rule or by another condition in its place.

mod dates;
mod notes;
mod picture;
mod track;

pub use dates::Dates;
pub use picture::draw_sizes;
pub use track::{Point, Track};

use super::{BacktestError, notes::too_large};
use crate::connector::{Connector, KeptSnapshot};
use crate::engine::{Keep, Watch};
use crate::ir::{Ir, OutputId};
use crate::project::{Project, Refused};
use crate::rules::SegmentId;
use crate::time::Clock;
use track::Tracker;

/// A condition to evaluate.
#[derive(Debug)]
pub struct Variant {
    /// The condition that is tried; `None` for the segment's own.
    condition: Option<String>,
    ir: Ir,
    output: OutputId,
}

impl Variant {
    /// The segment as its file has it.
    pub fn own(project: &Project, segment: SegmentId) -> Self {
        let (ir, output) = project.lower_membership(segment);
        Self {
            condition: None,
            ir,
            output,
        }
    }

    /// The segment with another condition in its place.
    ///
    /// # Errors
    /// The condition is invalid.
    pub fn tried(project: &Project, segment: SegmentId, condition: &str) -> Result<Self, Refused> {
        let (ir, output) = project.lower_tried(segment, condition)?;
        Ok(Self {
            condition: Some(condition.to_owned()),
            ir,
            output,
        })
    }
}

/// A segment's past.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentBacktest {
    /// The dates, as instants in microseconds, ascending.
    pub dates: Vec<i64>,
    /// The results of each variant, in the requested order.
    pub tracks: Vec<Track>,
    /// Notes for the reader, in sentences.
    pub notes: Vec<String>,
}

/// Evaluates the variants as of each date, over one state of the data. A run as of such a date finds the same members.
/// Writes nothing.
///
/// # Errors
/// A variant cannot be evaluated, the database cannot be read, or `watch` asked to stop.
pub fn backtest_segment(
    project: &Project,
    connector: &dyn Connector,
    (variants, dates): (&[Variant], &[i64]),
    watch: &dyn Watch,
) -> Result<SegmentBacktest, BacktestError> {
    crate::project::blocking(move || {
        let mut kept = KeptSnapshot::new(connector, project.config.memory);
        let mut data = kept.pin()?;
        let zone = project.config.timezone;
        let mut trackers: Vec<Tracker> = variants.iter().map(|_| Tracker::default()).collect();
        for now in dates {
            let clock = Clock { now: *now, zone };
            for (variant, tracker) in variants.iter().zip(&mut trackers) {
                let evaluation = data.evaluate(&variant.ir, &clock, Keep::Outputs, watch)?;
                let members = evaluation.output(variant.output).map_err(|stale| {
                    BacktestError::Asked(format!("it cannot be evaluated: {}", stale.reason))
                })?;
                tracker.add(&evaluation.subjects, members);
            }
        }
        let first = dates.first().copied().unwrap_or(i64::MAX);
        let mut found = notes::of(project, variants);
        found.extend(notes::before_the_data(
            project, variants, &mut data, first, watch,
        )?);
        found.extend(data.too_large().iter().map(too_large));
        let tracks = trackers.into_iter().zip(variants);
        Ok(SegmentBacktest {
            dates: dates.to_vec(),
            tracks: tracks
                .map(|(tracker, variant)| tracker.into_track(variant.condition.clone()))
                .collect(),
            notes: found,
        })
    })
}
