//! Finds tables for which one scan can fill both the plain aggregates and those that compare rows.

use std::collections::{BTreeSet, HashMap};

use crate::ir::{Ir, NodeId, Op, ScanId};

/// By table in lower case and level: the higher level at which the rows are read for everything from that level too.
pub(super) type SharedScans = HashMap<(String, usize), usize>;

/// The scans of a plan that are not needed: their table is also read at a higher level, and no rows are compared with
/// their aggregates.
pub(super) fn shared_scans(ir: &Ir) -> SharedScans {
    let mut highest: HashMap<String, usize> = HashMap::new();
    for scan in &ir.scans {
        let level = highest.entry(scan.table.clone()).or_default();
        *level = scan.level.max(*level);
    }
    let mut shared = SharedScans::new();
    // Most plans compare no rows, or read each table once.
    if highest.len() == ir.scans.len() {
        return shared;
    }
    let needed = needed_among_rows(ir);
    for (id, scan) in ir.scans.iter_enumerated() {
        let table = scan.table.clone();
        if let Some(level) = highest.get(&table)
            && *level > scan.level
            && !needed.contains(&id)
        {
            shared.insert((table, scan.level), *level);
        }
    }
    shared
}

/// The scans that fill aggregates with which rows are compared.
fn needed_among_rows(ir: &Ir) -> BTreeSet<ScanId> {
    let compared = ir
        .scans
        .iter()
        .flat_map(|scan| scan.program.compared_with());
    let (mut open, mut seen): (Vec<NodeId>, BTreeSet<NodeId>) =
        (compared.collect(), BTreeSet::new());
    let mut scans = BTreeSet::new();
    while let Some(node) = open.pop() {
        if !seen.insert(node) {
            continue;
        }
        open.extend(ir.needs(node));
        if let Some(Op::Aggregate(id)) = ir.program.nodes.get(node).map(|node| &node.op) {
            scans.extend(ir.aggregates.get(*id).map(|aggregate| aggregate.scan));
        }
    }
    scans
}
