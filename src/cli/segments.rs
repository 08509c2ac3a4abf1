//! `muster segments`

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{print_table, width};
use super::results::Results;
use super::{Common, Format};
use crate::config::{Config, ValueDefinition};
use crate::connector::connect;
use crate::store::{Direction, Moved, Point};
use crate::time::moment;
use crate::view::{
    Cell, Detail, SegmentsPage, count_moved, history_table, joined, moves_table, rule_change_words,
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
        let moved = results.store.moved(results.run.id).await?;
        let metrics = results.store.metrics(results.run.id).await?;
        tell_rule_changes(&results, &moved);
        let page = SegmentsPage::of_stored(&results.config, &results.segments, &metrics, &moved);
        let detail = match common.format {
            Format::Table => Detail::Values,
            _ => Detail::Everything,
        };
        let table = match command.legend {
            true => page.legend(detail),
            false => page.table(detail),
        };
        print_table(&table, common.format, results.config.locale)?;
    }
    Ok(results.tell())
}

/// Says what changed rules did, instead of as news about customers.
fn tell_rule_changes(results: &Results, moved: &[Moved]) {
    for segment in &results.segments {
        let id = &segment.id;
        let mut causes = moved.iter().filter(|moved| moved.segment == *id);
        if let Some(moved_by) = causes.find(|moved| !moved.cause.is_news()) {
            let both = [Direction::Entered, Direction::Left];
            let both = both.map(|direction| count_moved(moved, id, direction, false));
            let locale = results.config.locale;
            note!("{}", rule_change_words(moved_by.cause, id, both, locale));
        }
    }
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
    let project = crate::project::load(&common.config, connect).await?;
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
