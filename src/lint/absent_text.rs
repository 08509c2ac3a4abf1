//! Texts that conditions compare a column with and that the column never has: mostly a typo.

use std::collections::{BTreeMap, BTreeSet};

use super::{Compiled, Look, wording};
use crate::catalog::{Catalog, CollectionId, ColumnRef, Entity};
use crate::diagnostic::{Code, Finding, suggest};
use crate::engine::EngineError;
use crate::language::ast::Span;
use crate::language::check::Checked;
use crate::language::typed::{Aggregate, Comparison, Kind, Measure, Typed};
use crate::value::Value;

/// The most different texts that a column may have to be looked at: more are names and remarks.
const MAX_TEXTS: usize = 50;
/// The most rows that are looked at; of a larger table nothing is said.
const MAX_ROWS: usize = 200_000;
const MAX_COLUMNS: usize = 20;

type Column = (String, String);
/// A column, and the text that it is compared with.
type Compared<'p> = (Column, (&'p str, Span));

/// A warning for each text that no row has in the column it is compared with. Looks at tables of up to
/// 200,000 rows whose column has up to 50 different texts, at no views, and at up to 20 columns, each once.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    let mut search = Search {
        catalog: compiled.catalog,
        checked: compiled.checked,
        found: BTreeMap::new(),
        leaves_out: None,
    };
    for written in compiled.expressions() {
        search.leaves_out = written.is_config_filter.then_some(false);
        search.typed(written.typed, written.row);
    }
    if search.found.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for ((table, column), compared) in search.found.into_iter().take(MAX_COLUMNS) {
        let texts = snapshot.distinct_texts(&table, &column, MAX_TEXTS, MAX_ROWS)?;
        // A column without any text says nothing about what will be in it.
        let Some(texts) = texts.filter(|texts| !texts.is_empty()) else {
            continue;
        };
        let is_private = compiled.catalog.is_private(&table, &column);
        let told = compared
            .iter()
            .filter_map(|asked| asked.finding(&table, &column, &texts));
        let told = told.map(|(finding, at)| match is_private {
            true => (
                Finding {
                    help: None,
                    ..finding
                },
                at,
            ),
            false => (finding, at),
        });
        findings.extend(told.map(|(finding, at)| {
            let location = compiled.checked.source_map.locate(at, compiled.sources);
            Finding {
                location,
                ..finding
            }
        }));
    }
    Ok(findings)
}

/// The texts that a column is compared with in one place: one, or those of a list.
struct Asked<'p> {
    texts: Vec<(&'p str, Span)>,
    /// Config leaves such rows out, as it may before there are any: only what is near another text is a slip.
    near_only: bool,
}

impl<'p> Asked<'p> {
    /// What is said of those that are not in the data, and where.
    fn finding(
        &self,
        table: &str,
        column: &str,
        found: &BTreeSet<String>,
    ) -> Option<(Finding, Span)> {
        let absent = self.texts.iter().filter(|(text, _)| {
            let is_near = || suggest(text, found.iter().map(String::as_str)).is_some();
            !found.contains(*text) && (!self.near_only || is_near())
        });
        let (texts, spans): (Vec<&str>, Vec<Span>) = absent.copied().unzip();
        let span = *spans.first()?;
        let message = match texts.as_slice() {
            [text] => format!("no row of `{table}` has `{text}` as its `{column}`"),
            _ => format!(
                "no row of `{table}` has {} of these {} texts as its `{column}`: {}",
                texts.len(),
                self.texts.len(),
                wording::examples(&texts)
            ),
        };
        let finding = Finding::new(Code::AbsentValue, message);
        let finding = Finding {
            help: wording::help(&texts, found),
            ..finding
        };
        Some((finding, span))
    }
}

/// What is compared with what, over all that is checked.
struct Search<'p> {
    catalog: &'p Catalog,
    checked: &'p Checked,
    /// The texts that a column is compared with, and where.
    found: BTreeMap<Column, Vec<Asked<'p>>>,
    /// Within a `where:` of config: whether what is looked through is turned round by `not`.
    leaves_out: Option<bool>,
}

impl<'p> Search<'p> {
    fn aggregate(&mut self, aggregate: &'p Aggregate) {
        let parts = aggregate.filter.iter().chain(aggregate.measure.field());
        for part in parts {
            self.typed(part, Some(aggregate.collection));
        }
    }

    /// Looks through an expression; `row` is the collection whose row it speaks of.
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
            Kind::Compare(comparison @ (Comparison::Equal | Comparison::NotEqual), one, other) => {
                let pair = self.pair(one, other, row);
                let before = self.leaves_out;
                if *comparison == Comparison::NotEqual {
                    self.leaves_out = before.map(|out| !out);
                }
                self.asked(pair);
                self.leaves_out = before;
            }
            Kind::InList(one, items) => {
                let pairs = items.iter().filter_map(|item| self.pair(one, item, row));
                let pairs: Vec<_> = pairs.collect();
                self.asked(pairs);
            }
            Kind::Or(parts) => {
                // `x = "a" or x = "b"` is a list as well.
                let (equal, others): (Vec<_>, Vec<_>) = parts
                    .iter()
                    .partition(|part| matches!(part.kind, Kind::Compare(Comparison::Equal, ..)));
                let pairs = equal.iter().filter_map(|part| match &part.kind {
                    Kind::Compare(_, one, other) => self.pair(one, other, row),
                    _ => None,
                });
                let pairs: Vec<_> = pairs.collect();
                self.asked(pairs);
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

    /// The column whose values an expression takes: its own, that of one of the subject's rows, or of the metric
    /// that it names.
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

    /// Takes in what one place compares, each column by itself.
    fn asked(&mut self, pairs: impl IntoIterator<Item = Compared<'p>>) {
        let mut columns: BTreeMap<Column, Vec<(&'p str, Span)>> = BTreeMap::new();
        for (column, text) in pairs {
            columns.entry(column).or_default().push(text);
        }
        for (column, texts) in columns {
            let asked = Asked {
                texts,
                near_only: self.leaves_out == Some(true),
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
