//! `muster segments`

use std::collections::HashMap;

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{print_table, width};
use super::results::Results;
use super::{Common, Format};
use crate::config::{Config, ValueDefinition};
use crate::store::{Direction, Moved, Point};
use crate::time::moment;
use crate::value::SegmentValue;
use crate::view::{
    Cell, SegmentRow, SegmentsPage, View, history_table, joined, moves_table, rule_change_words,
    trends_table,
};

/// How many runs are drawn where nothing tells how wide a line may be.
const DRAWN: usize = 60;

/// How wide the columns beside a label and its drawing are, about.
const BESIDE: usize = 40;

/// The segments page of the last published run.
#[derive(Args, Debug)]
pub(super) struct Segments {
    /// Who moved from which rung of a ladder to which with the last run
    #[arg(long, group = "view")]
    moves: bool,
    /// How a segment's values moved from run to run
    #[arg(long, group = "view", value_name = "ID")]
    history: Option<String>,
    /// What each value means
    #[arg(long, group = "view")]
    legend: bool,
}

pub(super) async fn segments(command: &Segments, common: &Common) -> Result<Exit, Failure> {
    let mut results = Results::open(common).await?;
    if command.moves {
        moves(&mut results, common).await?;
    } else if let Some(id) = &command.history {
        history(&mut results, id, common).await?;
    } else {
        let rows = rows(&mut results).await?;
        let page = SegmentsPage::new(&results.config, rows);
        let view = match common.format {
            Format::Table => View::Values,
            _ => View::Everything,
        };
        let table = if command.legend {
            page.legend(view)
        } else {
            page.table(view)
        };
        print_table(&table, common.format, results.config.locale)?;
    }
    Ok(results.tell())
}

async fn rows(results: &mut Results) -> Result<Vec<SegmentRow>, Failure> {
    let moved = results.store.moved(results.run.id).await?;
    let metrics = results.store.metrics(results.run.id).await?;
    let values: HashMap<(&str, &str), SegmentValue> = metrics
        .iter()
        .map(|metric| ((&*metric.segment, &*metric.metric), metric.segment_value()))
        .collect();
    let columns = &results.config.values;
    let row = |segment: &crate::store::StoredSegment| SegmentRow {
        bucket: segment.bucket.clone(),
        name: segment.name.clone(),
        sign: segment.sign.clone(),
        id: segment.id.clone(),
        importance: segment.importance,
        weight: segment.weight,
        entered: Some(count(&moved, &segment.id, Direction::Entered, true)),
        left: Some(count(&moved, &segment.id, Direction::Left, true)),
        values: columns
            .iter()
            .map(|column| values.get(&(segment.id.as_str(), column.id.value.as_str())))
            .map(|found| found.cloned().unwrap_or(SegmentValue::MISSING))
            .collect(),
        stale: segment.stale.clone(),
    };
    for segment in &results.segments {
        let mut causes = moved.iter().filter(|moved| moved.segment == segment.id);
        if let Some(moved_by) = causes.find(|moved| !moved.cause.is_news()) {
            let by_rule = |way| count(&moved, &segment.id, way, false);
            let both = [by_rule(Direction::Entered), by_rule(Direction::Left)];
            let locale = results.config.locale;
            note!(
                "{}",
                rule_change_words(moved_by.cause, &segment.id, both, locale)
            );
        }
    }
    Ok(results.segments.iter().map(row).collect())
}

/// How many moved one way: as news, or because the rule changed.
fn count(moved: &[Moved], segment: &str, direction: Direction, news: bool) -> i64 {
    moved
        .iter()
        .filter(|moved| moved.segment == segment && moved.direction == direction)
        .filter(|moved| moved.cause.is_news() == news)
        .map(|moved| i64::try_from(moved.count).unwrap_or(i64::MAX))
        .sum()
}

async fn history(results: &mut Results, id: &str, common: &Common) -> Result<(), Failure> {
    results.segment(id)?;
    let columns = &results.config.values;
    let points = results.store.history(id).await?;
    if points.len() == 1 {
        note!("one run so far: the next one will show what changed");
    }
    let table = if common.format == Format::Table {
        trends_table(columns, &points, fitting(columns))
    } else {
        history_table(columns, &points, results.config.timezone)
    };
    print_table(&table, common.format, results.config.locale)?;
    if common.format == Format::Table {
        tell_drawn(&results.config, &points);
    }
    Ok(())
}

/// How many runs fit on a line of the terminal.
fn fitting(columns: &[ValueDefinition]) -> usize {
    let labels = columns.iter().map(|column| column.label.chars().count());
    let labels = labels.max().unwrap_or_default();
    width().map_or(DRAWN, |width| width.saturating_sub(labels + BESIDE).max(10))
}

/// Says which runs are drawn, where not all of them are.
fn tell_drawn(config: &Config, points: &[Point]) {
    let left_out = points.len().saturating_sub(fitting(&config.values));
    let drawn = points.get(left_out..).unwrap_or_default();
    let (Some(first), Some(from), Some(to)) = (points.first(), drawn.first(), drawn.last()) else {
        return;
    };
    if left_out > 0 {
        let run = |point: &Point| {
            let at = moment(point.as_of, config.timezone);
            format!("run {} of {at}", point.run)
        };
        note!(
            "the trend is drawn from {} to {}, and \"First\" is {}; `--format csv` lists all {} runs",
            run(from),
            run(to),
            run(first),
            points.len()
        );
    }
}

/// One matrix a ladder; for programs one table of all. Which segments are rungs of one ladder stands in the rule files.
async fn moves(results: &mut Results, common: &Common) -> Result<(), Failure> {
    let project = crate::project::load(&common.config).await?;
    if project.rules.ladders.is_empty() {
        return Err(Failure::input(
            "no rule file has a `ladder:`, so nobody can move from rung to rung",
        ));
    }
    let mut all = Vec::new();
    for ladder in &project.rules.ladders {
        let segments = &project.rules.segments;
        let rungs: Vec<(String, String)> = ladder
            .rungs
            .iter()
            .filter_map(|rung| segments.get(*rung))
            .map(|segment| (segment.id.value.clone(), segment.name.clone()))
            .collect();
        let ids: Vec<&str> = rungs.iter().map(|(id, _)| id.as_str()).collect();
        let steps = results.store.moves(results.run.id, &ids).await?;
        all.push((ladder.id.value.as_str(), moves_table(&rungs, &steps)));
    }
    let locale = results.config.locale;
    if common.format != Format::Table {
        return print_table(&joined(all), common.format, locale);
    }
    let several = all.len() > 1;
    for (ladder, mut table) in all {
        if several {
            say!("{ladder}");
        }
        // The first cell is the rung that they came from.
        let moved = |row: &Vec<Cell>| row.iter().skip(1).any(|cell| *cell != Cell::Empty);
        table.rows.retain(moved);
        if table.rows.is_empty() {
            say!("nobody moved");
            continue;
        }
        print_table(&table, Format::Table, locale)?;
    }
    Ok(())
}
