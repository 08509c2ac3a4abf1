//! How values changed from run to run, and how subjects moved between rungs.

use chrono_tz::Tz;

use super::segments::{SIZE, add_counted};
use super::table::{Cell, Heading, Table};
use super::values::segment_value_cell;
use crate::config::ValueDefinition;
use crate::store::{Point, Step};
use crate::value::SegmentValue;

/// The bars of a sparkline, lowest first.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One row per run, oldest first.
pub fn history_table(columns: &[ValueDefinition], points: &[Point], zone: Tz) -> Table {
    let mut headings = vec![
        Heading::right("run", "Run"),
        Heading::left("as_of", "As of"),
    ];
    headings.extend(
        columns
            .iter()
            .map(|column| Heading::right(column.id.value.clone(), column.label.clone())),
    );
    let mut table = Table::new(headings);
    for point in points {
        let mut cells = vec![Cell::Key(point.run), Cell::Instant(point.as_of, zone)];
        let value = |column: &ValueDefinition| shown(point, column);
        cells.extend(columns.iter().map(value));
        table.rows.push(cells);
    }
    let counted = |point: &Point, column: usize| {
        let column = columns.get(column)?;
        at(point, &column.id.value)?.counted
    };
    add_counted(&mut table, columns, points, counted);
    table
}

/// The value in one run.
fn at<'p>(point: &'p Point, id: &str) -> Option<&'p SegmentValue> {
    let mut metrics = point.metrics.iter();
    Some(&metrics.find(|(metric, _)| metric == id)?.1)
}

fn shown(point: &Point, column: &ValueDefinition) -> Cell {
    let members = at(point, SIZE)
        .and_then(SegmentValue::number)
        .unwrap_or(0.0) as u64;
    let value = at(point, &column.id.value);
    value.map_or(Cell::Empty, |value| {
        segment_value_cell(column.format, value, members)
    })
}

/// One row per value: a sparkline of the newest `drawn` runs, with the number in the first and the last of all runs.
pub fn trends_table(columns: &[ValueDefinition], points: &[Point], drawn: usize) -> Table {
    let newest = points.len().saturating_sub(drawn);
    let mut table = Table::new([
        Heading::left("value", "Value").names(),
        Heading::left("trend", "Trend").spare(20).picture(),
        Heading::right("first", "First").spare(30),
        Heading::right("last", "Last"),
    ]);
    for column in columns {
        let number = |point: &Point| at(point, &column.id.value)?.number();
        let values: Vec<Option<f64>> = points.iter().map(number).collect();
        let end = |point: Option<&Point>| point.map_or(Cell::Empty, |point| shown(point, column));
        table.rows.push(vec![
            Cell::Text(column.label.clone()),
            Cell::Text(sparkline(values.get(newest..).unwrap_or_default())),
            end(points.first()),
            end(points.last()),
        ]);
    }
    table
}

/// Numbers as bars scaled between the smallest and the largest; a blank for a missing number, a line in the middle if
/// all are equal.
pub fn sparkline(values: &[Option<f64>]) -> String {
    let present = || values.iter().flatten().copied();
    let (low, high) = present().fold((f64::MAX, f64::MIN), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let bar = |value: f64| {
        let share = if high > low {
            (value - low) / (high - low)
        } else {
            0.5
        };
        let place = (share * 7.0).round() as usize;
        BARS.get(place).copied().unwrap_or(' ')
    };
    values.iter().map(|value| value.map_or(' ', bar)).collect()
}

/// A ladder's moves as a matrix, from each rung (rows) to each rung (columns). `rungs` are ids and names, top first.
pub fn moves_table(rungs: &[(String, String)], steps: &[Step]) -> Table {
    let outside = (None, "(not on the ladder)".to_string());
    let places: Vec<(Option<String>, String)> = rungs
        .iter()
        .map(|(id, name)| (Some(id.clone()), name.clone()))
        .chain([outside])
        .collect();
    let mut headings = vec![Heading::left("from", "From \\ to").alone("From")];
    headings.extend(places.iter().map(|(id, name)| {
        Heading::right(
            id.clone().unwrap_or_else(|| "none".to_string()),
            name.clone(),
        )
        .alone(format!("to {name}"))
    }));
    let mut table = Table::new(headings);
    for (from, name) in &places {
        let mut cells = vec![Cell::Text(name.clone())];
        cells.extend(places.iter().map(|(to, _)| {
            let steps = steps
                .iter()
                .filter(|step| step.from == *from && step.to == *to);
            match steps.map(|step| step.count).sum::<u64>() {
                0 => Cell::Empty,
                count => count.into(),
            }
        }));
        table.rows.push(cells);
    }
    table
}

/// Combines tables of the same kind into one, for machine-readable formats. If there are several, the first column
/// names the source, and a row is empty in columns that its table lacks.
pub fn joined(tables: Vec<(&str, Table)>) -> Table {
    let several = tables.len() > 1;
    let mut all = Table::default();
    if several {
        all.headings.push(Heading::left("ladder", "Ladder"));
    }
    for heading in tables.iter().flat_map(|(_, table)| &table.headings) {
        if !all.headings.iter().any(|known| known.key == heading.key) {
            all.headings.push(heading.clone());
        }
    }
    for (name, table) in &tables {
        for row in &table.rows {
            let cell = |heading: &Heading| {
                let place = table.headings.iter().position(|own| own.key == heading.key);
                match place.and_then(|place| row.get(place)) {
                    Some(cell) => cell.clone(),
                    None if several && heading.key == "ladder" => Cell::Text((*name).to_owned()),
                    None => Cell::Empty,
                }
            };
            all.rows.push(all.headings.iter().map(cell).collect());
        }
    }
    all
}
