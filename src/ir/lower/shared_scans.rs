//! Tables whose plain and compared aggregates one scan can fill.

use std::collections::{BTreeSet, HashMap};

use crate::ir::{Ir, NodeId, Op, ScanId};

/// By table in small letters and level: the higher level at which all that the rows are read for there is read too.
pub(super) type SharedScans = HashMap<(String, usize), usize>;

/// The scans of a plan that need not be: of a table that is read at a higher level as well, by aggregates that no
/// rows are compared with.
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

/// The scans that fill what rows are compared with.
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
