//! A chart of a segment's size from date to date.

use std::fmt::Write;

use super::{SegmentBacktest, Track};
use crate::chart::{Captions, Frame, PanelWords, Scale};

/// The most dates named under the chart.
const MOST_MARKS: usize = 9;

/// Draws the sizes as a line for each track, the segment's own first; `names` are the dates' names.
pub fn draw_sizes(found: &SegmentBacktest, names: &[String], captions: &Captions) -> String {
    let points = found.tracks.iter().flat_map(|track| &track.points);
    let highest = points.map(|point| point.size).max().unwrap_or(0);
    let words = PanelWords {
        title: "Size from date to date".to_owned(),
        under: match found.tracks.len() {
            1 => String::new(),
            _ => "whole line: the rule as it is; broken lines: what was tried".to_owned(),
        },
        axis: format!("date; below it how many {} are in it", captions.subjects),
    };
    let frame = captions.frame(0, Scale::Counts, highest as f64, words);
    let draw = |svg: &mut String, frame: &Frame| {
        frame.open(svg);
        marks(svg, frame, found, names);
        for (place, track) in found.tracks.iter().enumerate() {
            line(svg, frame, (&found.dates, track), place == 0);
        }
    };
    captions.picture(&[(frame, &draw)])
}

/// The x position of a date, proportional to the calendar.
fn x(frame: &Frame, dates: &[i64], date: i64) -> f64 {
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else {
        return frame.left;
    };
    let (left, right) = (frame.left + 24.0, frame.right - 24.0);
    match (last - first) as f64 {
        0.0 => f64::midpoint(left, right),
        length => left + (right - left) * (date - first) as f64 / length,
    }
}

fn marks(svg: &mut String, frame: &Frame, found: &SegmentBacktest, names: &[String]) {
    let step = found.dates.len().div_ceil(MOST_MARKS).max(1);
    let own = found.tracks.first();
    let sizes = own.into_iter().flat_map(|track| &track.points);
    let dates = found.dates.iter().zip(names).zip(sizes);
    // The newest date is always named.
    let last = found.dates.len().saturating_sub(1);
    for (place, ((date, name), point)) in dates.enumerate() {
        if (last - place).is_multiple_of(step) {
            frame.mark(svg, x(frame, &found.dates, *date), name, point.size);
        }
    }
}

fn line(svg: &mut String, frame: &Frame, (dates, track): (&[i64], &Track), own: bool) {
    let mut points = String::new();
    for (date, point) in dates.iter().zip(&track.points) {
        let (x, y) = (x(frame, dates, *date), frame.y(point.size as f64));
        let _ = write!(points, "{x:.1},{y:.1} ");
    }
    let class = if own { "line" } else { "line tried" };
    let _ = writeln!(
        svg,
        "<polyline class=\"{class}\" points=\"{}\"/>",
        points.trim_end()
    );
}
