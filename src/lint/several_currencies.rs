//! Amounts in several currencies that are added up as if they were in one: a column beside them says what each is in.

use std::collections::{BTreeMap, BTreeSet};

use super::compared::MAX_ROWS;
use super::{Compiled, Look};
use crate::catalog::{Collection, CollectionId};
use crate::config::{Locale, marks};
use crate::connector::Snapshot;
use crate::diagnostic::{Code, Finding};
use crate::engine::EngineError;
use crate::init::{are_currencies, currency_form, is_called_amount, is_called_currency};
use crate::language::ast::{Name, Span};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::value::Type;

/// A column of currencies has no more of them.
const MOST: usize = 40;

/// A column that names several currencies, and how many rows each has, the commonest first.
type Mixed = (String, Vec<(String, usize)>);

/// A warning for each collection whose amounts are added up over several currencies, by the first place that does.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    if look.beside_a_run {
        return Ok(Vec::new());
    }
    let mut added: BTreeMap<CollectionId, Vec<(&Typed, &Aggregate)>> = BTreeMap::new();
    let written = compiled.expressions();
    let written = written.iter().map(|written| written.typed);
    for typed in written.chain(&compiled.checked.values) {
        typed.each(&mut |typed| {
            if let Kind::Aggregate(aggregate) = &typed.kind
                && adds_amounts(aggregate)
            {
                let of = added.entry(aggregate.collection).or_default();
                of.push((typed, aggregate));
            }
        });
    }
    if added.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for (id, aggregates) in added {
        let Some(collection) = compiled.catalog.collections.get(id) else {
            continue;
        };
        for (column, counts) in currencies(&*snapshot, collection)? {
            let filter = compiled.checked.collection_filters.get(id);
            if filter.is_some_and(|filter| filter.iter().any(|typed| names(typed, &column))) {
                continue;
            }
            let mut aggregates = aggregates.iter();
            let first = aggregates.find(|(_, aggregate)| {
                let mut parts = aggregate.filter.iter().chain(aggregate.measure.field());
                !parts.any(|part| names(part, &column))
            });
            if let Some((typed, _)) = first {
                findings.push(finding(compiled, (collection, &column), &counts, typed));
            }
        }
    }
    Ok(findings)
}

/// Whether an aggregate makes one amount of several.
fn adds_amounts(aggregate: &Aggregate) -> bool {
    let (Measure::Sum(field)
    | Measure::Avg(field)
    | Measure::Quantile(field, _)
    | Measure::Stddev(field)) = &aggregate.measure
    else {
        return false;
    };
    let is_amount = |typed: &Typed| match &typed.kind {
        Kind::Row(column) => typed.ty == Type::Money || is_called_amount(&column.column),
        _ => false,
    };
    let mut any = false;
    field.each(&mut |typed| any |= is_amount(typed));
    any
}

/// Whether an expression over a row asks for one of its columns.
fn names(typed: &Typed, column: &str) -> bool {
    let mut any = false;
    typed.each(&mut |typed| {
        any |= matches!(&typed.kind, Kind::Row(named) if named.lookup.is_none() && named.column == column);
    });
    any
}

/// The columns of a collection's table that say what each row's amount is in, where that is not the same in all: how many rows each
/// currency has, the commonest first.
fn currencies(snapshot: &dyn Snapshot, collection: &Collection) -> Result<Vec<Mixed>, EngineError> {
    let table = &collection.entity.table;
    let mut found = Vec::new();
    for column in collection.entity.columns.keys() {
        let rows = MAX_ROWS as usize;
        let Some(texts) = snapshot.distinct_texts(table, column, MOST, rows)? else {
            continue;
        };
        let is_currency = is_called_currency(column) || are_currencies(&texts);
        let forms: BTreeSet<String> = texts.iter().map(|text| currency_form(text)).collect();
        if !is_currency || forms.len() < 2 {
            continue;
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let values = snapshot.values(table, column, MAX_ROWS).unwrap_or_default();
        for text in values.iter().filter_map(|value| value.as_str()) {
            let written = text.trim();
            if !written.is_empty() {
                *counts.entry(written.to_owned()).or_default() += 1;
            }
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        found.push((column.clone(), counts));
    }
    Ok(found)
}

fn finding(
    compiled: &Compiled<'_>,
    (collection, column): (&Collection, &str),
    counts: &[(String, usize)],
    typed: &Typed,
) -> Finding {
    let table = &collection.entity.table;
    let marks = marks(Locale::EnUs);
    let is_private = compiled.catalog.is_private(table, column);
    let told = counts.iter().take(4).map(|(currency, rows)| {
        let rows = marks.counted(*rows, "row");
        format!("`{currency}` in {rows}")
    });
    let mut told: Vec<String> = told.collect();
    if let more @ 1.. = counts.len().saturating_sub(told.len()) {
        told.push(format!("{more} more"));
    }
    let told = match is_private {
        true => "several".to_owned(),
        false => told.join(", "),
    };
    let message = format!(
        "amounts in several currencies are added up as if they were in one: `{column}` of `{table}` is {told}"
    );
    let one = counts.first().filter(|_| !is_private);
    let one = one.map_or("…", |(currency, _)| currency);
    let column = Name {
        text: column.to_owned(),
        span: Span::default(),
    };
    let one = format!("{column} = \"{}\"", one.replace('"', "\"\""));
    let help = format!(
        "add up one of them, as in `sum({name}.… where {one})`; or leave the others out with `where: {one}` in the collection \
         `{name}`, or read a view that converts them",
        name = collection.name
    );
    let finding = Finding::new(Code::SeveralCurrencies, message).help(help);
    let place = compiled
        .checked
        .source_map
        .locate(typed.span, compiled.sources);
    let mut named = compiled.config.collections.iter();
    let named = named.find(|named| named.name.value == collection.name);
    Finding {
        location: place.or_else(|| named.map(|named| named.table.location)),
        ..finding
    }
}
