//! `rules/*.yaml` as Rust types: strict keys, with spans. Never touches the database.

mod allow;
mod files;
mod filters;
mod ladder;
mod load;
mod merge;
mod partial;
mod renamed;
mod unread;
mod wire;

pub use allow::{ALLOW, Allow, allows, line_of_comment, lines};
pub use files::{file_for_new, is_rules, is_test, rule_files, test_files};
pub use load::{Draft, conditions, load, load_with};

use crate::index::{IndexVec, newtype_id};
use crate::source::{FileId, Location, Scalar};

newtype_id! {
    /// The id of a metric in a [`RuleSet`], and of everything derived from it.
    pub struct MetricId;
    /// The id of a segment in a [`RuleSet`], and of everything derived from it.
    pub struct SegmentId;
    /// The id of a ladder in a [`RuleSet`].
    pub struct LadderId;
}

/// All rule files together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleSet {
    /// The files, sorted by name.
    pub files: Vec<FileId>,
    /// The metrics, in file order.
    pub metrics: IndexVec<MetricId, Metric>,
    /// The segments, in file order.
    pub segments: IndexVec<SegmentId, Segment>,
    /// The buckets in the order listed (in file order, by first mention).
    pub buckets: Vec<String>,
    /// The ladders.
    pub ladders: IndexVec<LadderId, Ladder>,
}

/// A named expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: Scalar,
    /// Its text.
    pub text: Scalar,
}

/// A segment as its file defines it.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Its id: letters, digits, `_`.
    pub id: Scalar,
    /// The display name; by default the id.
    pub name: String,
    /// What it means, in plain words.
    pub description: Option<String>,
    /// The bucket it belongs to.
    pub bucket: Option<String>,
    /// Its importance, a whole number ≥ 0.
    pub importance: Option<u32>,
    /// A manually set weight, as its decimal text.
    pub weight: Option<Decimal>,
    /// Free labels.
    pub tags: Vec<String>,
    /// The condition; may be `None` if there is a filter, and for the last rung of a ladder.
    pub when: Option<Scalar>,
    /// Further conditions, by the names of config's fields; all must hold.
    pub filter: Vec<Filter>,
    /// A symbol shown before the name: `♥︎`.
    pub sign: Option<String>,
    /// Its previous id, so that it keeps its history.
    pub was: Option<Scalar>,
    /// The ladder it is a rung of.
    pub ladder: Option<LadderId>,
    /// Its complete location in the file, from the first key to the last value.
    pub place: Location,
}

/// One line of a segment's filter: the subject must have one of the values.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// The field's id in config, or `segments`, which is built in.
    pub field: Scalar,
    /// The values, at least one: any of them matches.
    pub values: Vec<Scalar>,
}

/// An exact decimal with nine places, in billionths; between 0 and 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(pub i64);

/// A ladder: the first rung that matches takes the subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// Its id.
    pub id: Scalar,
    /// The condition to be on it at all; `None` for everyone.
    pub among: Option<Scalar>,
    /// Its rungs, top first.
    pub rungs: Vec<SegmentId>,
}

/// The weight of a segment, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Importance divided by the sum of all importances loaded.
    Derived {
        /// The segment's importance.
        importance: u32,
        /// The sum of all.
        sum: u64,
    },
    /// Set manually.
    Set(Decimal),
}

impl Weight {
    /// The weight for display, at least 0, rounded to 12 places.
    pub fn to_f64(self) -> f64 {
        let exact = match self {
            Self::Derived { sum: 0, .. } => 0.0,
            Self::Derived { importance, sum } => f64::from(importance) / sum as f64,
            Self::Set(decimal) => decimal.0 as f64 / 1e9,
        };
        (exact * 1e12).round() / 1e12
    }
}

impl RuleSet {
    /// The weight of a segment: set manually, or its importance divided by the sum of all.
    pub fn weight(&self, segment: &Segment) -> Weight {
        match segment.weight {
            Some(weight) => Weight::Set(weight),
            None => Weight::Derived {
                importance: segment.importance.unwrap_or(0),
                sum: self
                    .segments
                    .iter()
                    .map(|s| u64::from(s.importance.unwrap_or(0)))
                    .sum(),
            },
        }
    }
}

/// The JSON Schema of a rule file.
pub fn schema() -> String {
    crate::decode::schema_of::<wire::RuleFile>()
}
