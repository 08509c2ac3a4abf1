//! Mutation testing: the rules are changed in small ways, one at a time, and a change that no test detects is reported
//! as a gap in the tests.

mod changes;
mod equal;

use std::collections::BTreeSet;

use serde::Serialize;

use super::TestError;
use super::bench::{Bench, Case};
use super::judge::passes;
use crate::engine::Keep;
use crate::ir::{self, Ir, Request};
use crate::language::check::{Checked, MetricDefinition};
use crate::language::typed::{Kind, Typed};
use crate::project::Project;
use crate::rules::{LadderId, MetricId, SegmentId};
use crate::source::Location;
use changes::changes;
use equal::changes_nobody;

/// The result of mutation testing.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Mutation {
    /// The number of changes tried, without those that provably move nobody.
    pub mutants: usize,
    /// The undetected changes, in file order.
    pub survivors: Vec<Survivor>,
}

/// A change that no test detects.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Survivor {
    /// Its location, as `rules/a.yaml:12`; empty for generated text.
    pub place: String,
    /// The change in words: "`x >= 75%` becomes more than `75%`".
    pub change: String,
}

/// A complete expression of the rules, identified by where it is stored.
#[derive(Clone, Copy)]
enum Root {
    Segment(SegmentId),
    Among(LadderId),
    Metric(MetricId),
    Active,
}

impl Root {
    fn of(self, checked: &mut Checked) -> Option<&mut Typed> {
        match self {
            Self::Segment(id) => checked.segments.get_mut(id)?.as_mut(),
            Self::Among(id) => checked.among.get_mut(id)?.as_mut(),
            Self::Metric(id) => match &mut checked.metrics.get_mut(id)?.definition {
                MetricDefinition::Value(value) => Some(value),
                MetricDefinition::Row(_) => None,
            },
            Self::Active => checked.active.as_mut(),
        }
    }
}

/// Applies each small change to every condition, and to every metric used in one. The tests must pass with the
/// unchanged rules.
pub(super) fn mutation(project: &Project, bench: &Bench<'_>) -> Result<Mutation, TestError> {
    let mut checked = project.checked.clone();
    let mut mutation = Mutation::default();
    let mut survivors: Vec<(Option<Location>, Survivor)> = Vec::new();
    for root in roots(project) {
        let Some(whole) = root.of(&mut checked).map(|typed| typed.clone()) else {
            continue;
        };
        let mut parts = Vec::new();
        whole.each(&mut |part| parts.push(part));
        for (place, part) in parts.into_iter().enumerate() {
            for change in changes(project, part) {
                let mut changed = whole.clone();
                put(&mut changed, place, &change.to);
                if let Some(typed) = root.of(&mut checked) {
                    *typed = changed.clone();
                }
                let ir = lowered(project, &checked);
                if ir == project.ir {
                    continue;
                }
                let is_noticed = is_noticed(project, bench, &ir)?;
                if !is_noticed && changes_nobody(project, root, &changed) {
                    continue;
                }
                mutation.mutants += 1;
                if is_noticed {
                    continue;
                }
                let at = part.id.and_then(|id| project.location_of(id));
                let survivor = Survivor {
                    place: at.map_or_else(String::new, |at| project.sources.place(at)),
                    change: change.words,
                };
                survivors.push((at, survivor));
            }
        }
        if let Some(typed) = root.of(&mut checked) {
            *typed = whole;
        }
    }
    survivors.sort_by_key(|(at, _)| *at);
    mutation.survivors = survivors
        .into_iter()
        .map(|(_, survivor)| survivor)
        .collect();
    Ok(mutation)
}

/// The conditions, and the metrics that they use.
fn roots(project: &Project) -> Vec<Root> {
    let checked = &project.checked;
    let segments = checked.segments.iter_enumerated();
    let segments = segments.filter_map(|(id, typed)| Some((Root::Segment(id), typed.as_ref()?)));
    let among = checked.among.iter_enumerated();
    let among = among.filter_map(|(id, typed)| Some((Root::Among(id), typed.as_ref()?)));
    let active = checked.active.iter().map(|typed| (Root::Active, typed));
    let conditions: Vec<(Root, &Typed)> = segments.chain(among).chain(active).collect();
    let mut named: BTreeSet<MetricId> = BTreeSet::new();
    let mut rest: Vec<&Typed> = conditions.iter().map(|(_, typed)| *typed).collect();
    while let Some(next) = rest.pop() {
        next.each(&mut |part| {
            if let Kind::Metric(name) = &part.kind
                && let Some(id) = checked.metrics.position(|metric| metric.name == *name)
                && named.insert(id)
            {
                let metric = checked.metrics.get(id);
                rest.extend(metric.and_then(|metric| metric.definition.value()));
            }
        });
    }
    let conditions = conditions.into_iter().map(|(root, _)| root);
    conditions
        .chain(named.into_iter().map(Root::Metric))
        .collect()
}

/// Replaces the part at an index, in the order of [`Typed::each`].
fn put(whole: &mut Typed, place: usize, new: &Typed) {
    let mut met = 0;
    whole.each_mut(&mut |part| {
        if met == place {
            *part = new.clone();
            // The nodes of the replacement are not counted.
            met = usize::MAX / 2;
        }
        met += 1;
    });
}

fn lowered(project: &Project, checked: &Checked) -> Ir {
    let mut request = Request::rules();
    for output in &checked.outputs {
        request.ask(output);
    }
    ir::lower(&project.rules, checked, &project.catalog, &request)
}

/// Whether a test fails.
fn is_noticed(project: &Project, bench: &Bench<'_>, ir: &Ir) -> Result<bool, TestError> {
    for (place, situation) in bench.situations.iter().enumerate() {
        let evaluation = situation.evaluate(ir, Keep::Outputs)?;
        let fails =
            |case: &Case<'_>| case.situation == place && !passes(project, &evaluation, case);
        if bench.cases.iter().any(fails) {
            return Ok(true);
        }
    }
    Ok(false)
}
