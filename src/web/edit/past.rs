//! Sizes that the segment would have had in the past.

use std::sync::Arc;

use serde::Serialize;

use super::counted::clock;
use super::draft::Draft;
use crate::backtest::{Dates, Variant, backtest_segment};
use crate::chart::{SizePoint, size_chart};
use crate::config::marks;
use crate::engine::Unwatched;
use crate::time::Duration;
use crate::view::{Wording, sizes_table};
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::state::Files;
use crate::web::table::ShownTable;

/// Sizes at past dates.
#[derive(Debug, Serialize)]
pub(super) struct Past {
    chart: String,
    table: String,
    notes: Vec<String>,
}

/// Monthly sizes over one year.
///
/// # Errors
/// The data cannot be read.
pub(super) async fn sizes(web: &Web, files: &Arc<Files>, draft: &Draft) -> Result<Past, Refusal> {
    let end = clock(web, files).await?;
    let length = |count: &str, unit: &str| {
        let length = Duration::of_words(count, unit);
        length.ok_or_else(|| Refusal::broken("a length of time cannot be read"))
    };
    let series = Dates::Series {
        every: length("1", "month")?,
        length: length("1", "year")?,
    };
    let refused = |error: &dyn std::fmt::Display| Refusal::not_now(error.to_string());
    let dates = series
        .instants(end, web.now())
        .map_err(|error| refused(&error))?;
    let (project, segment, connect) = (Arc::clone(&draft.project), draft.segment, web.connect());
    let asked = tokio::task::spawn_blocking(move || {
        let connector = connect(&project.config);
        let variants = [Variant::own(&project, segment)];
        backtest_segment(&project, &*connector, (&variants, &dates), &Unwatched)
    });
    let found = asked
        .await
        .map_err(|error| Refusal::broken(error.to_string()))?;
    let found = found.map_err(|error| refused(&error))?;
    let marks = marks(files.config.locale);
    let wording = Wording {
        subject: &files.config.subject,
        marks,
        zone: files.config.timezone,
    };
    let own = found.tracks.first();
    let points = own
        .into_iter()
        .flat_map(|track| &track.points)
        .map(|point| SizePoint {
            size: point.size as f64,
            entered: point.entered.unwrap_or(0) as u64,
            left: point.left.unwrap_or(0) as u64,
        });
    let points: Vec<SizePoint> = points.collect();
    Ok(Past {
        chart: size_chart(
            "past",
            "Size on past dates",
            "Month by month; in the lower part, bars up are those who came, bars down those who left.",
            &points,
        ),
        table: ShownTable::new(&sizes_table(&found, &wording), &marks).html("Size on past dates"),
        notes: found.notes,
    })
}
