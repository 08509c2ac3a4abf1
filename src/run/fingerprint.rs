//! Fingerprints of a run's definitions, to tell changed rules from changed data.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::rank::Weights;
use crate::index::IndexVec;
use crate::ir::{Difference, Digest, FINGERPRINT_VERSION, Fingerprint, Meanings, RunFingerprint};
use crate::project::Project;
use crate::rules::SegmentId;

/// The fingerprints of a run.
pub(super) struct Fingerprints {
    /// The fingerprint of each segment.
    pub segments: IndexVec<SegmentId, Fingerprint>,
    /// The fingerprint of the whole run.
    pub run: RunFingerprint,
}

/// The fingerprint that a run would have now.
pub fn fingerprint(project: &Project) -> RunFingerprint {
    Fingerprints::of(project, &Weights::of(&project.rules)).run
}

/// Whether the rule of a segment, or the definition of who takes part, has been edited since `found_by` was taken.
/// False if that was under another [`FINGERPRINT_VERSION`], which says nothing about edits.
pub fn is_edited(project: &Project, segment: &str, found_by: &Fingerprint) -> bool {
    let meanings = project.ir.meanings();
    let now = of_segments(&meanings, &ground(project, &meanings));
    let mut segments = project.ir.segments.zip(&now);
    let now = segments.find(|(defined, _)| defined.id == segment);
    now.is_some_and(|(_, now)| matches!(now.since(found_by), Difference::Rule | Difference::Ground))
}

/// Digests, by name, of everything that decides whom rules move and what a run writes about them: to find out what has
/// changed.
pub fn definitions(project: &Project) -> BTreeMap<String, String> {
    let (config, meanings) = (&project.config, project.ir.meanings());
    let digest = |text: &str| Digest::of(text).as_str().to_owned();
    let key = |key: &str, text: &str| (format!("`{key}`"), text.to_owned());
    let weights = Weights::of(&project.rules);
    let mut definitions = BTreeMap::new();
    let segments = &project.ir.segments;
    for (id, (segment, rule)) in segments.ids().zip(segments.zip(&meanings.segments)) {
        let weighed = format!("{} {:016x}", rule.as_str(), weights.weight(id).to_bits());
        definitions.insert(format!("segment `{}`", segment.id), digest(&weighed));
    }
    definitions.insert(
        "who takes part (`subject` or `active`)".to_owned(),
        meanings.subjects.as_str().to_owned(),
    );
    definitions.extend([
        key("timezone", config.timezone.name()),
        key("currency", &config.currency),
    ]);
    let values = config.values.iter().zip(&meanings.values);
    definitions.extend(values.map(|(value, meaning)| {
        (
            format!("the value `{}`", value.id.value),
            meaning.as_str().to_owned(),
        )
    }));
    if let Some(health) = &meanings.health {
        let reasons = meanings.reasons.iter().map(|reason| reason.as_str());
        let reasons = reasons.collect::<Vec<_>>().join("\n");
        definitions.extend([
            key("health", health.as_str()),
            key("locale", config.locale.tag()),
            ("the reasons of `health`".to_owned(), digest(&reasons)),
        ]);
    }
    definitions
}

impl Fingerprints {
    pub(super) fn of(project: &Project, weights: &Weights) -> Self {
        let meanings = project.ir.meanings();
        let ground = ground(project, &meanings);
        let rules = everything(project, &meanings, &ground, weights);
        Self {
            segments: of_segments(&meanings, &ground),
            run: RunFingerprint {
                version: Some(FINGERPRINT_VERSION),
                rules: Digest::of(&rules).as_str().to_owned(),
                currency: Some(project.config.currency.clone()),
                values: values(project, &meanings),
                health: meanings.health.map(|health| health.as_str().to_owned()),
            },
        }
    }
}

/// The digest of who takes part, and of the time zone.
fn ground(project: &Project, meanings: &Meanings) -> Digest {
    let zone = project.config.timezone.name();
    Digest::of(&format!("ground {} {zone}", meanings.subjects.as_str()))
}

fn of_segments(meanings: &Meanings, ground: &Digest) -> IndexVec<SegmentId, Fingerprint> {
    meanings.segments.map(|rule| Fingerprint {
        version: Some(FINGERPRINT_VERSION),
        rule: rule.as_str().to_owned(),
        ground: ground.as_str().to_owned(),
    })
}

/// The digest of each value by its id; `None` if the values cannot be evaluated now.
fn values(project: &Project, meanings: &Meanings) -> Option<BTreeMap<String, String>> {
    let ir = &project.ir;
    let inputs = ir.value_inputs.iter();
    let mut nodes = inputs.filter_map(|input| ir.output(*input));
    if nodes.any(|node| ir.gone_behind(node).is_some()) {
        return None;
    }
    let values = project.config.values.iter().zip(&meanings.values);
    let digests =
        values.map(|(value, meaning)| (value.id.value.clone(), meaning.as_str().to_owned()));
    Some(digests.collect())
}

/// Everything that decides what a run writes, as lines. It includes the locale, which the words of reasons depend on.
fn everything(
    project: &Project,
    meanings: &Meanings,
    ground: &Digest,
    weights: &Weights,
) -> String {
    let config = &project.config;
    let mut lines = format!("ground {}\n", ground.as_str());
    let segments = &project.ir.segments;
    for (id, (segment, rule)) in segments.ids().zip(segments.zip(&meanings.segments)) {
        let weight = weights.weight(id).to_bits();
        let (segment, rule) = (&segment.id, rule.as_str());
        writeln!(lines, "segment {segment} {rule} {weight:016x}").ok();
    }
    for (value, meaning) in config.values.iter().zip(&meanings.values) {
        writeln!(lines, "value {} {}", value.id.value, meaning.as_str()).ok();
    }
    if let Some(health) = &meanings.health {
        let (locale, currency) = (config.locale.tag(), &config.currency);
        writeln!(lines, "health {} {locale} {currency}", health.as_str()).ok();
        for reason in &meanings.reasons {
            writeln!(lines, "reason {}", reason.as_str()).ok();
        }
    }
    lines
}
