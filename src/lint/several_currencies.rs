//! Amounts in several currencies that are added up as if they were in one: a column beside them says which currency each is in.

mod cells;
mod mixed;

use std::collections::{BTreeMap, BTreeSet};

use self::cells::{Held, held};
use self::mixed::{Mixed, Tables, table_of};
use super::{Compiled, Look};
use crate::catalog::{Collection, CollectionId, ColumnRef};
use crate::config::{Locale, marks};
use crate::diagnostic::{Code, Finding};
use crate::engine::EngineError;
use crate::init::is_called_amount;
use crate::language::ast::{Name, Span};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::value::Type;

/// What helps if the currencies stand in the amounts' own cells.
const CONVERT: &str = "convert them, or give each currency a column of its own, where they come from or in a view; or, if a column beside \
     them says what each is in, let in one alone with `where:` in the collection";

/// Warns of each collection whose amounts are added up across several currencies, at the first place that does so.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    if look.beside_a_run {
        return Ok(Vec::new());
    }
    let mut added: BTreeMap<CollectionId, Vec<(&Typed, &Aggregate)>> = BTreeMap::new();
    for written in compiled.expressions() {
        written.typed.each(&mut |typed| {
            if let Kind::Aggregate(aggregate) = &typed.kind
                && adds_amounts(aggregate)
            {
                let of = added.entry(aggregate.collection).or_default();
                of.push((typed, aggregate));
            }
        });
    }
    let snapshot = look.connector.snapshot()?;
    let held = held(compiled, &*snapshot, look)?;
    let mut tables = Tables::new(&*snapshot, compiled.catalog.trust.currency);
    let mut findings = Vec::new();
    let mut added_up: BTreeSet<usize> = BTreeSet::new();
    for (id, mut aggregates) in added {
        // An aggregate without a condition is reported first, as a condition may admit only one currency.
        aggregates.sort_by_key(|(_, aggregate)| aggregate.filter.is_some());
        let Some(collection) = compiled.catalog.collections.get(id) else {
            continue;
        };
        let mut told: Vec<ColumnRef> = Vec::new();
        for (typed, aggregate) in aggregates {
            for amount in amounts(aggregate) {
                for mixed in tables.beside(&collection.entity, amount)? {
                    let filter = compiled.checked.collection_filters.get(id);
                    let mut asked = filter.into_iter().flatten();
                    let mut parts = aggregate.filter.iter().chain(aggregate.measure.field());
                    let is_parted = asked.any(|typed| names(typed, &mixed.column))
                        || parts.any(|part| mixed.column != *amount && names(part, &mixed.column));
                    if !is_parted && !told.contains(&mixed.column) {
                        findings.push(finding(compiled, collection, &mixed, typed));
                        told.push(mixed.column);
                    }
                }
                let table = table_of(&collection.entity, amount);
                let in_cells = held.iter().enumerate();
                let in_cells = in_cells
                    .filter(|(_, held)| table.is_some_and(|table| held.is(table, &amount.column)));
                for (place, held) in in_cells {
                    if added_up.insert(place) {
                        let mixed = held.mixed(amount.lookup.clone());
                        findings.push(finding(compiled, collection, &mixed, typed));
                    }
                }
            }
        }
    }
    let others = held.iter().enumerate();
    let others = others.filter(|(place, _)| !added_up.contains(place));
    findings.extend(others.map(|(_, held)| compared(compiled, held)));
    Ok(findings)
}

/// Whether an aggregate combines several amounts into one.
fn adds_amounts(aggregate: &Aggregate) -> bool {
    !amounts(aggregate).is_empty()
}

/// The columns whose amounts an aggregate combines.
fn amounts(aggregate: &Aggregate) -> Vec<&ColumnRef> {
    let (Measure::Sum(field)
    | Measure::Avg(field)
    | Measure::Quantile(field, _)
    | Measure::Stddev(field)) = &aggregate.measure
    else {
        return Vec::new();
    };
    let mut amounts = Vec::new();
    field.each(&mut |typed| {
        if let Kind::Row(column) = &typed.kind
            && (typed.ty == Type::Money || is_called_amount(&column.column))
        {
            amounts.push(column);
        }
    });
    amounts
}

/// Whether an expression over a row refers to one of its columns.
fn names(typed: &Typed, column: &ColumnRef) -> bool {
    let mut any = false;
    typed.each(&mut |typed| any |= matches!(&typed.kind, Kind::Row(named) if named == column));
    any
}

/// The finding about a column whose amounts are compared rather than added up.
fn compared(compiled: &Compiled<'_>, held: &Held) -> Finding {
    let told = told(compiled, &held.mixed(None));
    let message = format!("amounts in several currencies are read as if they were in one: {told}");
    Finding {
        location: held.place,
        ..Finding::new(Code::SeveralCurrencies, message).help(CONVERT)
    }
}

/// How many rows each currency has, in words.
fn told(compiled: &Compiled<'_>, mixed: &Mixed) -> String {
    let marks = marks(Locale::EnUs);
    let Mixed {
        table,
        column,
        counts,
        ..
    } = mixed;
    let told = counts.iter().take(4).map(|(currency, rows)| {
        let rows = marks.counted(usize::try_from(*rows).unwrap_or(usize::MAX), "row");
        format!("`{currency}` in {rows}")
    });
    let mut told: Vec<String> = told.collect();
    if let more @ 1.. = counts.len().saturating_sub(told.len()) {
        told.push(format!("{more} more"));
    }
    let told = match compiled.catalog.is_private(table, &column.column) {
        true => "several".to_owned(),
        false => told.join(", "),
    };
    format!("`{}` of `{table}` is {told}", column.column)
}

fn finding(
    compiled: &Compiled<'_>,
    collection: &Collection,
    mixed: &Mixed,
    typed: &Typed,
) -> Finding {
    let is_private = compiled
        .catalog
        .is_private(&mixed.table, &mixed.column.column);
    let message = format!(
        "amounts in several currencies are added up as if they were in one: {}",
        told(compiled, mixed)
    );
    let one = mixed.counts.first().filter(|_| !is_private);
    let one = one.map_or("…", |(currency, _)| currency);
    let written = |name: &str| {
        Name {
            text: name.to_owned(),
            span: Span::default(),
        }
        .to_string()
    };
    let lookup = mixed.column.lookup.iter();
    let lookup: String = lookup.map(|lookup| written(lookup) + ".").collect();
    let one = format!(
        "{lookup}{} = \"{}\"",
        written(&mixed.column.column),
        one.replace('"', "\"\"")
    );
    let help = match mixed.is_amount {
        true => CONVERT.to_owned(),
        false => format!(
            "add up one of them, as in `sum({name}.… where {one})`; or leave the others out with `where: {one}` in the collection \
             `{name}`, or read a view that converts them",
            name = collection.name
        ),
    };
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
