//! The subject program: metrics, population functions and segments, in order.

use std::collections::{HashMap, HashSet};

use super::active::{active, at};
use super::apply::{NOTHING, apply};
use super::population::{Asked, Population};
use super::{Column, Stale, Subjects, WideTop};
use crate::plan::{NodeId, Op, Plan};
use crate::time::Clock;
use crate::value::Truth;

/// What the subject program came to.
pub struct Answers {
    /// Of all subjects given, the places of those who are active, ascending; none where all are. All
    /// else here is by their places among the active ones.
    pub active: Option<Vec<u32>>,
    /// For each segment of the plan, its members' places, ascending.
    pub segments: Vec<Result<Vec<u32>, Stale>>,
    /// The kept nodes.
    pub kept: HashMap<NodeId, Result<Column, Stale>>,
    /// Tops much wider than they say.
    pub wide_tops: Vec<WideTop>,
}

/// Why a node has no column: the reason, and the segment that lacked it first.
#[derive(Clone)]
struct Lacking {
    reason: String,
    segment: Option<usize>,
}

/// Columns while they are needed.
struct Evaluator<'p> {
    plan: &'p Plan,
    clock: &'p Clock,
    subjects: usize,
    columns: Vec<Option<Result<Column, Lacking>>>,
    population: Population,
    wide_tops: Vec<WideTop>,
}

/// Evaluates the subject program. `inputs` are the subject's input columns, `aggregates` the columns of
/// the plan's aggregates, each with one value per subject.
pub fn evaluate_subjects(
    plan: &Plan,
    subjects: &Subjects,
    inputs: Vec<Result<Column, Stale>>,
    aggregates: Vec<Result<Column, Stale>>,
    keep: &[NodeId],
    clock: &Clock,
) -> Answers {
    let mut evaluator = Evaluator {
        plan,
        clock,
        subjects: subjects.len(),
        columns: Vec::with_capacity(plan.program.nodes.len()),
        population: Population::new(&plan.program, subjects.len()),
        wide_tops: Vec::new(),
    };
    let mut given = Given {
        inputs: inputs.into_iter().map(Some).collect(),
        aggregates: aggregates.into_iter().map(Some).collect(),
    };
    let keep: HashSet<NodeId> = keep.iter().copied().collect();
    let finished = finished_after(plan);
    let decided = decided_at(plan);
    let mut segments = vec![Ok(Vec::new()); plan.segments.len()];
    let mut active = None;
    for place in 0..plan.program.nodes.len() {
        let column = evaluator.node(NodeId(place), &mut given);
        evaluator.columns.push(Some(column));
        if plan.active == Some(NodeId(place)) {
            match evaluator.narrow(NodeId(place), &mut given) {
                Ok(places) => active = places,
                Err(stale) => return Answers::stale(plan, &keep, &stale),
            }
        }
        for segment in decided.get(place).into_iter().flatten() {
            if let Some(slot) = segments.get_mut(*segment) {
                *slot = evaluator.members(*segment);
            }
        }
        for done in finished.get(place).into_iter().flatten() {
            if !keep.contains(done)
                && let Some(slot) = evaluator.columns.get_mut(done.0)
            {
                *slot = None;
            }
        }
    }
    let mut kept = HashMap::new();
    for node in keep {
        if let Some(column) = evaluator.columns.get_mut(node.0).and_then(Option::take) {
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
    /// Nothing can be said, for one reason.
    fn stale(plan: &Plan, keep: &HashSet<NodeId>, stale: &Stale) -> Self {
        Self {
            active: None,
            segments: vec![Err(stale.clone()); plan.segments.len()],
            kept: keep
                .iter()
                .map(|node| (*node, Err(stale.clone())))
                .collect(),
            wide_tops: Vec::new(),
        }
    }
}

/// Columns that come from outside, each taken by the one node that names it.
struct Given {
    inputs: Vec<Option<Result<Column, Stale>>>,
    aggregates: Vec<Option<Result<Column, Stale>>>,
}

fn take(from: &mut [Option<Result<Column, Stale>>], place: usize) -> Result<Column, Lacking> {
    match from.get_mut(place).and_then(Option::take) {
        Some(Ok(column)) => Ok(column),
        Some(Err(stale)) => Err(Lacking {
            reason: stale.reason,
            segment: None,
        }),
        None => Err(Lacking {
            reason: "a column was not read".to_owned(),
            segment: None,
        }),
    }
}

/// The nodes that a node depends on; of `in segment`, the segment's own.
fn needs(plan: &Plan, op: &Op) -> Vec<NodeId> {
    match op {
        Op::Member(segment) => plan
            .segments
            .get(*segment)
            .map(|s| s.node)
            .into_iter()
            .collect(),
        other => other.operands(),
    }
}

/// For each node, the segments that it decides.
fn decided_at(plan: &Plan) -> Vec<Vec<usize>> {
    let mut decided = vec![Vec::new(); plan.program.nodes.len()];
    for (place, segment) in plan.segments.iter().enumerate() {
        if let Some(segments) = decided.get_mut(segment.node.0) {
            segments.push(place);
        }
    }
    decided
}

/// For each node, those that nothing needs after it.
fn finished_after(plan: &Plan) -> Vec<Vec<NodeId>> {
    let nodes = &plan.program.nodes;
    let mut last_use: Vec<usize> = (0..nodes.len()).collect();
    for (place, node) in nodes.iter().enumerate() {
        for needed in needs(plan, &node.op) {
            if let Some(last) = last_use.get_mut(needed.0) {
                *last = place;
            }
        }
    }
    let mut finished = vec![Vec::new(); nodes.len()];
    for (node, last) in last_use.into_iter().enumerate() {
        if let Some(done) = finished.get_mut(last) {
            done.push(NodeId(node));
        }
    }
    finished
}

impl Evaluator<'_> {
    fn node(&mut self, id: NodeId, given: &mut Given) -> Result<Column, Lacking> {
        let Some(node) = self.plan.program.nodes.get(id.0) else {
            return Ok(Column::Truth(Vec::new()));
        };
        for needed in needs(self.plan, &node.op) {
            if let Some(Some(Err(lacking))) = self.columns.get(needed.0) {
                return Err(match node.op {
                    Op::Member(segment) => Lacking {
                        segment: lacking.segment.or(Some(segment)),
                        reason: lacking.reason.clone(),
                    },
                    _ => lacking.clone(),
                });
            }
        }
        match &node.op {
            Op::Gone(reason) => Err(Lacking {
                reason: reason.clone(),
                segment: None,
            }),
            Op::Input(input) => take(&mut given.inputs, *input),
            Op::Aggregate(aggregate) => take(&mut given.aggregates, *aggregate),
            Op::Member(segment) => Ok(self.is_member(*segment)),
            Op::Population {
                function,
                of,
                scope,
            } => {
                let asked = Asked {
                    node: id,
                    function: *function,
                    of: of.map(|of| (of, column(&self.columns, of))),
                    scope: scope.map(|scope| (scope, column(&self.columns, scope))),
                };
                let (column, wide) = self.population.evaluate(&asked);
                self.wide_tops.extend(wide);
                Ok(column)
            }
            _ => Ok(apply(node, &|id| column(&self.columns, id), self.clock)),
        }
    }

    /// Goes on with those alone who are active by a node's answer, and tells their places; none where
    /// all are. Nothing evaluated so far was about more than one subject.
    fn narrow(&mut self, node: NodeId, given: &mut Given) -> Result<Option<Vec<u32>>, Stale> {
        if let Some(Some(Err(lacking))) = self.columns.get(node.0) {
            return Err(Stale {
                reason: format!("who is active cannot be told: {}", lacking.reason),
            });
        }
        let places = active(column(&self.columns, node), self.subjects);
        if let Some(places) = &places {
            let evaluated = self.columns.iter_mut().flatten().flatten();
            let outside = given.inputs.iter_mut().chain(&mut given.aggregates);
            for column in evaluated.chain(outside.flatten().flatten()) {
                *column = at(column, places);
            }
            self.subjects = places.len();
            self.population = Population::new(&self.plan.program, places.len());
        }
        Ok(places)
    }

    /// Yes for those who are certainly in a segment, no for all others.
    fn is_member(&self, segment: usize) -> Column {
        let node = self.plan.segments.get(segment).map(|segment| segment.node);
        let answers = node.map_or(&NOTHING, |node| column(&self.columns, node));
        Column::Truth(
            answers
                .truths()
                .iter()
                .map(|answer| Truth::certain(*answer == Truth::Yes))
                .collect(),
        )
    }

    fn members(&self, segment: usize) -> Result<Vec<u32>, Stale> {
        let node = self.plan.segments.get(segment).map(|segment| segment.node);
        let found = node.and_then(|node| self.columns.get(node.0)?.as_ref());
        match found {
            Some(Err(lacking)) => Err(self.stale(lacking)),
            Some(Ok(column)) => Ok(places(column.truths(), self.subjects)),
            None => Ok(Vec::new()),
        }
    }

    /// The reason in words; one that came through another segment names that.
    fn stale(&self, lacking: &Lacking) -> Stale {
        let through = lacking.segment.and_then(|s| self.plan.segments.get(s));
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

fn column(columns: &[Option<Result<Column, Lacking>>], node: NodeId) -> &Column {
    match columns.get(node.0) {
        Some(Some(Ok(column))) => column,
        _ => &NOTHING,
    }
}

fn places(answers: &[Truth], subjects: usize) -> Vec<u32> {
    let everyone = 0..u32::try_from(subjects).unwrap_or(u32::MAX);
    match answers {
        [Truth::Yes] => everyone.collect(),
        [_] => Vec::new(),
        answers => everyone
            .zip(answers)
            .filter(|(_, answer)| **answer == Truth::Yes)
            .map(|(place, _)| place)
            .collect(),
    }
}
