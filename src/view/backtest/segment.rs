//! A segment's past as text and as JSON.

use serde_json::{Value as Json, json};

use super::{Wording, date};
use crate::backtest::{Point, SegmentBacktest, Track};
use crate::chart::Captions;
use crate::time::{Clock, format_instant};
use crate::view::history::sparkline;
use crate::view::{Cell, Heading, Table};

/// The segment that a backtest covers.
#[derive(Debug, Clone, Copy)]
pub struct AboutSegment<'a> {
    pub id: &'a str,
    /// The display name.
    pub name: &'a str,
}

/// One row per date: the size, how many entered and left, and the size under each alternative condition.
pub fn sizes_table(found: &SegmentBacktest, wording: &Wording<'_>) -> Table {
    let mut headings = vec![
        Heading::left("date", "Date"),
        Heading::right("size", "Size"),
        Heading::right("in", "In").spare(10),
        Heading::right("out", "Out").spare(10),
    ];
    let tried = 1..found.tracks.len();
    headings.extend(
        tried.map(|number| Heading::right(format!("try_{number}"), format!("Try {number}"))),
    );
    let mut table = Table::new(headings);
    for (place, now) in found.dates.iter().enumerate() {
        let points = found.tracks.iter().map(|track| track.points.get(place));
        let mut cells = vec![date_cell(*now, wording)];
        for (track, point) in points.enumerate() {
            let Some(Point {
                size,
                entered,
                left,
            }) = point.copied()
            else {
                continue;
            };
            cells.push(size.into());
            if track == 0 {
                cells.extend([entered.into(), left.into()]);
            }
        }
        table.rows.push(cells);
    }
    table
}

/// The results, in sentences.
pub fn sizes_words(
    found: &SegmentBacktest,
    about: AboutSegment<'_>,
    wording: &Wording<'_>,
) -> Vec<String> {
    let mut lines = vec![format!(
        "{} ({}), {}",
        about.name,
        about.id,
        when(found, wording)
    )];
    let Some((own, tried)) = found.tracks.split_first() else {
        return lines;
    };
    lines.push(format!("{}: {}", range(own, wording), flaps(own, wording)));
    let last = |track: &Track| track.points.last().map_or(0, |point| point.size);
    for (number, track) in (1..).zip(tried) {
        let apart = match (last(track), last(own)) {
            (tried, own) if tried > own => format!("{} more", wording.whole(tried - own)),
            (tried, own) if tried < own => format!("{} fewer", wording.whole(own - tried)),
            _ => "as many".to_owned(),
        };
        lines.push(format!(
            "try {number}, `{}`: {}, on the last date {apart}: {}",
            track.condition.as_deref().unwrap_or_default(),
            range(track, wording),
            flaps(track, wording)
        ));
    }
    lines
}

/// The captions of the chart.
pub fn sizes_captions(
    found: &SegmentBacktest,
    about: AboutSegment<'_>,
    wording: &Wording<'_>,
) -> Captions {
    let own = found.tracks.first();
    let tried = found
        .tracks
        .iter()
        .filter_map(|track| track.condition.as_ref());
    let tried = (1..).zip(tried);
    Captions {
        title: about.name.to_owned(),
        subjects: wording.subject.plural.clone(),
        finding: own.map(|own| flaps(own, wording)).into_iter().collect(),
        foot: std::iter::once(when(found, wording))
            .chain(tried.map(|(number, condition)| format!("try {number}: {condition}")))
            .collect(),
        decimal: wording.marks.decimal,
        group: wording.marks.group,
        least_grouped: wording.marks.least_grouped,
    }
}

/// The labels of the dates in the chart.
pub fn date_names(found: &SegmentBacktest, wording: &Wording<'_>) -> Vec<String> {
    let dates = found.dates.iter();
    let name = |now: &i64| wording.marks.date(date(*now, wording.zone));
    dates.map(name).collect()
}

/// All results as JSON.
pub fn sizes_json(found: &SegmentBacktest, about: AboutSegment<'_>, wording: &Wording<'_>) -> Json {
    let track = |track: &Track| {
        let points = found.dates.iter().zip(&track.points);
        let points = points.map(|(now, point)| {
            json!({
                "as_of": format_instant(*now, wording.zone),
                "date": date(*now, wording.zone).to_string(),
                "size": point.size,
                "in": point.entered,
                "out": point.left,
            })
        });
        json!({
            "condition": track.condition,
            "points": points.collect::<Vec<_>>(),
            "ever": track.ever,
            "flapping": track.flapping,
            "flap_rate": track.flap_rate(),
        })
    };
    let mut tracks = found.tracks.iter();
    json!({
        "segment": about.id,
        "name": about.name,
        "rule": tracks.next().map(track),
        "tries": tracks.map(track).collect::<Vec<_>>(),
        "notes": found.notes,
    })
}

fn date_cell(now: i64, wording: &Wording<'_>) -> Cell {
    let clock = Clock {
        now,
        zone: wording.zone,
    };
    match clock.midnight(clock.today()) == now {
        true => Cell::Date(date(now, wording.zone)),
        false => Cell::Instant(now, wording.zone),
    }
}

/// `on 53 dates from 03/16/2025 to 03/15/2026`
fn when(found: &SegmentBacktest, wording: &Wording<'_>) -> String {
    let name = |now: &i64| date_cell(*now, wording).shown(&wording.marks);
    match found.dates.as_slice() {
        [] => "on no date".to_owned(),
        [one] => format!("on {}", name(one)),
        [first, .., last] => format!(
            "on {} from {} to {}",
            wording.marks.counted(found.dates.len(), "date"),
            name(first),
            name(last)
        ),
    }
}

/// The sizes as a sparkline, with the smallest and the largest.
fn range(track: &Track, wording: &Wording<'_>) -> String {
    let sizes = track.points.iter().map(|point| point.size);
    let (least, most) = (sizes.clone().min(), sizes.clone().max());
    let (least, most) = (least.unwrap_or(0), most.unwrap_or(0));
    let bars: Vec<Option<f64>> = sizes.map(|size| Some(size as f64)).collect();
    let between = match least == most {
        true => wording.whole(least),
        false => format!("{} to {}", wording.whole(least), wording.whole(most)),
    };
    match bars.len() {
        0 | 1 => between,
        _ => format!("{} {between}", sparkline(&bars)),
    }
}

/// How many of all past members changed often.
fn flaps(track: &Track, wording: &Wording<'_>) -> String {
    let ever = wording.subjects(track.ever);
    match track.flap_rate() {
        _ if track.points.len() < 2 => format!("{ever} in it"),
        None => "nobody was in it on any of these dates".to_owned(),
        Some(rate) => format!(
            "{ever} in it on one of these dates or more, {} of them ({}) came or went more than twice",
            wording.whole(track.flapping),
            wording.percent(rate)
        ),
    }
}
