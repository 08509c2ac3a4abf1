//! The meaning of segments, values and the health score, as digests that can be stored and compared years later. A
//! digest changes when the rule, or anything that the rule refers to, changes. It does not change when other rules are
//! added, removed or reordered, when something is only written differently, or when this code is edited.

mod nodes;
mod spelling;

use std::collections::BTreeMap;

use super::{Ir, IrHealth, OutputId};
use crate::index::IndexVec;
use crate::rules::SegmentId;
use nodes::NodeDigests;

/// The version of the spelling that digests are made from, and of what the rules mean to the engine. It is raised when
/// a spelling changes, and when a bug fix changes answers. Digests of two versions cannot be compared; what moved
/// between them moved because of the upgrade.
///
/// Results without a version were written before versions existed.
pub const FINGERPRINT_VERSION: u32 = 1;

/// The digest of a spelling: 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest(String);

impl Digest {
    /// The digest of a text.
    pub fn of(spelling: &str) -> Self {
        Self(blake3::hash(spelling.as_bytes()).to_hex().to_string())
    }

    /// Its hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a segment's members were computed from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fingerprint {
    /// The [`FINGERPRINT_VERSION`] it was made under; `None` if it was stored before versions existed.
    pub version: Option<u32>,
    /// The digest of the segment's rule, including everything that it refers to.
    pub rule: String,
    /// The digest of what every segment depends on: who is a subject, who is active, the time zone.
    pub ground: String,
}

/// How one fingerprint differs from an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// There is no difference.
    Same,
    /// The rule has changed, or something that it refers to.
    Rule,
    /// The rule is the same, but what every segment depends on has changed.
    Ground,
    /// They were made under different versions and cannot be compared.
    Version,
}

impl Fingerprint {
    /// What has changed since an earlier fingerprint.
    pub fn since(&self, earlier: &Self) -> Difference {
        if self.version != earlier.version {
            Difference::Version
        } else if self.ground != earlier.ground {
            Difference::Ground
        } else if self.rule != earlier.rule {
            Difference::Rule
        } else {
            Difference::Same
        }
    }
}

/// What a run was made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct RunFingerprint {
    /// The [`FINGERPRINT_VERSION`] it was made under; `None` if it was stored before versions existed.
    #[serde(rename = "fingerprint_version")]
    pub version: Option<u32>,
    /// The digest of everything in rules and config that decides what a run writes; empty for a run that failed before
    /// that was known.
    #[serde(rename = "rules_hash")]
    pub rules: String,
    /// The digest of the health score alone; `None` if config defines none, or if it could not be evaluated.
    #[serde(rename = "health_rules")]
    pub health: Option<String>,
    /// The currency of its amounts; `None` if the run was stored before currencies were. The same holds for `values`.
    #[serde(skip)]
    pub currency: Option<String>,
    /// The digest of each value's definition, by the value's id.
    #[serde(skip)]
    pub values: Option<BTreeMap<String, String>>,
}

impl RunFingerprint {
    /// Whether the health scores of the two runs were computed differently, so that they cannot be compared; false if
    /// that is not known.
    pub fn scores_health_otherwise(&self, other: &Self) -> bool {
        let both = self.health.as_ref().zip(other.health.as_ref());
        self.version == other.version && both.is_some_and(|(one, other)| one != other)
    }

    /// The ids of the values whose definition is new or different since an earlier run; none if that is not known.
    pub fn values_changed_since(&self, earlier: &Self) -> Vec<&str> {
        let (Some(now), Some(then)) = (&self.values, &earlier.values) else {
            return Vec::new();
        };
        if self.version != earlier.version {
            return Vec::new();
        }
        let changed = now
            .iter()
            .filter(|(id, digest)| then.get(*id) != Some(*digest));
        changed.map(|(id, _)| id.as_str()).collect()
    }
}

/// The meaning of everything that an IR computes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meanings {
    /// For each segment.
    pub segments: IndexVec<SegmentId, Digest>,
    /// Who is a subject, and who of them is active.
    pub subjects: Digest,
    /// The health score; `None` if config defines none, or if it cannot be evaluated now.
    pub health: Option<Digest>,
    /// The words of each factor's reason, in the order of config.
    pub reasons: Vec<Digest>,
    /// Each segment value, in the order of config.
    pub values: Vec<Digest>,
}

impl Ir {
    /// The meaning of everything that a run publishes.
    pub fn meanings(&self) -> Meanings {
        let subjects = NodeDigests::of_subjects(self);
        let values = NodeDigests::of_values(self, &subjects);
        let active = self.active.map(|node| subjects.get(node));
        let health = self.health.as_ref();
        let score = health.and_then(|health| self.output(health.score));
        Meanings {
            segments: self
                .segments
                .map(|segment| subjects.get(segment.node).clone()),
            subjects: nodes::of_who_takes_part(self, active),
            health: score
                .filter(|score| self.gone_behind(*score).is_none())
                .map(|score| subjects.get(score).clone()),
            reasons: health.map_or_else(Vec::new, |health| self.reasons(health, &subjects)),
            values: self
                .values
                .iter()
                .map(|node| values.get(*node).clone())
                .collect(),
        }
    }

    fn reasons(&self, health: &IrHealth, subjects: &NodeDigests) -> Vec<Digest> {
        let digest = |output: &OutputId| {
            let node = self.output(*output).map(|node| subjects.get(node));
            node.map_or_else(String::new, |digest| digest.as_str().to_owned())
        };
        let factors = health.factors.iter();
        factors
            .map(|factor| {
                let reason = spelling::reason(&factor.reason, &digest);
                Digest::of(&format!("reason {} {reason}", spelling::text(&factor.id)))
            })
            .collect()
    }
}
