//! How a segment's size went from run to run.

use std::collections::HashMap;

use serde::Serialize;

use crate::chart::{SizePoint, size_chart};
use crate::config::{Config, Marks};
use crate::store::{Direction, Flow, Point};
use crate::time::moment;

/// So many runs are drawn and listed, the newest ones.
const RUNS: usize = 60;

/// A chart, and the same numbers as a table.
#[derive(Debug, Serialize)]
pub(super) struct History {
    chart: String,
    rows: Vec<Row>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct Row {
    run: i64,
    at: String,
    size: String,
    entered: String,
    left: String,
}

/// The newest runs; nothing where none is stored.
pub(super) fn history(
    config: &Config,
    points: &[Point],
    flows: &[Flow],
    marks: &Marks,
) -> Option<History> {
    let counts: HashMap<(i64, bool), u64> = flows
        .iter()
        .map(|flow| ((flow.run, flow.direction == Direction::Entered), flow.count))
        .collect();
    let count = |run, entered| counts.get(&(run, entered)).copied().unwrap_or(0);
    let more = points.len().saturating_sub(RUNS);
    let points: Vec<(&Point, SizePoint)> = points
        .iter()
        .skip(more)
        .filter_map(|point| {
            let (_, size) = point.metrics.iter().find(|(metric, _)| metric == "size")?;
            let drawn = SizePoint {
                size: size.number()?,
                entered: count(point.run, true),
                left: count(point.run, false),
            };
            Some((point, drawn))
        })
        .collect();
    let (first, last) = (points.first()?, points.last()?);
    let at = |point: &Point| moment(point.as_of, config.timezone);
    let description = format!(
        "From {} on {} to {} on {}; below the line, who came stands up and who went hangs down.",
        marks.number(first.1.size, 0),
        at(first.0),
        marks.number(last.1.size, 0),
        at(last.0),
    );
    let drawn: Vec<SizePoint> = points.iter().map(|(_, drawn)| *drawn).collect();
    let rows = points.iter().rev().map(|(point, drawn)| Row {
        run: point.run,
        at: at(point),
        size: marks.number(drawn.size, 0),
        entered: marks.whole(drawn.entered),
        left: marks.whole(drawn.left),
    });
    Some(History {
        chart: size_chart("history", "Size over time", &description, &drawn),
        rows: rows.collect(),
        more,
    })
}
