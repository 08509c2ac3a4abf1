//! Lists everything of a scan that SQL cannot answer, for those who want it pushed down.

use super::dialect::Dialect;
use super::nodes::Nodes;
use super::queries::queries;
use super::reading::Times;
use super::source::key;
use super::{Shapes, Unsupported};
use crate::ir::{AggregateId, CollectionScan, Ir, IrMeasure, Selection, TableScan};
use crate::time::{Clock, Plausible};

/// All reasons why a scan is not pushed down to a database of a dialect; empty if it is.
pub fn refusals(
    ir: &Ir,
    scan: &TableScan,
    (clock, plausible): (&Clock, Plausible),
    dialect: &dyn Dialect,
    shapes: &dyn Shapes,
) -> Vec<Unsupported> {
    let Err(first) = queries(ir, scan, (clock, plausible), dialect, shapes) else {
        return Vec::new();
    };
    let times = Times {
        zone: clock.zone,
        plausible,
    };
    let mut nodes = Nodes::new(scan, clock, times, dialect, shapes);
    let mut found = Found(vec![first]);
    let mut asked = Vec::new();
    for collection in &scan.collections {
        found.note(key(
            &nodes,
            collection.subject.lookup,
            &collection.subject.column,
        ));
        if let Some(at) = &collection.at {
            found.note(nodes.time(at));
        }
        asked.extend(collection.admitted);
        for selection in &collection.selections {
            asked.extend(selection.filter);
            for id in &selection.measures {
                let alone = TableScan {
                    collections: vec![with(collection, selection, *id)],
                    ..scan.clone()
                };
                found.note(queries(ir, &alone, (clock, plausible), dialect, shapes));
                let measure = ir.aggregates.get(*id).map(|aggregate| aggregate.measure);
                asked.extend(measure.and_then(IrMeasure::field));
            }
        }
    }
    // An operand that fails makes everything behind it fail too, for the same reason.
    for node in scan.program.nodes_behind(asked) {
        if nodes.asks_rows(node) {
            found.note(nodes.term(node));
        }
    }
    found.0
}

/// A copy of the collection with a single aggregate.
fn with(collection: &CollectionScan, selection: &Selection, id: AggregateId) -> CollectionScan {
    let alone = Selection {
        measures: vec![id],
        ..selection.clone()
    };
    CollectionScan {
        selections: std::iter::once(alone).collect(),
        ..collection.clone()
    }
}

/// Each reason once.
struct Found(Vec<Unsupported>);

impl Found {
    fn note<T>(&mut self, answer: Result<T, Unsupported>) {
        if let Err(unsupported) = answer
            && !self.0.contains(&unsupported)
        {
            self.0.push(unsupported);
        }
    }
}
