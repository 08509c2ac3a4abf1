//! Texts that conditions compare with columns.

use std::collections::{BTreeMap, BTreeSet};

use super::Compiled;
use crate::catalog::{Catalog, CollectionId, ColumnRef, Entity};
use crate::connector::Snapshot;
use crate::engine::EngineError;
use crate::language::ast::Span;
use crate::language::check::Checked;
use crate::language::typed::{Aggregate, Comparison, Kind, Measure, Typed};
use crate::value::{Type, Value};

/// The most different texts that a column may have to be examined: columns with more hold names and remarks.
const MAX_TEXTS: usize = 50;
/// The most rows that are examined; larger tables are skipped.
pub(super) const MAX_ROWS: u32 = 200_000;
const MAX_COLUMNS: usize = 20;

/// A table and a column.
pub(super) type Column = (String, String);
/// A column, and the text that it is compared with.
type Compared<'p> = (Column, (&'p str, Span));

/// The texts that a column is compared with in one place: a single one, or those of a list.
pub(super) struct Asked<'p> {
    pub(super) texts: Vec<(&'p str, Span)>,
    /// Whether config leaves out rows with these texts.
    pub(super) leaves_out: bool,
    /// Whether the texts stand in a list.
    pub(super) is_list: bool,
}

/// A column, what it is compared with, and the different texts that it holds.
pub(super) struct Known<'p> {
    pub(super) column: Column,
    pub(super) asked: Vec<Asked<'p>>,
    pub(super) texts: BTreeSet<String>,
}

/// What config and rules compare columns with, and what the columns hold. Covers tables of up to 200,000 rows, but no views; columns of up to 50
/// different texts; and up to 20 columns.
pub(super) fn known<'p>(
    snapshot: &dyn Snapshot,
    asked: BTreeMap<Column, Vec<Asked<'p>>>,
) -> Result<Vec<Known<'p>>, EngineError> {
    let mut all = Vec::new();
    for (column, asked) in asked.into_iter().take(MAX_COLUMNS) {
        let (table, name) = (&column.0, &column.1);
        let texts = snapshot.distinct_texts(table, name, MAX_TEXTS, MAX_ROWS as usize)?;
        // A column without any text does not tell what it will hold.
        if let Some(texts) = texts.filter(|texts| !texts.is_empty()) {
            all.push(Known {
                column,
                asked,
                texts,
            });
        }
    }
    Ok(all)
}

/// The texts that columns are compared with, in each place.
pub(super) fn compared<'p>(compiled: &Compiled<'p>) -> BTreeMap<Column, Vec<Asked<'p>>> {
    search(compiled).found
}

/// The text columns that conditions test for missing values, each with the first place where that is done.
pub(super) fn asked_missing(compiled: &Compiled<'_>) -> BTreeMap<Column, Span> {
    search(compiled).missing
}

fn search<'p>(compiled: &Compiled<'p>) -> Search<'p> {
    let mut search = Search {
        catalog: compiled.catalog,
        checked: compiled.checked,
        found: BTreeMap::new(),
        missing: BTreeMap::new(),
        leaves_out: None,
    };
    for written in compiled.expressions() {
        search.leaves_out = written.is_config_filter.then_some(false);
        search.typed(written.typed, written.row);
    }
    search
}

/// Collects the comparisons in everything that is checked.
struct Search<'p> {
    catalog: &'p Catalog,
    checked: &'p Checked,
    /// The texts that a column is compared with, and where.
    found: BTreeMap<Column, Vec<Asked<'p>>>,
    /// The text columns that are tested for missing values, and where first.
    missing: BTreeMap<Column, Span>,
    /// Inside a `where:` of config, whether the current part is negated by `not`.
    leaves_out: Option<bool>,
}

impl<'p> Search<'p> {
    fn aggregate(&mut self, aggregate: &'p Aggregate) {
        let parts = aggregate.filter.iter().chain(aggregate.measure.field());
        for part in parts {
            self.typed(part, Some(aggregate.collection));
        }
    }

    /// Searches an expression. `row` is the collection whose rows it is about.
    fn typed(&mut self, typed: &'p Typed, row: Option<CollectionId>) {
        match &typed.kind {
            Kind::Aggregate(aggregate) => return self.aggregate(aggregate),
            Kind::Not(inner) => {
                let before = self.leaves_out;
                self.leaves_out = before.map(|out| !out);
                self.typed(inner, row);
                self.leaves_out = before;
                return;
            }
            Kind::IsMissing(of) if of.ty == Type::Text => {
                if let Some(column) = self.column(of, row) {
                    self.missing.entry(column).or_insert(of.span);
                }
            }
            Kind::Compare(comparison @ (Comparison::Equal | Comparison::NotEqual), one, other) => {
                let pair = self.pair(one, other, row);
                let before = self.leaves_out;
                if *comparison == Comparison::NotEqual {
                    self.leaves_out = before.map(|out| !out);
                }
                self.asked(pair, false);
                self.leaves_out = before;
            }
            Kind::InList(one, items) => {
                let pairs = items.iter().filter_map(|item| self.pair(one, item, row));
                let pairs: Vec<_> = pairs.collect();
                self.asked(pairs, true);
            }
            Kind::Or(parts) => {
                // `x = "a" or x = "b"` also counts as a list.
                let (equal, others): (Vec<_>, Vec<_>) = parts
                    .iter()
                    .partition(|part| matches!(part.kind, Kind::Compare(Comparison::Equal, ..)));
                let pairs = equal.iter().filter_map(|part| match &part.kind {
                    Kind::Compare(_, one, other) => self.pair(one, other, row),
                    _ => None,
                });
                let pairs: Vec<_> = pairs.collect();
                self.asked(pairs, false);
                let sides = equal.into_iter().flat_map(Typed::operands);
                for operand in sides.chain(others) {
                    self.typed(operand, row);
                }
                return;
            }
            _ => {}
        }
        for operand in typed.operands() {
            self.typed(operand, row);
        }
    }

    /// A column and the text that it is compared with.
    fn pair(
        &self,
        one: &'p Typed,
        other: &'p Typed,
        row: Option<CollectionId>,
    ) -> Option<Compared<'p>> {
        let text = |typed: &'p Typed| match &typed.kind {
            Kind::Constant(Value::Text(written)) if !written.is_empty() => {
                Some((written.as_str(), typed.span))
            }
            _ => None,
        };
        let found = |one, other| Some((self.column(one, row)?, text(other)?));
        found(one, other).or_else(|| found(other, one))
    }

    /// The column whose values an expression takes: directly, from one of the subject's rows, or from the metric that it names.
    fn column(&self, typed: &Typed, row: Option<CollectionId>) -> Option<Column> {
        match &typed.kind {
            Kind::Subject(column) => place(&self.catalog.subject, column),
            Kind::Row(column) => place(&self.catalog.collections.get(row?)?.entity, column),
            Kind::Aggregate(aggregate) => match &aggregate.measure {
                Measure::First(field) | Measure::Last(field) => {
                    self.column(field, Some(aggregate.collection))
                }
                _ => None,
            },
            Kind::Metric(name) => {
                let mut metrics = self.checked.metrics.iter();
                let metric = metrics.find(|metric| metric.name == *name)?;
                self.column(metric.definition.value()?, None)
            }
            _ => None,
        }
    }

    /// Records what one place compares, separately for each column.
    fn asked(&mut self, pairs: impl IntoIterator<Item = Compared<'p>>, is_list: bool) {
        let mut columns: BTreeMap<Column, Vec<(&'p str, Span)>> = BTreeMap::new();
        for (column, text) in pairs {
            columns.entry(column).or_default().push(text);
        }
        for (column, texts) in columns {
            let asked = Asked {
                texts,
                leaves_out: self.leaves_out == Some(true),
                is_list,
            };
            self.found.entry(column).or_default().push(asked);
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
