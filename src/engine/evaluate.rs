//! Runs the subject program: metrics, population functions and segments, in order.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use super::active::Active;
use super::nodes::{Given, Lacking, Nodes};
use super::operands::NOTHING;
use super::places::places;
use super::population::{Asked, Population};
use super::{Column, Evaluation, Gathered, Keep, Stale, WideTop};
use crate::index::IndexVec;
use crate::ir::{Ir, NodeId, Op};
use crate::rules::SegmentId;
use crate::time::Clock;
use crate::value::Truth;

/// The results of the subject program. All places are among the active subjects.
struct Answers {
    /// Which of the given subjects are active.
    active: Active,
    /// For each segment of the IR, the places of its members, ascending.
    segments: IndexVec<SegmentId, Result<Vec<u32>, Stale>>,
    /// The columns of the kept nodes.
    kept: HashMap<NodeId, Result<Column, Stale>>,
    /// The `top` conditions that hold far more subjects than they say.
    wide_tops: Vec<WideTop>,
}

/// Evaluates nodes over the active subjects only.
struct Evaluator<'p> {
    nodes: Nodes<'p>,
    subjects: usize,
    population: Population,
    wide_tops: Vec<WideTop>,
}

/// Evaluates the subject program over the data gathered for it as of the same instant. Reads no further data.
pub fn evaluate(ir: &Ir, gathered: Gathered, clock: &Clock, keep: Keep) -> Evaluation {
    let started = Instant::now();
    let given = Given {
        inputs: gathered.inputs,
        aggregates: gathered.aggregates,
    };
    let answers = answers(ir, gathered.subjects.len(), given, keep, clock);
    let (subjects, inactive) = answers.active.part(gathered.subjects);
    Evaluation {
        clock: *clock,
        subjects,
        inactive,
        segments: answers.segments,
        outputs: ir.outputs.clone(),
        kept: answers.kept,
        problems: gathered.problems,
        wide_tops: answers.wide_tops,
        rows: gathered.rows,
        by_rows: gathered.by_rows,
        scan_time: gathered.time,
        evaluation_time: started.elapsed(),
    }
}

fn answers(ir: &Ir, subjects: usize, given: Given, keep: Keep, clock: &Clock) -> Answers {
    let keep: HashSet<NodeId> = match keep {
        Keep::Outputs => ir.outputs.iter().copied().collect(),
        Keep::Everything => ir.program.nodes.ids().collect(),
    };
    let mut nodes = Nodes::new(ir, given, clock);
    let active = match Active::settle(&mut nodes, subjects) {
        Ok(active) => active,
        Err(stale) => return Answers::stale(ir, &keep, &stale, subjects),
    };
    let mut evaluator = Evaluator {
        population: Population::new(&ir.program, active.count()),
        nodes,
        subjects: active.count(),
        wide_tops: Vec::new(),
    };
    let finished = finished_after(ir);
    let decided = decided_at(ir);
    let mut segments = ir.segments.map(|_| Ok(Vec::new()));
    for node in ir.program.nodes.ids() {
        evaluator.node(node);
        for segment in decided.get(node).into_iter().flatten() {
            if let Some(slot) = segments.get_mut(*segment) {
                *slot = evaluator.members(*segment);
            }
        }
        for done in finished.get(node).into_iter().flatten() {
            if !keep.contains(done) {
                evaluator.nodes.take(*done);
            }
        }
    }
    let mut kept = HashMap::new();
    for node in keep {
        if let Some(column) = evaluator.nodes.take(node) {
            kept.insert(node, column.map_err(|lacking| evaluator.stale(&lacking)));
        }
    }
    Answers {
        active,
        segments,
        kept,
        wide_tops: evaluator.wide_tops,
    }
}

impl Answers {
    /// An evaluation in which everything is stale, for one reason.
    fn stale(ir: &Ir, keep: &HashSet<NodeId>, stale: &Stale, subjects: usize) -> Self {
        Self {
            active: Active::everyone(subjects),
            segments: ir.segments.map(|_| Err(stale.clone())),
            kept: keep
                .iter()
                .map(|node| (*node, Err(stale.clone())))
                .collect(),
            wide_tops: Vec::new(),
        }
    }
}

/// For each node, the segments that it decides.
fn decided_at(ir: &Ir) -> IndexVec<NodeId, Vec<SegmentId>> {
    let mut decided = ir.program.nodes.map(|_| Vec::new());
    for (id, segment) in ir.segments.iter_enumerated() {
        if let Some(segments) = decided.get_mut(segment.node) {
            segments.push(id);
        }
    }
    decided
}

/// For each node, the nodes whose last use it is.
fn finished_after(ir: &Ir) -> IndexVec<NodeId, Vec<NodeId>> {
    let nodes = &ir.program.nodes;
    let mut last_use: IndexVec<NodeId, NodeId> = nodes.ids().collect();
    for node in nodes.ids() {
        for needed in ir.needs(node) {
            if let Some(last) = last_use.get_mut(needed) {
                *last = node;
            }
        }
    }
    let mut finished = nodes.map(|_| Vec::new());
    for (node, last) in last_use.iter_enumerated() {
        if let Some(done) = finished.get_mut(*last) {
            done.push(node);
        }
    }
    finished
}

impl Evaluator<'_> {
    /// Evaluates a node, unless that was already done to find the active subjects.
    fn node(&mut self, id: NodeId) {
        if self.nodes.get(id).is_some() {
            return;
        }
        let Self {
            nodes,
            population,
            wide_tops,
            ..
        } = self;
        nodes.evaluate(id, |nodes, op| match op {
            Op::Population {
                function,
                of,
                scope,
            } => {
                let asked = Asked {
                    node: id,
                    function: *function,
                    of: of.map(|of| (of, nodes.column(of))),
                    scope: scope.map(|scope| (scope, nodes.column(scope))),
                };
                let (column, wide) = population.evaluate(&asked);
                wide_tops.extend(wide);
                Ok(column)
            }
            Op::Member(segment) => Ok(is_member(nodes, *segment)),
            _ => Ok(Column::Truth(Vec::new())),
        });
    }

    fn members(&self, segment: SegmentId) -> Result<Vec<u32>, Stale> {
        let node = self.nodes.ir.segments.get(segment).map(|s| s.node);
        match node.and_then(|node| self.nodes.get(node)) {
            Some(Err(lacking)) => Err(self.stale(lacking)),
            Some(Ok(column)) => Ok(places(column.truths(), self.subjects)),
            None => Ok(Vec::new()),
        }
    }

    /// The reason in words. If it came from another segment, the words name that segment.
    fn stale(&self, lacking: &Lacking) -> Stale {
        let segments = &self.nodes.ir.segments;
        let through = lacking.segment.and_then(|s| segments.get(s));
        Stale {
            reason: match through {
                Some(segment) => {
                    format!("segment `{}` is stale: {}", segment.id, lacking.reason)
                }
                None => lacking.reason.clone(),
            },
        }
    }
}

/// Yes for those who are certainly in a segment, no for everyone else.
fn is_member(nodes: &Nodes<'_>, segment: SegmentId) -> Column {
    let segment = nodes.ir.segments.get(segment);
    let answers = segment.map_or(&NOTHING, |segment| nodes.column(segment.node));
    let answers = answers.truths().iter();
    Column::Truth(
        answers
            .map(|answer| Truth::certain(*answer == Truth::Yes))
            .collect(),
    )
}
