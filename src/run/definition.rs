//! What a run was made by, as it is stored: to tell changed rules from changed data.
//!
//! A segment's definition is `RULE-GROUND`: the digest of its rule with everything that it refers to, and that of
//! what all segments stand on (who is a subject, who is active, the time zone). Definitions of files that were written
//! before the ground was told are `RULE` alone; of those only the rule can be compared.
//!
//! A run's `rules_hash` is `ALL` or `ALL.HEALTH`: the digest of everything in rules and config that decides what
//! the run writes, and that of the health score alone.

use std::fmt::Write;

use super::Project;
use super::rank::Weights;
use crate::plan::Meaning;

/// Digests of what only stands beside a whole one are shortened to so many places.
const SHORT: usize = 16;

/// What a run is made by.
pub(super) struct Definitions {
    /// Parallel to the plan's segments.
    pub segments: Vec<String>,
    /// The run's `rules_hash`.
    pub all: String,
}

impl Definitions {
    pub(super) fn of(project: &Project, weights: &Weights) -> Self {
        let config = &project.config;
        let meaning = project.plan.meaning();
        let ground = short(&format!("{} {}", meaning.subjects, config.timezone.name()));
        let segments = meaning.segments.iter();
        let segments = segments.map(|rule| format!("{rule}-{ground}")).collect();
        let all = everything(project, &meaning, &ground, weights);
        let all = blake3::hash(all.as_bytes()).to_hex();
        Self {
            segments,
            all: match &meaning.health {
                Some(health) => format!("{all}.{}", short(health)),
                None => all.to_string(),
            },
        }
    }
}

/// What decides what a run writes, as lines. The words of reasons are written in the locale's way.
fn everything(project: &Project, meaning: &Meaning, ground: &str, weights: &Weights) -> String {
    let config = &project.config;
    let mut lines = format!("{ground}\n");
    let segments = project.plan.segments.iter().zip(&meaning.segments);
    for (place, (segment, rule)) in segments.enumerate() {
        let weight = weights.weight(place);
        writeln!(lines, "segment {} {rule} {weight:?}", segment.id).ok();
    }
    for (value, digest) in config.values.iter().zip(&meaning.values) {
        writeln!(lines, "value {} {digest}", value.id.value).ok();
    }
    if let Some(health) = &meaning.health {
        let (reasons, locale, currency) = (&meaning.reasons, config.locale, &config.currency);
        writeln!(lines, "health {health} {reasons:?} {locale:?} {currency}").ok();
    }
    lines
}

fn short(text: &str) -> String {
    let digest = blake3::hash(text.as_bytes()).to_hex();
    digest.chars().take(SHORT).collect()
}

/// Whether a segment's members were found by another definition.
pub(super) fn is_another(stored: &str, now: &str) -> bool {
    rule(stored) != rule(now) || ground_is_another(stored, now)
}

/// Whether a segment stood on another ground; where that was not stored, it is taken to be the same.
pub(super) fn ground_is_another(stored: &str, now: &str) -> bool {
    let ground = |definition: &str| Some(definition.split_once('-')?.1.to_owned());
    differ(ground(stored), ground(now))
}

/// Whether the health scores of two runs, by their `rules_hash`, were made in two ways, so that they cannot be
/// compared; false where that is not known.
pub fn health_is_another(one: &str, other: &str) -> bool {
    let health = |rules: &str| Some(rules.split_once('.')?.1.to_owned());
    differ(health(one), health(other))
}

fn rule(definition: &str) -> &str {
    definition.split('-').next().unwrap_or(definition)
}

/// True where both are known and not the same.
fn differ(one: Option<String>, other: Option<String>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
}
