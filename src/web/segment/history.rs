//! A segment's size from run to run.

use std::collections::HashMap;

use serde::Serialize;

use crate::chart::{SizePoint, size_chart};
use crate::store::{Direction, Flow, Point};
use crate::web::refusal::Refusal;
use crate::web::results::Results;

/// The maximum number of runs drawn and listed; the newest ones.
const RUNS: u32 = 60;

/// A chart, with the same numbers as a table.
#[derive(Debug, Serialize)]
pub(super) struct History {
    chart: String,
    /// A description of the chart.
    caption: String,
    rows: Vec<Row>,
    /// Whether a rule change moved anybody.
    ruled: bool,
    /// Whether there are earlier runs.
    more: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    run: i64,
    at: String,
    size: String,
    entered: String,
    left: String,
    /// `+3 −41`: how many a rule change moved; empty if none.
    ruled: String,
}

/// How many moved between one listed run and the next.
#[derive(Debug, Clone, Copy, Default)]
struct Moves {
    entered: u64,
    left: u64,
    /// Entered because of a rule change.
    ruled_in: u64,
    ruled_out: u64,
}

/// The newest runs; `None` if none is stored.
pub(super) async fn history(results: &mut Results, id: &str) -> Result<Option<History>, Refusal> {
    let points = results.history(id, RUNS + 1).await?;
    let flows = results.flows(id, RUNS).await?;
    let (marks, zone) = (results.marks(), results.files.config.timezone);
    let more = points.len() > RUNS as usize;
    let points = points.get(usize::from(more)..).unwrap_or_default();
    let moves = by_point(points, &flows);
    let points: Vec<(&Point, f64, Moves)> = points
        .iter()
        .filter_map(|point| {
            let (_, size) = point.metrics.iter().find(|(metric, _)| metric == "size")?;
            let moves = moves.get(&point.run).copied().unwrap_or_default();
            Some((point, size.number()?, moves))
        })
        .collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Ok(None);
    };
    let at = |point: &Point| marks.moment(point.as_of, zone);
    let highest = points.iter().map(|(_, size, _)| *size).fold(0.0, f64::max);
    let [began, now, most] = [first.1, last.1, highest].map(|size| marks.number(size, 0));
    let caption = match points.len() {
        1 => format!("{now} on {}, with the only run so far", at(last.0)),
        _ => format!(
            "From {began} on {} to {now} on {}, {most} at most. Bars up: how many came; bars down: how many left.",
            at(first.0),
            at(last.0),
        ),
    };
    let drawn: Vec<SizePoint> = points
        .iter()
        .map(|(_, size, moves)| SizePoint {
            size: *size,
            entered: moves.entered + moves.ruled_in,
            left: moves.left + moves.ruled_out,
        })
        .collect();
    let ruled = |moves: &Moves| match (moves.ruled_in, moves.ruled_out) {
        (0, 0) => String::new(),
        (came, left) => format!("+{} −{}", marks.whole(came), marks.whole(left)),
    };
    let rows = points.iter().rev().map(|(point, size, moves)| Row {
        run: point.run,
        at: at(point),
        size: marks.number(*size, 0),
        entered: marks.whole(moves.entered),
        left: marks.whole(moves.left),
        ruled: ruled(moves),
    });
    let rows: Vec<Row> = rows.collect();
    Ok(Some(History {
        chart: size_chart("history", "Size over time", &caption, &drawn),
        caption,
        ruled: rows.iter().any(|row| !row.ruled.is_empty()),
        rows,
        more,
    }))
}

/// Counts moves by the listed run that shows them. A run that was repeated for the same instant is no longer listed;
/// its moves count for the run that replaced it.
fn by_point(points: &[Point], flows: &[Flow]) -> HashMap<i64, Moves> {
    let mut listed: Vec<i64> = points.iter().map(|point| point.run).collect();
    listed.sort_unstable();
    let mut moves: HashMap<i64, Moves> = HashMap::new();
    for flow in flows {
        let next = listed.partition_point(|run| *run < flow.run);
        let Some(run) = listed.get(next) else {
            continue;
        };
        let moves = moves.entry(*run).or_default();
        let count = match (flow.direction, flow.cause.is_news()) {
            (Direction::Entered, true) => &mut moves.entered,
            (Direction::Left, true) => &mut moves.left,
            (Direction::Entered, false) => &mut moves.ruled_in,
            (Direction::Left, false) => &mut moves.ruled_out,
        };
        *count += flow.count;
    }
    moves
}
