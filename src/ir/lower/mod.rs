//! Lowers checked rules to an IR.

mod aggregates;
mod among_rows;
mod builder;
mod expressions;
mod health;
mod order;
mod outputs;
mod segments;
mod shared_scans;

use std::collections::{BTreeMap, HashMap};

use super::{
    AggregateId, InputId, Ir, IrAggregate, IrHealth, IrMetric, IrSegment, NodeId, Op, OutputId,
    Request, ScanId, SubjectScan, TableScan,
};
use crate::catalog::{Catalog, CollectionId, ColumnRef};
use crate::index::IndexVec;
use crate::language::ast::ExprId;
use crate::language::check::Checked;
use crate::language::typed::{Comparison, Function, Kind, Typed};
use crate::rules::{MetricId, RuleSet, SegmentId};
use crate::time::Moment;
use crate::value::{Type, Value};
pub(super) use builder::Builder;
use order::{Named, Names, Order};
use shared_scans::{SharedScans, shared_scans};

/// The rows that an expression is evaluated over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Frame {
    /// The rows of the subject's table, to decide which of them are subjects.
    Admission,
    /// The subjects.
    Subject,
    /// The members of a segment.
    Segment,
    /// The rows of an event table, as those of a collection.
    Row {
        scan: ScanId,
        collection: CollectionId,
    },
}

/// A lowered metric.
#[derive(Clone, Copy)]
struct LoweredMetric {
    node: NodeId,
    /// Whether it is the same for every subject, whatever the data.
    constant: bool,
    /// How many levels of scans must be read before it is known.
    levels: usize,
}

/// An IR under construction.
struct Lowering<'a> {
    rules: &'a RuleSet,
    checked: &'a Checked,
    catalog: &'a Catalog,
    request: &'a Request,
    names: Names<'a>,
    subject: SubjectScan,
    admission: Builder,
    program: Builder,
    active: Option<NodeId>,
    value_program: Builder,
    values: Vec<NodeId>,
    value_inputs: IndexVec<InputId, OutputId>,
    /// Starts with the requested outputs; each is `None` until it is lowered.
    outputs: IndexVec<OutputId, Option<NodeId>>,
    scans: IndexVec<ScanId, (TableScan, Builder)>,
    /// Which tables are read at a higher level than necessary.
    shared: SharedScans,
    aggregates: IndexVec<AggregateId, IrAggregate>,
    /// The metrics lowered so far.
    metrics: HashMap<MetricId, LoweredMetric>,
    /// The same, each after those that it refers to.
    lowered: Vec<MetricId>,
    /// The nodes of constant metrics that are used in row expressions.
    row_metrics: HashMap<(Frame, MetricId), NodeId>,
    /// The segments lowered so far: in the end all, or none.
    segments: BTreeMap<SegmentId, IrSegment>,
    /// For each rung lowered so far, except a first one, the node that tells whether an earlier rung took the subject.
    taken: HashMap<SegmentId, NodeId>,
    /// The health score, once it is lowered.
    health: Option<IrHealth>,
    expressions: HashMap<ExprId, NodeId>,
}

/// Lowers what is requested of checked rules, `active` first. Everything requested must be free of errors.
pub fn lower(rules: &RuleSet, checked: &Checked, catalog: &Catalog, request: &Request) -> Ir {
    let with = |shared| Lowering::new((rules, checked, catalog), request, shared).whole();
    let ir = with(SharedScans::new());
    // Which scans can be shared is known only after everything is lowered.
    let shared = shared_scans(&ir);
    match shared.is_empty() {
        true => ir,
        false => with(shared),
    }
}
impl<'a> Lowering<'a> {
    fn new(
        (rules, checked, catalog): (&'a RuleSet, &'a Checked, &'a Catalog),
        request: &'a Request,
        shared: SharedScans,
    ) -> Self {
        Self {
            request,
            rules,
            checked,
            catalog,
            names: Names::new(rules, checked),
            subject: SubjectScan {
                table: catalog.subject.table.clone(),
                key: catalog.key.clone(),
                key_types: catalog.key_types,
                matching: catalog.matching,
                label: catalog.label.clone(),
                at: catalog.at.clone(),
                lookups: IndexVec::new(),
                inputs: IndexVec::new(),
                lasting: [Some(&catalog.key), catalog.at.as_ref()]
                    .into_iter()
                    .flatten()
                    .cloned()
                    .collect(),
                admission: super::Program::default(),
                admitted: None,
            },
            admission: Builder::default(),
            program: Builder::default(),
            active: None,
            value_program: Builder::default(),
            values: Vec::new(),
            value_inputs: IndexVec::new(),
            outputs: request.outputs.map(|_| None),
            scans: IndexVec::new(),
            shared,
            aggregates: IndexVec::new(),
            metrics: HashMap::new(),
            lowered: Vec::new(),
            row_metrics: HashMap::new(),
            segments: BTreeMap::new(),
            taken: HashMap::new(),
            health: None,
            expressions: HashMap::new(),
        }
    }

    /// Lowers everything.
    fn whole(mut self) -> Ir {
        let unknown_subjects = self.admit();
        let mut order = Order::new(self.rules, self.checked, self.request, &self.names);
        if let Some(active) = self.checked.active.as_ref().filter(|_| self.request.active) {
            let needed = order.up_to(&self.names.mentioned(active));
            self.named(needed, unknown_subjects.as_deref());
            self.active = Some(self.lower(Frame::Subject, active));
        }
        let wanted = match self.request.whole {
            true => order.rest(),
            false => order.of_outputs(),
        };
        self.named(wanted, unknown_subjects.as_deref());
        for value in self.checked.values.iter().filter(|_| self.request.whole) {
            let node = self.lower(Frame::Segment, value);
            self.values.push(node);
        }
        self.finish()
    }

    /// Lowers metrics and segments. What each refers to is already lowered or comes before it.
    fn named(&mut self, order: Vec<Named>, unknown_subjects: Option<&str>) {
        for named in order {
            match named {
                Named::Metric(id) => self.metric(id),
                Named::Segment(id) => self.segment(id, unknown_subjects),
                Named::Health => self.lower_health(unknown_subjects),
                Named::Output(id) => self.asked(id),
            }
        }
    }

    /// Lowers which rows are subjects; returns why that cannot be decided, if so.
    fn admit(&mut self) -> Option<String> {
        let mut conditions = Vec::new();
        if let Some(at) = &self.catalog.at {
            match self.there_before_now(at) {
                Ok(condition) => conditions.push(condition),
                Err(reason) => return Some(reason),
            }
        }
        conditions.extend(self.checked.subject_filter.clone());
        let reason = conditions.iter().find_map(|condition| self.gone(condition));
        if reason.is_none() && !conditions.is_empty() {
            let nodes: Vec<NodeId> = conditions
                .iter()
                .map(|condition| self.lower(Frame::Admission, condition))
                .collect();
            self.subject.admitted = Some(self.join(Frame::Admission, nodes, Op::And));
        }
        reason
    }

    /// `at < now`
    fn there_before_now(&self, at: &str) -> Result<Typed, String> {
        let column = ColumnRef::own(at);
        let ty = self.catalog.subject.column_type(&column)?.value_type();
        let mut time = Typed::made(Kind::Subject(column), ty);
        if ty == Type::Date {
            time = Typed::made(Kind::Call(Function::Midnight, vec![time]), Type::Instant);
        }
        let now = Typed::made(Kind::Moment(Moment::Now), Type::Instant);
        let before = Kind::Compare(Comparison::Less, Box::new(time), Box::new(now));
        Ok(Typed::made(before, Type::Truth))
    }

    fn metric(&mut self, id: MetricId) {
        if let Some(definition) = order::definition(self.checked, id) {
            let metric = LoweredMetric {
                node: self.lower(Frame::Subject, definition),
                constant: self.is_constant(definition),
                levels: definition.levels(&|name| self.levels_before(name)),
            };
            self.metrics.insert(id, metric);
            self.lowered.push(id);
        }
    }

    fn finish(mut self) -> Ir {
        let mut outputs = IndexVec::new();
        for node in &self.outputs {
            // A segment that was skipped must not pass its id on to the next one.
            let passed_over = || Op::Gone("it was not lowered".to_owned());
            let program = &mut self.program;
            outputs.push(node.unwrap_or_else(|| program.node(passed_over(), Type::Missing)));
        }
        let metrics = self.checked.metrics.iter_enumerated();
        let metrics = metrics.map(|(id, metric)| IrMetric {
            name: metric.name.clone(),
            node: self.metrics.get(&id).map(|lowered| lowered.node),
        });
        Ir {
            trust: self.catalog.trust,
            private: self.catalog.private.clone(),
            metrics: metrics.collect(),
            subject: SubjectScan {
                admission: self.admission.finish(),
                ..self.subject
            },
            scans: self
                .scans
                .into_iter()
                .map(|(scan, builder)| TableScan {
                    program: builder.finish(),
                    ..scan
                })
                .collect(),
            aggregates: self.aggregates,
            program: self.program.finish(),
            active: self.active,
            health: self.health,
            value_program: self.value_program.finish(),
            values: self.values,
            value_inputs: self.value_inputs,
            outputs,
            segments: self.segments.into_values().collect(),
            expressions: self.expressions,
        }
    }

    /// Joins several answers: no answer means yes, a single one stays as it is.
    fn join(
        &mut self,
        frame: Frame,
        mut nodes: Vec<NodeId>,
        op: impl Fn(Vec<NodeId>) -> Op,
    ) -> NodeId {
        match (nodes.pop(), nodes.is_empty()) {
            (None, _) => {
                let yes = Value::Truth(crate::value::Truth::Yes);
                self.node(frame, Op::Constant(yes), Type::Truth)
            }
            (Some(only), true) => only,
            (Some(last), false) => {
                nodes.push(last);
                self.node(frame, op(nodes), Type::Truth)
            }
        }
    }
}
