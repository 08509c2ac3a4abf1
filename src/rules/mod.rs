//! `rules/*.yaml` as Rust types: strict keys, spans kept. Never touches the database.

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
    /// A metric of a [`RuleSet`], and whatever is made of it.
    pub struct MetricId;
    /// A segment of a [`RuleSet`], and whatever is made of it.
    pub struct SegmentId;
    /// A ladder of a [`RuleSet`].
    pub struct LadderId;
}

/// All rule files together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleSet {
    /// The files, in the order of their names.
    pub files: Vec<FileId>,
    /// The metrics, in the order of the files.
    pub metrics: IndexVec<MetricId, Metric>,
    /// The segments, in the order of the files.
    pub segments: IndexVec<SegmentId, Segment>,
    /// The buckets, in the order they are listed (files in order, first mention counts).
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
    /// The name people see; the id where none is set.
    pub name: String,
    /// What it means, in plain words.
    pub description: Option<String>,
    /// The bucket it belongs to.
    pub bucket: Option<String>,
    /// Its importance, a whole number ≥ 0.
    pub importance: Option<u32>,
    /// A weight set by hand, as its decimal text.
    pub weight: Option<Decimal>,
    /// Free labels.
    pub tags: Vec<String>,
    /// The condition; none where there is a filter, and for a ladder's last rung.
    pub when: Option<Scalar>,
    /// What else must be so, by the plain names of config's fields; all of them.
    pub filter: Vec<Filter>,
    /// A sign shown before the name: `♥︎`.
    pub sign: Option<String>,
    /// The id it had before, so that its history stays with it.
    pub was: Option<Scalar>,
    /// The ladder it is a rung of.
    pub ladder: Option<LadderId>,
    /// The whole of it in its file, from the first key to the last value.
    pub place: Location,
}

/// One line of a segment's filter: a subject has one of the values.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// The field's id in config, or `segments`, which is built in.
    pub field: Scalar,
    /// The values, at least one: any of them will do.
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
    /// Who is on it at all; none for everyone.
    pub among: Option<Scalar>,
    /// Its rungs, top first.
    pub rungs: Vec<SegmentId>,
}

/// The weight of a segment, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// importance / the sum of all importances loaded.
    Derived {
        /// The segment's importance.
        importance: u32,
        /// The sum of all.
        sum: u64,
    },
    /// Set by hand.
    Set(Decimal),
}

impl Weight {
    /// The weight for people, at least 0, rounded to 12 places.
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
    /// The weight of a segment: set by hand, or its importance over the sum of all.
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
