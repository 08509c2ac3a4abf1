//! Joins several IRs over the same subjects into one, so that what they share is read and evaluated once.

mod rows;

use std::collections::HashMap;

use super::lower::Builder;
use super::{InputColumn, InputId, Ir, IrSegment, LookupId, NodeId, Op, ScanId};
use crate::index::IndexVec;
use crate::rules::SegmentId;
use crate::value::Type;
use rows::RowNodes;

/// One IR that computes what several do. The first one's ids stay as they are.
pub struct Union {
    ir: Ir,
    program: Builder,
    rows: IndexVec<ScanId, Builder>,
}

/// Where the parts of an IR are in a [`Union`].
#[derive(Debug, Clone)]
pub struct Part {
    /// The segments, by the ids of the IR.
    pub segments: IndexVec<SegmentId, SegmentId>,
    /// The nodes of the subject program, likewise.
    pub nodes: IndexVec<NodeId, NodeId>,
}

/// An IR that is being added to a union.
struct Joining<'a> {
    union: &'a mut Union,
    from: &'a Ir,
    nodes: IndexVec<NodeId, NodeId>,
    segments: HashMap<SegmentId, SegmentId>,
    /// The nodes of each scan's program that have been copied.
    rows: HashMap<ScanId, RowNodes>,
}

impl Union {
    /// Starts with an IR.
    pub fn new(first: &Ir) -> (Self, Part) {
        let part = Part {
            segments: first.segments.ids().collect(),
            nodes: first.program.nodes.ids().collect(),
        };
        let union = Self {
            ir: first.clone(),
            program: Builder::of(&first.program),
            rows: first.scans.map(|scan| Builder::of(&scan.program)),
        };
        (union, part)
    }

    /// Adds an IR. `None` if it is about other subjects, because another condition decides who is a subject or active.
    pub fn join(&mut self, ir: &Ir) -> Option<Part> {
        if !self.has_the_subjects_of(ir) {
            return None;
        }
        let before = Self {
            ir: self.ir.clone(),
            program: self.program.clone(),
            rows: self.rows.clone(),
        };
        let mut joining = Joining {
            union: self,
            from: ir,
            nodes: IndexVec::new(),
            segments: HashMap::new(),
            rows: HashMap::new(),
        };
        for node in &ir.program.nodes {
            let id = joining.node(&node.op, node.ty);
            joining.nodes.push(id);
        }
        let segments = ir.segments.ids().map(|id| joining.segment(id)).collect();
        let nodes = joining.nodes;
        let active = ir.active.map(|node| at(&nodes, node));
        if active != self.ir.active {
            *self = before;
            return None;
        }
        Some(Part { segments, nodes })
    }

    /// Keeps the columns of nodes of the union, besides the outputs of the first IR.
    pub fn keep(&mut self, nodes: impl IntoIterator<Item = NodeId>) {
        for node in nodes {
            self.ir.outputs.intern(node);
        }
    }

    /// The joined IR.
    pub fn finish(self) -> Ir {
        let Self { ir, program, rows } = self;
        let mut rows = rows.into_iter();
        let scans = ir.scans.into_iter().map(|scan| super::TableScan {
            program: rows.next().map_or_else(Default::default, Builder::finish),
            ..scan
        });
        Ir {
            scans: scans.collect(),
            program: program.finish(),
            ..ir
        }
    }

    /// An operation of the union's subject program.
    pub fn node(&self, id: NodeId) -> Option<&Op> {
        let nodes = &self.program.so_far().nodes;
        nodes.get(id).map(|node| &node.op)
    }

    /// A segment of the union.
    pub fn segment(&self, id: SegmentId) -> Option<&IrSegment> {
        self.ir.segments.get(id)
    }

    /// Whether the same rows of the same table are subjects; who of them is active is checked later.
    fn has_the_subjects_of(&mut self, ir: &Ir) -> bool {
        let (own, other) = (&self.ir.subject, &ir.subject);
        let same = own.table == other.table
            && own.key == other.key
            && own.key_types == other.key_types
            && own.matching == other.matching
            && own.at == other.at
            && own.label == other.label
            && self.ir.trust == ir.trust
            && own.admitted.is_some() == other.admitted.is_some();
        if !same {
            return false;
        }
        let mut admission = Builder::of(&own.admission);
        let mut nodes: IndexVec<NodeId, NodeId> = IndexVec::new();
        for node in &other.admission.nodes {
            let op = match node.op {
                Op::Input(input) => Op::Input(self.subject_input(ir, input)),
                _ => node.op.with_operands(|id| at(&nodes, id)),
            };
            nodes.push(admission.node(op, node.ty));
        }
        let admitted = other.admitted.map(|node| at(&nodes, node));
        admitted == self.ir.subject.admitted
    }

    /// Copies a column of the subject's table.
    fn subject_input(&mut self, from: &Ir, input: InputId) -> InputId {
        let subject = &mut self.ir.subject;
        let Some(column) = from.subject.inputs.get(input) else {
            return input;
        };
        let lookup = column.lookup.and_then(|id| from.subject.lookups.get(id));
        let lookup = lookup.map(|lookup| subject.lookups.intern(lookup.clone()));
        subject.inputs.intern(with_lookup(column, lookup))
    }
}

impl Joining<'_> {
    fn node(&mut self, op: &Op, ty: Type) -> NodeId {
        let op = match op {
            Op::Input(input) => Op::Input(self.union.subject_input(self.from, *input)),
            Op::Aggregate(id) => self.aggregate(*id),
            Op::Member(segment) => Op::Member(self.segment(*segment)),
            op => op.with_operands(|id| at(&self.nodes, id)),
        };
        self.union.program.node(op, ty)
    }

    /// Copies a segment. Its own node, and those of the segments that it needs, have been copied already.
    fn segment(&mut self, id: SegmentId) -> SegmentId {
        if let Some(known) = self.segments.get(&id) {
            return *known;
        }
        let Some(segment) = self.from.segments.get(id) else {
            return id;
        };
        let needs = segment.needs.iter().map(|id| self.segment(*id)).collect();
        let segment = IrSegment {
            id: segment.id.clone(),
            node: at(&self.nodes, segment.node),
            needs,
        };
        let found = self.union.ir.segments.intern(segment);
        self.segments.insert(id, found);
        found
    }
}

/// Where a node was copied to; it comes before its users.
fn at(nodes: &IndexVec<NodeId, NodeId>, node: NodeId) -> NodeId {
    nodes.get(node).copied().unwrap_or(node)
}

fn with_lookup(column: &InputColumn, lookup: Option<LookupId>) -> InputColumn {
    InputColumn {
        lookup,
        ..column.clone()
    }
}
