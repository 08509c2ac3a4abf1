//! The queries for one scan.

use super::asking::Asking;
use super::dialect::{Dialect, Stored};
use super::looked_up::of_lookup;
use super::nodes::Nodes;
use super::query::Queries;
use super::reading::Times;
use super::source::Source;
use super::{Shapes, Unsupported};
use crate::ir::{Ir, IrMeasure, KeyColumn, NodeId, Op, TableScan};
use crate::time::{Clock, Plausible};
use crate::value::{KeyMatch, KeyType};

/// The queries for a scan, in the SQL of a dialect.
///
/// # Errors
/// If something has no exact equivalent in its SQL.
pub fn queries(
    ir: &Ir,
    scan: &TableScan,
    (clock, plausible): (&Clock, Plausible),
    dialect: &dyn Dialect,
    shapes: &dyn Shapes,
) -> Result<Queries, Unsupported> {
    let times = Times {
        zone: clock.zone,
        plausible,
    };
    let mut nodes = Nodes::new(scan, clock, times, dialect, shapes);
    // Whole numbers have only one form.
    let is_loose = |matching, table: &str, key: &str| {
        matching == KeyMatch::Loose && shapes.stored(table, key) != Some(Stored::Integer)
    };
    let subject = &ir.subject;
    let by_text = subject.key_types.said == Some(KeyType::Text);
    let of_subject = match by_text {
        true => subject.matching == KeyMatch::Loose,
        false => is_loose(subject.matching, &subject.table, &subject.key),
    };
    let mut lookups = scan.lookups.iter();
    if of_subject || lookups.any(|of| is_loose(of.matching, &of.table, &of.key)) {
        return Err(nodes.refused("its keys are matched loosely"));
    }
    let mut new = Queries {
        queries: Vec::new(),
        given: Vec::new(),
        keys: Vec::new(),
    };
    let mut owners: Vec<&KeyColumn> = Vec::new();
    for collection in &scan.collections {
        if !owners.contains(&&collection.subject) {
            owners.push(&collection.subject);
        }
    }
    let asked = asked(ir, &nodes)?;
    for owner in owners {
        let source = Source::new(ir, &mut nodes, owner, &asked)?;
        let asking = Asking {
            ir,
            nodes: &nodes,
            source: &source,
        };
        new.queries.push(asking.grouped(plausible)?);
        for (place, collection) in &source.collections {
            asking.ends((*place, collection), &mut new.queries)?;
            asking.values((*place, collection), &mut new.queries)?;
            new.queries.extend(asking.repeats((*place, collection)));
        }
        new.keys.push(source.keys);
    }
    for lookup in scan.lookups.ids() {
        let query = of_lookup(&mut nodes, lookup, plausible)?;
        new.queries.extend(query);
    }
    new.given = nodes.of_subjects;
    Ok(new)
}

/// The nodes that selections and measures need.
fn asked(ir: &Ir, nodes: &Nodes<'_>) -> Result<Vec<NodeId>, Unsupported> {
    let mut asked = Vec::new();
    for collection in &nodes.scan.collections {
        let behind = nodes.scan.program.behind(collection.admitted);
        let of_subject = |op: &&Op| matches!(op, Op::OfSubject(_) | Op::ValueOfSubject(_));
        if behind.iter().any(of_subject) {
            return Err(nodes.refused("its `where:` in config asks for the row's subject"));
        }
        for selection in &collection.selections {
            asked.extend(selection.filter);
            for id in &selection.measures {
                let measure = ir.aggregates.get(*id).map(|aggregate| aggregate.measure);
                if let Some(IrMeasure::Values(_)) = measure {
                    return Err(nodes.refused("a field's values come in the order of the table"));
                }
                asked.extend(measure.and_then(IrMeasure::field));
            }
        }
    }
    Ok(asked)
}
