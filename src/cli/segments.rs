//! `muster segments`

use clap::Args;

use super::exit::{Exit, Failure};
use super::listing::{Listed, Listing};
use super::output::print_table;
use super::results::Results;
use super::say::out_width;
use super::{Common, Format};
use crate::config::{Config, ValueDefinition, marks};
use crate::connector::connect;
use crate::store::{Direction, Moved, Point, RunStatus, StoredSegment};
use crate::view::{
    Cell, Detail, SegmentsPage, count_moved, history_table, joined, moves_table, rule_change_words,
    trends_table,
};

/// The number of runs drawn if the line width is unknown.
const DRAWN: usize = 60;

/// The approximate width of the columns beside a label and its sparkline.
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
    #[command(flatten)]
    listing: Listing,
}

pub(super) async fn segments(command: &Segments, common: &Common) -> Result<Exit, Failure> {
    let mut results = Results::open(common).await?;
    let is_list = !command.moves && command.history.is_none() && !command.legend;
    if command.listing.is_given() && !is_list {
        return Err(Failure::input(
            "options that choose from the list of segments go with that list, not with `--moves`, `--history` or `--legend`",
        ));
    }
    if is_list {
        return list(command, &mut results, common).await;
    }
    let exit = results.tell();
    if command.moves {
        moves(&mut results, common).await?;
    } else if let Some(id) = &command.history {
        history(&mut results, id, common).await?;
    } else {
        legend(&results.config, common)?;
    }
    Ok(exit)
}

/// Prints the segments with their values.
async fn list(command: &Segments, results: &mut Results, common: &Common) -> Result<Exit, Failure> {
    let moved = results.store.moved(results.run.id).await?;
    let metrics = results.store.metrics(results.run.id).await?;
    let mut before = rule_changes(results, &moved);
    if moved.is_empty() {
        before.push(nobody_moved(results).await?);
    }
    let page = SegmentsPage::of_stored(&results.config, &results.segments, &metrics, &moved);
    let headings = page.table(Detail::Values).headings.into_iter();
    let listed = Listed {
        called: ["segment", "segments"],
        named: ["segment", "id"],
        for_people: Some(headings.map(|heading| heading.key).collect()),
        before,
        ..Listed::default()
    };
    let table = page.table(Detail::Everything);
    command.listing.print(table, &listed, common, results)
}

/// Prints the meaning of the values.
fn legend(config: &Config, common: &Common) -> Result<(), Failure> {
    let page = SegmentsPage::of_stored(config, &[], &[], &[]);
    let table = page.legend(match common.format {
        Format::Table => Detail::Values,
        _ => Detail::Everything,
    });
    print_table(&table, common.format, config.locale)
}

/// The note that nobody moved with the run, and since when.
async fn nobody_moved(results: &mut Results) -> Result<String, Failure> {
    let runs = results.store.runs(None).await?;
    let mut before = runs.iter().filter(|run| run.id < results.run.id);
    let before = before.find(|run| matches!(run.status, RunStatus::Published | RunStatus::Partial));
    let since = before.map_or_else(String::new, |run| {
        let at = marks(results.config.locale).moment(run.as_of, results.config.timezone);
        format!(" since run {}, as of {at}", run.id)
    });
    Ok(format!("nobody moved{since}"))
}

/// The effects of rule changes, kept separate from customer movements.
fn rule_changes(results: &Results, moved: &[Moved]) -> Vec<String> {
    let locale = results.config.locale;
    let words = |segment: &StoredSegment| {
        let id = &segment.id;
        let mut causes = moved.iter().filter(|moved| moved.segment == *id);
        let cause = causes.find(|moved| !moved.cause.is_news())?.cause;
        let both = [Direction::Entered, Direction::Left];
        let both = both.map(|direction| count_moved(moved, id, direction, false));
        Some(rule_change_words(cause, id, both, locale))
    };
    results.segments.iter().filter_map(words).collect()
}

async fn history(results: &mut Results, id: &str, common: &Common) -> Result<(), Failure> {
    results.segment(id)?;
    let columns = &results.config.values;
    let points = results.store.history(id, None).await?;
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

/// The number of runs that fit on a line of the terminal.
fn fitting(columns: &[ValueDefinition]) -> usize {
    let labels = columns.iter().map(|column| column.label.chars().count());
    let labels = labels.max().unwrap_or_default();
    out_width().map_or(DRAWN, |width| width.saturating_sub(labels + BESIDE).max(10))
}

/// Reports which runs are drawn, if not all are.
fn tell_drawn(config: &Config, points: &[Point]) {
    let left_out = points.len().saturating_sub(fitting(&config.values));
    let drawn = points.get(left_out..).unwrap_or_default();
    let (Some(first), Some(from), Some(to)) = (points.first(), drawn.first(), drawn.last()) else {
        return;
    };
    if left_out > 0 {
        let run = |point: &Point| {
            let at = marks(config.locale).moment(point.as_of, config.timezone);
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

/// One matrix per ladder; in machine-readable formats, one table of all. The rule files define which segments are rungs
/// of a ladder.
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
    let (several, nobody) = (all.len() > 1, nobody_moved(results).await?);
    for (ladder, mut table) in all {
        if several {
            say!("{ladder}");
        }
        // The first cell is the source rung.
        let moved = |row: &Vec<Cell>| row.iter().skip(1).any(|cell| *cell != Cell::Empty);
        table.rows.retain(moved);
        if table.rows.is_empty() {
            say!("{nobody}");
            continue;
        }
        print_table(&table, Format::Table, locale)?;
    }
    Ok(())
}
