//! What a project means, to be compared with another state of it.

use std::collections::BTreeMap;

use super::mix::Mix;
use crate::config::Locale;
use crate::ir::Digest;
use crate::project::Project;

/// What decides the results of a run.
#[derive(Debug, PartialEq)]
pub(super) struct Meaning {
    /// Of each segment by the id that it has now: its rule and its weight.
    segments: BTreeMap<String, (Digest, u64)>,
    subjects: Digest,
    zone: String,
    values: BTreeMap<String, Digest>,
    currency: String,
    /// The score, the words of its reasons and how numbers in them are written.
    health: Option<(Option<Digest>, Vec<String>, Locale)>,
}

impl Meaning {
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
            currency: config.currency.clone(),
            health: config
                .health
                .as_ref()
                .map(|_| (score, reasons, config.locale)),
        }
    }
}
