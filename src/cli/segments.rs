//! `muster segments`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::output::print_table;
use super::results::Results;
use crate::report::{SegmentRow, segments_table};
use crate::store::{Direction, Moved};

/// The segments of the last published run with their sizes.
#[derive(Args, Debug)]
pub(super) struct Segments {}

pub(super) async fn segments(_: &Segments, common: &Common) -> Result<Exit, Failure> {
    let mut results = Results::open(common).await?;
    let sizes = results.store.sizes().await?;
    let moved = results.store.moved(results.run.id).await?;
    let rows: Vec<SegmentRow> = results
        .segments
        .iter()
        .zip(sizes)
        .map(|(segment, (_, size))| SegmentRow {
            bucket: segment.bucket.clone(),
            name: segment.name.clone(),
            id: segment.id.clone(),
            importance: segment.importance,
            weight: segment.weight,
            size: i64::try_from(size).unwrap_or(i64::MAX),
            entered: Some(count(&moved, &segment.id, Direction::Entered)),
            left: Some(count(&moved, &segment.id, Direction::Left)),
            stale: segment.stale.clone(),
        })
        .collect();
    print_table(&segments_table(&rows), common.format)?;
    Ok(results.tell())
}

fn count(moved: &[Moved], segment: &str, direction: Direction) -> i64 {
    moved
        .iter()
        .filter(|moved| moved.segment == segment && moved.direction == direction)
        .filter(|moved| moved.cause.is_news())
        .map(|moved| i64::try_from(moved.count).unwrap_or(i64::MAX))
        .sum()
}
