//! Copies scans and aggregates into a union.

use std::collections::{BTreeSet, HashMap};

use super::{Joining, at, with_lookup};
use crate::catalog::CollectionId;
use crate::index::{Id, IndexVec};
use crate::ir::lower::Builder;
use crate::ir::{
    AggregateId, CollectionScan, InputColumn, InputId, Ir, IrAggregate, IrMeasure, KeyColumn,
    LookupId, NodeId, Op, Program, ScanId, Selection, TableScan,
};

/// Where a scan was copied to, and the nodes of its program that have been copied.
pub(super) struct RowNodes {
    scan: ScanId,
    nodes: HashMap<NodeId, NodeId>,
}

impl Joining<'_> {
    /// Copies an aggregate. The nodes that its rows are compared with have been copied already.
    pub(super) fn aggregate(&mut self, id: AggregateId) -> Op {
        let from = self.from;
        let source = from.aggregates.get(id);
        let source = source.and_then(|aggregate| Some((aggregate, from.source_of(aggregate)?)));
        let Some((aggregate, (scan, collection, selection))) = source else {
            return Op::Aggregate(id);
        };
        let into = self.scan(aggregate.scan, scan);
        let mut row = |node: NodeId| self.row_node(aggregate.scan, scan, node);
        let filter = selection.filter.map(&mut row);
        let measure = aggregate.measure.over(&mut row);
        let admitted = collection.admitted.map(&mut row);
        let collection = self.collection(from, into, scan, collection, admitted);
        let compared_with = aggregate.compared_with.iter();
        let wanted = IrAggregate {
            measure,
            ty: aggregate.ty,
            scan: into,
            collection,
            selection: self.selection(into, collection, selection, filter),
            compared_with: compared_with.map(|node| at(&self.nodes, *node)).collect(),
        };
        let (scan, selection) = (wanted.scan, wanted.selection);
        let found = self.union.ir.aggregates.intern(wanted);
        let read = collection_of(&mut self.union.ir, scan, collection);
        if let Some(selection) = read.and_then(|read| read.selections.get_mut(selection))
            && !selection.measures.contains(&found)
        {
            selection.measures.push(found);
        }
        Op::Aggregate(found)
    }

    /// The scan of the same table at the same level.
    fn scan(&mut self, id: ScanId, scan: &TableScan) -> ScanId {
        if let Some(known) = self.rows.get(&id) {
            return known.scan;
        }
        let union = &mut *self.union;
        let known = union
            .ir
            .scans
            .position(|known| known.table == scan.table && known.level == scan.level);
        let into = known.unwrap_or_else(|| {
            union.rows.push(Builder::default());
            union.ir.scans.push(TableScan {
                table: scan.table.clone(),
                level: scan.level,
                lookups: IndexVec::new(),
                inputs: IndexVec::new(),
                program: Program::default(),
                collections: Vec::new(),
            })
        });
        let rows = RowNodes {
            scan: into,
            nodes: HashMap::new(),
        };
        self.rows.insert(id, rows);
        into
    }

    /// Copies a node of a scan's program, with everything that it depends on.
    fn row_node(&mut self, id: ScanId, scan: &TableScan, node: NodeId) -> NodeId {
        let into = self.scan(id, scan);
        let behind: BTreeSet<NodeId> = scan.program.nodes_behind([node]);
        for next in behind {
            if self.row_known(id, next).is_some() {
                continue;
            }
            let Some(step) = scan.program.nodes.get(next) else {
                continue;
            };
            let op = match &step.op {
                Op::Input(input) => Op::Input(self.row_input(into, scan, *input)),
                Op::OfSubject(input) => Op::OfSubject(self.union.subject_input(self.from, *input)),
                Op::ValueOfSubject(node) => Op::ValueOfSubject(at(&self.nodes, *node)),
                op => op.with_operands(|node| self.row_known(id, node).unwrap_or(node)),
            };
            if let Some(builder) = self.union.rows.get_mut(into)
                && let Some(rows) = self.rows.get_mut(&id)
            {
                rows.nodes.insert(next, builder.node(op, step.ty));
            }
        }
        self.row_known(id, node).unwrap_or(node)
    }

    fn row_known(&self, scan: ScanId, node: NodeId) -> Option<NodeId> {
        self.rows.get(&scan)?.nodes.get(&node).copied()
    }

    fn row_input(&mut self, into: ScanId, scan: &TableScan, input: InputId) -> InputId {
        let Some(column) = scan.inputs.get(input) else {
            return input;
        };
        let lookup = self.lookup(into, scan, column.lookup);
        match self.union.ir.scans.get_mut(into) {
            Some(own) => own.inputs.intern(with_lookup(column, lookup)),
            None => input,
        }
    }

    fn lookup(
        &mut self,
        into: ScanId,
        scan: &TableScan,
        lookup: Option<LookupId>,
    ) -> Option<LookupId> {
        let lookup = scan.lookups.get(lookup?)?;
        let own = self.union.ir.scans.get_mut(into)?;
        Some(own.lookups.intern(lookup.clone()))
    }

    /// How a scan reads a collection: in an existing way, or in a new one under its own id.
    fn collection(
        &mut self,
        from: &Ir,
        into: ScanId,
        scan: &TableScan,
        collection: &CollectionScan,
        admitted: Option<NodeId>,
    ) -> CollectionId {
        let at = collection.at.as_ref().map(|at| InputColumn {
            lookup: self.lookup(into, scan, at.lookup),
            ..at.clone()
        });
        let wanted = CollectionScan {
            collection: collection.collection,
            is_told: false,
            subject: KeyColumn {
                lookup: self.lookup(into, scan, collection.subject.lookup),
                column: collection.subject.column.clone(),
            },
            at,
            admitted,
            selections: IndexVec::new(),
            ..collection.clone()
        };
        let orders = from.orders(collection);
        let own = self.union.ir.scans.get(into);
        let collections = own.map_or(&[][..], |scan| &scan.collections);
        let known = collections.iter().position(|own| {
            let same = CollectionScan {
                collection: wanted.collection,
                is_told: wanted.is_told,
                key: wanted.key.clone(),
                identity: wanted.identity.clone(),
                selections: IndexVec::new(),
                ..own.clone()
            };
            let ties = own.key == wanted.key
                || own.key.is_none() && !self.union.ir.orders(own)
                || wanted.key.is_none() && !orders;
            same == wanted && ties
        });
        let taken = collections.iter().map(|own| own.collection.index() + 1);
        let next = CollectionId::new(taken.max().unwrap_or(0));
        let Some(own) = self.union.ir.scans.get_mut(into) else {
            return next;
        };
        match known.and_then(|place| own.collections.get_mut(place)) {
            Some(known) => {
                known.key = known.key.take().or(wanted.key);
                known.identity = known.identity.take().or(wanted.identity);
                known.collection
            }
            None => {
                own.collections.push(CollectionScan {
                    collection: next,
                    ..wanted
                });
                next
            }
        }
    }

    fn selection(
        &mut self,
        scan: ScanId,
        collection: CollectionId,
        selection: &Selection,
        filter: Option<NodeId>,
    ) -> crate::ir::SelectionId {
        let Some(read) = collection_of(&mut self.union.ir, scan, collection) else {
            return Id::new(0);
        };
        let selections = &mut read.selections;
        let known =
            selections.position(|own| own.window == selection.window && own.filter == filter);
        known.unwrap_or_else(|| {
            selections.push(Selection {
                window: selection.window.clone(),
                filter,
                measures: Vec::new(),
            })
        })
    }
}

fn collection_of(
    ir: &mut Ir,
    scan: ScanId,
    collection: CollectionId,
) -> Option<&mut CollectionScan> {
    let mut read = ir.scans.get_mut(scan)?.collections.iter_mut();
    read.find(|read| read.collection == collection)
}

impl Ir {
    /// Whether any measure needs a collection's first or last row, so that its key breaks ties.
    fn orders(&self, collection: &CollectionScan) -> bool {
        let mut measures = collection.selections.iter().flat_map(|own| &own.measures);
        measures.any(|id| {
            let measure = self.aggregates.get(*id).map(|aggregate| aggregate.measure);
            matches!(measure, Some(IrMeasure::First(_) | IrMeasure::Last(_)))
        })
    }
}
