//! What a run is made by, to tell changed rules from changed data.

use std::fmt::Write;

use super::rank::Weights;
use crate::index::IndexVec;
use crate::ir::{Digest, FINGERPRINT_VERSION, Fingerprint, Meanings, RunFingerprint};
use crate::project::Project;
use crate::rules::SegmentId;

/// What a run is made by.
pub(super) struct Fingerprints {
    /// Of each segment.
    pub segments: IndexVec<SegmentId, Fingerprint>,
    /// Of the run as a whole.
    pub run: RunFingerprint,
}

impl Fingerprints {
    pub(super) fn of(project: &Project, weights: &Weights) -> Self {
        let zone = project.config.timezone.name();
        let meanings = project.ir.meanings();
        let ground = Digest::of(&format!("ground {} {zone}", meanings.subjects.as_str()));
        let segments = meanings.segments.map(|rule| Fingerprint {
            version: Some(FINGERPRINT_VERSION),
            rule: rule.as_str().to_owned(),
            ground: ground.as_str().to_owned(),
        });
        let rules = everything(project, &meanings, &ground, weights);
        Self {
            segments,
            run: RunFingerprint {
                version: Some(FINGERPRINT_VERSION),
                rules: Digest::of(&rules).as_str().to_owned(),
                health: meanings.health.map(|health| health.as_str().to_owned()),
            },
        }
    }
}

/// What decides what a run writes, as lines. The words of reasons are written in the locale's way.
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
