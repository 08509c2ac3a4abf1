//! The segments page: every segment with its values.

use std::collections::HashMap;

use super::table::{Cell, Heading, Table};
use super::values::{segment_value_cell, value_label};
use crate::config::{Config, ValueDefinition};
use crate::language::formula_words;
use crate::project::Project;
use crate::run::Outcome;
use crate::store::{Direction, Metric, Moved, StoredSegment};
use crate::value::SegmentValue;

/// Everything on the segments page, computed once; every rendering starts here.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentsPage<'a> {
    /// The definitions of the values, in column order; `size` is one of them.
    pub columns: &'a [ValueDefinition],
    /// The currency of amounts: three letters.
    pub currency: &'a str,
    /// The segments, in file order.
    pub rows: Vec<SegmentRow>,
}

/// The level of detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Changes: sizes and movements, and the weight that orders the client list.
    Changes,
    /// The values of every segment.
    Values,
    /// Every column, for machine-readable formats.
    Everything,
}

/// The value that every page has: the number of members.
pub(super) const SIZE: &str = "size";

/// How soon a column is dropped that repeats the size.
const REPEATS: u8 = 80;

/// One segment on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentRow {
    pub bucket: Option<String>,
    /// The display name.
    pub name: String,
    /// A symbol shown before the name.
    pub sign: Option<String>,
    pub id: String,
    pub importance: Option<u32>,
    /// Its weight; 0 without importance.
    pub weight: f64,
    /// How many entered with the run, without rule changes.
    pub entered: u64,
    /// How many left with the run, counted likewise.
    pub left: u64,
    /// Its values, parallel to the page's columns.
    pub values: Vec<SegmentValue>,
    /// Why it is stale; `None` if it is fresh.
    pub stale: Option<String>,
}

impl<'a> SegmentsPage<'a> {
    /// The page of a run that has just finished.
    pub fn of_outcome(project: &'a Project, outcome: &Outcome) -> Self {
        let rules = &project.rules;
        let segments = rules.segments.zip(&outcome.segments);
        let rows = segments.map(|(rule, found)| SegmentRow {
            bucket: rule.bucket.clone(),
            name: rule.name.clone(),
            sign: rule.sign.clone(),
            id: rule.id.value.clone(),
            importance: rule.importance,
            weight: rules.weight(rule).to_f64(),
            entered: found.entered() as u64,
            left: found.left() as u64,
            values: found.values.clone(),
            stale: found.stale.as_ref().map(|stale| stale.reason.clone()),
        });
        Self::new(&project.config, rows.collect())
    }

    /// The page of a stored run.
    pub fn of_stored(
        config: &'a Config,
        segments: &[StoredSegment],
        metrics: &[Metric],
        moved: &[Moved],
    ) -> Self {
        let values: HashMap<(&str, &str), SegmentValue> = metrics
            .iter()
            .map(|metric| ((&*metric.segment, &*metric.metric), metric.segment_value()))
            .collect();
        let value = |segment: &str, column: &ValueDefinition| {
            let value = values.get(&(segment, column.id.value.as_str()));
            value.cloned().unwrap_or(SegmentValue::MISSING)
        };
        let rows = segments.iter().map(|segment| SegmentRow {
            bucket: segment.bucket.clone(),
            name: segment.name.clone(),
            sign: segment.sign.clone(),
            id: segment.id.clone(),
            importance: segment.importance,
            weight: segment.weight,
            entered: count_moved(moved, &segment.id, Direction::Entered, true),
            left: count_moved(moved, &segment.id, Direction::Left, true),
            values: config
                .values
                .iter()
                .map(|column| value(&segment.id, column))
                .collect(),
            stale: segment.stale.clone(),
        });
        Self::new(config, rows.collect())
    }

    fn new(config: &'a Config, rows: Vec<SegmentRow>) -> Self {
        Self {
            columns: &config.values,
            currency: &config.currency,
            rows,
        }
    }

    /// The page as a table, at a level of detail.
    pub fn table(&self, detail: Detail) -> Table {
        let everything = detail == Detail::Everything;
        let buckets = everything || self.rows.iter().any(|row| row.bucket.is_some());
        let ids = detail != Detail::Values;
        let mut table = Table::of(&self.rows)
            .column_if(
                buckets,
                Heading::left("bucket", "Bucket").spare(40),
                |row| row.bucket.clone(),
            )
            .column(
                Heading::left("segment", "Segment").names(),
                SegmentRow::title,
            )
            .column_if(ids, Heading::left("id", "Id").spare(50), |row| {
                row.id.clone()
            })
            .column_if(
                ids,
                Heading::right("importance", "Importance").spare(60),
                |row| row.importance,
            )
            .column_if(
                ids,
                Heading::right("weight", "Weight").spare(65),
                SegmentRow::weight_cell,
            );
        let size = self
            .columns
            .iter()
            .position(|column| column.id.value == SIZE);
        for (place, column) in self.columns.iter().enumerate() {
            let shown = detail != Detail::Changes || Some(place) == size;
            let same = |row: &SegmentRow| {
                row.values.get(place).and_then(SegmentValue::number)
                    == size.and_then(|size| row.values.get(size)?.number())
            };
            let mut heading = self.heading(column);
            if Some(place) != size && self.rows.iter().all(same) {
                heading = heading.spare(REPEATS);
            }
            table = table.column_if(shown, heading, |row| {
                let members = size.and_then(|size| row.values.get(size)?.number());
                let members = members.unwrap_or(0.0) as u64;
                let value = row.values.get(place);
                value.map(|value| segment_value_cell(column.format, value, members))
            });
        }
        // The column is dispensable if nothing is stale.
        let stale = self.rows.iter().any(|row| row.stale.is_some());
        let state = Heading::left("state", "State").spare(if stale { 5 } else { 90 });
        let mut table = table
            .column(Heading::right("entered", "In").spare(10), |row| row.entered)
            .column(Heading::right("left", "Out").spare(15), |row| row.left)
            .column(state, SegmentRow::state)
            .done();
        if everything {
            let counted = |row: &SegmentRow, column: usize| row.values.get(column)?.counted;
            add_counted(&mut table, self.columns, &self.rows, counted);
        }
        table
    }

    /// The meaning of every value; at full detail, also how it is computed.
    pub fn legend(&self, detail: Detail) -> Table {
        let label = |value: &ValueDefinition| value_label(value, self.currency);
        let of = |value: &ValueDefinition| {
            let words = formula_words(&value.of);
            words.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let everything = detail == Detail::Everything;
        Table::of(self.columns)
            .column(Heading::left("id", "Id").spare(70), |value| {
                value.id.value.clone()
            })
            .column(Heading::left("label", "Value").names(), label)
            .column(Heading::left("description", "Meaning"), |value| {
                value.description.clone()
            })
            .column_if(everything, Heading::left("of", "Computed as"), of)
            .done()
    }

    /// A value's heading; amounts include their currency.
    fn heading(&self, column: &ValueDefinition) -> Heading {
        let spare = if column.id.value == SIZE { 0 } else { 55 };
        Heading::right(column.id.value.clone(), value_label(column, self.currency))
            .spare(spare)
            .even()
    }
}

impl SegmentRow {
    /// The symbol and the name.
    pub fn title(&self) -> String {
        match &self.sign {
            Some(sign) => format!("{sign} {}", self.name),
            None => self.name.clone(),
        }
    }

    /// The weight; empty if the segment does not affect the score.
    fn weight_cell(&self) -> Cell {
        match self.importance.is_none() && self.weight == 0.0 {
            true => Cell::Empty,
            false => Cell::Number(self.weight, 4),
        }
    }

    fn state(&self) -> String {
        match &self.stale {
            None => "ok".to_string(),
            Some(reason) => format!("stale: {reason}"),
        }
    }
}

/// How many moved in one direction: as news, or because the rule changed.
pub fn count_moved(moved: &[Moved], segment: &str, direction: Direction, news: bool) -> u64 {
    moved
        .iter()
        .filter(|moved| moved.segment == segment && moved.direction == direction)
        .filter(|moved| moved.cause.is_news() == news)
        .map(|moved| moved.count)
        .sum()
}

/// Appends columns for machine-readable formats: the number of members behind each average. A value without an average
/// in any row gets no such column, nor does one whose column would have the name of another value.
pub(super) fn add_counted<R>(
    table: &mut Table,
    columns: &[ValueDefinition],
    rows: &[R],
    counted: impl Fn(&R, usize) -> Option<u64>,
) {
    for (place, column) in columns.iter().enumerate() {
        let key = format!("{}_of", column.id.value);
        let counted: Vec<_> = rows.iter().map(|row| counted(row, place)).collect();
        if counted.iter().all(Option::is_none) || columns.iter().any(|c| c.id.value == key) {
            continue;
        }
        let label = format!("{} of", column.label);
        table.headings.push(Heading::right(key, label));
        for (row, counted) in table.rows.iter_mut().zip(counted) {
            row.push(counted.into());
        }
    }
}
