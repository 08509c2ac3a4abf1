//! Plain recency: the days since a customer's last visit, which a score must beat to be worth its trouble.

use std::collections::HashSet;

use crate::catalog::{Collection, CollectionId};
use crate::language::check::{CheckedChurn, MetricDefinition};
use crate::language::typed::{Aggregate, Function, Kind, Measure, Typed};
use crate::project::Project;
use crate::time::Window;
use crate::value::Type;

/// How long a customer has been away.
pub(super) struct Recency {
    /// Whole days, a number; missing if they never came.
    pub days: Typed,
    /// The collection that the days are counted from.
    pub collection: CollectionId,
}

/// Days since the last of the rows that `when` looks for, with its condition; if `when` looks for none, those that
/// `among` looks for. `None` if neither looks for rows that have a time.
pub(super) fn recency(project: &Project, churn: &CheckedChurn) -> Option<Recency> {
    let when = aggregates(project, &churn.when);
    let among = aggregates(project, &churn.among);
    let ahead = when.iter().filter(|rows| rows.window.reaches_past_now());
    let mut wanted = ahead.chain(&when).chain(&among);
    wanted.find_map(|rows| {
        let collection = project.catalog.collections.get(rows.collection)?;
        Some(Recency {
            days: days_since_last(rows, collection)?,
            collection: rows.collection,
        })
    })
}

/// The aggregates in a condition, including those behind metrics. Iterates over the metrics instead of recursing, so
/// that a long chain cannot exhaust the stack.
fn aggregates(project: &Project, condition: &Typed) -> Vec<Aggregate> {
    let metrics = &project.checked.metrics;
    let mut found = Vec::new();
    let mut open = vec![condition];
    let mut seen = HashSet::new();
    while let Some(expression) = open.pop() {
        expression.each(&mut |part| match &part.kind {
            Kind::Aggregate(aggregate) => found.push((**aggregate).clone()),
            Kind::Metric(name) if seen.insert(name) => {
                let metric = metrics.iter().find(|metric| metric.name == *name);
                match metric.map(|metric| &metric.definition) {
                    Some(MetricDefinition::Value(value)) => open.push(value),
                    Some(MetricDefinition::Row(row)) => found.push((**row).clone()),
                    None => {}
                }
            }
            _ => {}
        });
    }
    found
}

/// `days_since(max(rows.at where …))`
fn days_since_last(rows: &Aggregate, collection: &Collection) -> Option<Typed> {
    let at = time_of(collection)?;
    let last = Aggregate {
        collection: rows.collection,
        window: Window::Past,
        filter: rows.filter.clone(),
        measure: Measure::Max(at),
    };
    let last = Typed::made(Kind::Aggregate(Box::new(last)), Type::Instant);
    let days = Kind::Call(Function::DaysSince, vec![last]);
    Some(Typed::made(days, Type::Number))
}

/// The time of a collection's row, an instant; `None` if it has no readable time.
pub(super) fn time_of(collection: &Collection) -> Option<Typed> {
    let column = Kind::Row(collection.at.clone()?);
    Some(match collection.at_type?.value_type() {
        Type::Date => {
            let date = Typed::made(column, Type::Date);
            Typed::made(Kind::Call(Function::Midnight, vec![date]), Type::Instant)
        }
        _ => Typed::made(column, Type::Instant),
    })
}
