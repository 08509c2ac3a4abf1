//! The meaning of a project, for comparison with another state of it.

use std::collections::{BTreeMap, BTreeSet};

use super::mix::Mix;
use crate::config::Locale;
use crate::ir::{Digest, Op};
use crate::project::Project;

/// Everything that decides the results of a run.
#[derive(Debug, PartialEq)]
pub(super) struct Meaning {
    /// For each segment, by its present id: its rule and its weight.
    segments: BTreeMap<String, (Digest, u64)>,
    subjects: Digest,
    zone: String,
    values: BTreeMap<String, Digest>,
    /// The contents of the lists that conditions name; for a fingerprint these are data.
    lists: BTreeMap<String, Vec<String>>,
    currency: String,
    /// The score, the words of its reasons, and the locale of the numbers in them.
    health: Option<(Option<Digest>, Vec<String>, Locale)>,
}

impl Meaning {
    /// The segments that differ in another state, or that only one of the two has.
    pub(super) fn segments_unlike(&self, other: &Self) -> BTreeSet<String> {
        let ground = |meaning: &Self| (meaning.subjects.clone(), meaning.zone.clone());
        let all = self.segments.keys().chain(other.segments.keys());
        let rule =
            |meaning: &Self, id: &str| meaning.segments.get(id).map(|(rule, _)| rule.clone());
        let same = ground(self) == ground(other);
        let unlike = all.filter(|id| !same || rule(self, id) != rule(other, id));
        unlike.cloned().collect()
    }

    pub(super) fn of(project: &Project, mix: &Mix<'_>) -> Self {
        let meanings = project.ir.meanings();
        let segments = project.rules.segments.zip(&meanings.segments);
        let segments = segments.map(|(segment, rule)| {
            let weight = project.rules.weight(segment).to_f64().to_bits();
            (mix.present_id(&segment.id.value), (rule.clone(), weight))
        });
        let config = &project.config;
        let values = config.values.iter().zip(meanings.values);
        let mut reasons: Vec<String> = meanings
            .reasons
            .iter()
            .map(|reason| reason.as_str().to_owned())
            .collect();
        reasons.sort();
        let score = meanings.health;
        Self {
            segments: segments.collect(),
            subjects: meanings.subjects,
            zone: config.timezone.name().to_owned(),
            values: values
                .map(|(value, meaning)| (value.id.value.clone(), meaning))
                .collect(),
            lists: lists(project),
            currency: config.currency.clone(),
            health: config
                .health
                .as_ref()
                .map(|_| (score, reasons, config.locale)),
        }
    }
}

/// The entries of each list that a condition names, in order.
fn lists(project: &Project) -> BTreeMap<String, Vec<String>> {
    let ir = &project.ir;
    let scans = ir.scans.iter().map(|scan| &scan.program);
    let programs = scans.chain([&ir.program, &ir.subject.admission]);
    let nodes = programs.flat_map(|program| &program.nodes);
    let named = nodes.filter_map(|node| match &node.op {
        Op::Listed(_, list) => Some(list.name.as_str()),
        _ => None,
    });
    let named: BTreeSet<&str> = named.collect();
    let lists = project.lists.iter();
    let lists = lists.filter(|list| named.contains(list.name.as_str()));
    lists
        .map(|list| (list.name.clone(), list.identities()))
        .collect()
}
