//! Texts that conditions compare a column with and that the column never has: mostly a slip of the pen.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Entity};
use crate::config::FieldSource;
use crate::diagnostic::{Code, Finding, suggest};
use crate::engine::local::Local;
use crate::language::check::{FieldValues, MetricDefinition};
use crate::language::typed::{Aggregate, ColumnRef, Comparison, Kind, Typed};
use crate::run::{Project, RunError};
use crate::source::{Location, Scalar, Sources};
use crate::value::Value;

/// The most different texts that a column may have to be looked at: more are names and remarks.
const MAX_TEXTS: usize = 50;
/// The most rows that are looked at; of a larger table nothing is said.
const MAX_ROWS: usize = 200_000;
/// The most columns that are looked at.
const MAX_COLUMNS: usize = 20;
/// So many of the texts that there are stand in the help.
const SHOWN: usize = 8;

/// A table and its column.
type Column = (String, String);

/// A warning for each text that no row has in the column it is compared with. Looks at tables of up to
/// 200,000 rows whose column has up to 50 different texts, at no views, and at up to 20 columns, each once.
///
/// # Errors
/// The database cannot be read.
pub fn absent_texts(project: &Project) -> Result<Vec<Finding>, RunError> {
    let mut search = Search {
        catalog: &project.catalog,
        sources: &project.sources,
        found: BTreeMap::new(),
    };
    search.project(project);
    if search.found.is_empty() {
        return Ok(Vec::new());
    }
    let engine = Local::open(&project.config.database)?;
    let mut findings = Vec::new();
    for ((table, column), compared) in search.found.into_iter().take(MAX_COLUMNS) {
        let texts = engine.texts(&table, &column, MAX_TEXTS, MAX_ROWS)?;
        // A column without any text says nothing about what will be in it.
        let Some(texts) = texts.filter(|texts| !texts.is_empty()) else {
            continue;
        };
        let absent = compared
            .into_iter()
            .filter(|(text, _)| !texts.contains(text));
        findings.extend(absent.map(|(text, at)| finding(&table, &column, &text, &texts).at(at)));
    }
    Ok(findings)
}

fn finding(table: &str, column: &str, text: &str, texts: &BTreeSet<String>) -> Finding {
    let names = || texts.iter().map(String::as_str);
    let shown: Vec<String> = names()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = match texts.len().saturating_sub(shown.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let help = match suggest(text, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the data has {}{more}", shown.join(", ")),
    };
    let message = format!("no row of `{table}` has `{text}` as its `{column}`");
    Finding::new(Code::AbsentValue, message).help(help)
}

/// What is compared with what, over all that is checked.
struct Search<'p> {
    catalog: &'p Catalog,
    sources: &'p Sources,
    /// The texts that a column is compared with, and where.
    found: BTreeMap<Column, Vec<(String, Location)>>,
}

impl Search<'_> {
    fn project(&mut self, project: &Project) {
        let (rules, checked) = (&project.rules, &project.checked);
        for (metric, found) in rules.metrics.iter().zip(&checked.metrics) {
            match &found.definition {
                MetricDefinition::Value(typed) => self.typed(typed, None, &metric.text),
                MetricDefinition::Row(aggregate) => self.aggregate(aggregate, &metric.text),
            }
        }
        for (field, found) in project.config.fields.iter().zip(&checked.fields) {
            if let (FieldSource::One(one), FieldValues::One(typed)) = (&field.source, &found.source)
            {
                self.typed(typed, None, one);
            }
        }
        for (segment, typed) in rules.segments.iter().zip(&checked.segments) {
            // Beside a filter, `when:` is part of a text that nobody wrote.
            let alone = segment.when.as_ref().filter(|_| segment.filter.is_empty());
            if let (Some(when), Some(typed)) = (alone, typed) {
                self.typed(typed, None, when);
            }
        }
        for (ladder, typed) in rules.ladders.iter().zip(&checked.among) {
            if let (Some(among), Some(typed)) = (&ladder.among, typed) {
                self.typed(typed, None, among);
            }
        }
        if let (Some(active), Some(typed)) = (&project.config.active, &checked.active) {
            self.typed(typed, None, active);
        }
        if let (Some(health), Some(found)) = (&project.config.health, &checked.health) {
            for (factor, found) in health.factors.iter().zip(&found.factors) {
                self.typed(&found.value, None, &factor.value);
            }
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate, scalar: &Scalar) {
        let parts = aggregate.filter.iter().chain(aggregate.measure.field());
        for part in parts {
            self.typed(part, Some(aggregate.collection), scalar);
        }
    }

    /// Looks through an expression; `row` is the collection whose row it speaks of.
    fn typed(&mut self, typed: &Typed, row: Option<usize>, scalar: &Scalar) {
        match &typed.kind {
            Kind::Aggregate(aggregate) => return self.aggregate(aggregate, scalar),
            Kind::Compare(Comparison::Equal | Comparison::NotEqual, one, other) => {
                self.pair(one, other, row, scalar);
                self.pair(other, one, row, scalar);
            }
            Kind::InList(one, items) => {
                for item in items {
                    self.pair(one, item, row, scalar);
                }
            }
            _ => {}
        }
        for operand in typed.operands() {
            self.typed(operand, row, scalar);
        }
    }

    fn pair(&mut self, column: &Typed, text: &Typed, row: Option<usize>, scalar: &Scalar) {
        let Kind::Constant(Value::Text(written)) = &text.kind else {
            return;
        };
        let of_row = row.and_then(|place| self.catalog.collections.get(place));
        let column = match &column.kind {
            Kind::Subject(column) => place(&self.catalog.subject, column),
            Kind::Row(column) => of_row.and_then(|rows| place(&rows.entity, column)),
            _ => None,
        };
        if let Some(column) = column.filter(|_| !written.is_empty()) {
            let at = scalar.locate(text.span.start..text.span.end, self.sources);
            let found = self.found.entry(column).or_default();
            found.push((written.clone(), at));
        }
    }
}

/// The table and column that a reference reads.
fn place(entity: &Entity, column: &ColumnRef) -> Option<Column> {
    let table = match &column.lookup {
        None => &entity.table,
        Some(lookup) => &entity.lookups.get(lookup)?.table,
    };
    Some((table.clone(), column.column.clone()))
}
