//! Takes an IR and rows; returns a value per subject and node, and a truth per segment. Never writes, and opens
//! nothing.

mod active;
mod apply;
mod cell;
pub mod column;
mod distinct;
mod evaluate;
mod functions;
mod gather;
mod nodes;
mod operands;
mod places;
mod population;
mod problem;
mod quantile;
mod rows;
mod scalar;
mod values;
mod vector;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

pub use cell::{Cell, OwnedCell};
pub use column::{Column, TextColumn};
pub use distinct::{DistinctValues, FIELD_VALUES};
pub use evaluate::evaluate;
pub use gather::{
    Admission, Answered, Asked, Doubted, Gathered, Kept, Looks, Part, ReadError, Row, Select,
    Tables, Tally, TooLarge, Tuning, Whose, gather, is_heading, misread, read_cell,
};
pub use problem::{Problem, ProblemCount, ProblemKind, Reach};
pub use rows::RowEvaluator;
pub use values::{values_of_count, values_over};

use crate::index::IndexVec;
use crate::ir::{NodeId, OutputId};
use crate::rules::SegmentId;
use crate::time::Clock;
use crate::value::{KeyType, Truth};

/// Which columns are kept after an evaluation, besides the members of segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// The columns of [`Ir::outputs`](crate::ir::Ir::outputs).
    Outputs,
    /// The columns of every node of the subject program, so that it can be explained.
    Everything,
}

/// Observes a running evaluation and can stop it.
pub trait Watch: Sync {
    /// Reports the rows of a table read so far and, if known, about how many there are in all.
    fn progress(&self, table: &str, rows: u64, of: Option<u64>);
    /// True if the evaluation should stop.
    fn cancelled(&self) -> bool;
}

/// A [`Watch`] that ignores progress and never cancels.
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}
    fn cancelled(&self) -> bool {
        false
    }
}

/// Why nothing could be evaluated at all.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The database cannot be opened or read: the path and the reason.
    #[error("{0}")]
    Database(String),
    /// The data changed while it was being read: whose data, and what to do.
    #[error("{0}")]
    Changed(String),
    /// Reading was interrupted for a reason that may not recur, independent of the rules: what happened.
    #[error("{0}")]
    Interrupted(String),
    /// The subject's table cannot be used: a missing key column.
    #[error("{0}")]
    Subjects(String),
    /// Several rows of the subject's table have the same key.
    #[error("{what}; {remedy}")]
    DoubledKeys {
        /// Which keys, in which rows.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// The watcher asked to stop.
    #[error("stopped before anything was written")]
    Cancelled,
}

/// The keys of the subjects, all of one type.
#[derive(Debug, Clone, PartialEq)]
pub enum Keys {
    /// Integers, ordered numerically.
    Integer(Vec<i64>),
    /// Text, ordered by bytes.
    Text(Vec<Box<str>>),
}

/// One subject's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// An integer.
    Integer(i64),
    /// A text.
    Text(Box<str>),
}

impl Key {
    /// The keys that a text may stand for. The type of the column decides whether it is a number.
    pub fn meant_by(text: &str) -> impl Iterator<Item = Self> {
        let number = text
            .parse()
            .ok()
            .filter(|number: &i64| number.to_string() == text);
        let number = number.map(Self::Integer);
        std::iter::once(Self::Text(text.into())).chain(number)
    }
}

/// The subjects that were evaluated. Each has a place, in ascending order of keys, whatever the order of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subjects {
    /// Their keys, ascending.
    pub keys: Keys,
    /// Their labels; a missing label is the key's text.
    pub labels: TextColumn,
}

/// A condition such as `top 20%` that holds far more than 20%, because of ties at its boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct WideTop {
    /// The node of the `top` or `bottom`.
    pub node: NodeId,
    /// How many subjects it holds.
    pub holds: u64,
    /// How many subjects have a value.
    pub of: u64,
    /// The value at the boundary, as text.
    pub boundary: String,
    /// True for a `bottom`: the subjects beyond the boundary have smaller values.
    pub bottom: bool,
    /// Whether any subject has a value beyond the boundary.
    pub beyond: bool,
}

/// Why a segment could not be evaluated in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The reason in words.
    pub reason: String,
}

/// The result of an evaluation.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// The instant and zone.
    pub clock: Clock,
    /// The subjects that were evaluated: the active ones.
    pub subjects: Subjects,
    /// The subjects that are not active. They appear nowhere else here.
    pub inactive: Subjects,
    /// For each segment, the places of its members, ascending; or why it is stale.
    pub segments: IndexVec<SegmentId, Result<Vec<u32>, Stale>>,
    /// The nodes of the IR's outputs; see [`Evaluation::output`].
    pub outputs: IndexVec<OutputId, NodeId>,
    /// For each kept node, one value per subject (a column of length 1 stands for the same value everywhere), or why it
    /// has none.
    pub kept: HashMap<NodeId, Result<Column, Stale>>,
    /// The problems found in the data.
    pub problems: Vec<Problem>,
    /// The `top` and `bottom` conditions that hold far more subjects than they say.
    pub wide_tops: Vec<WideTop>,
    /// Event rows read, by table.
    pub rows: BTreeMap<String, u64>,
    /// If the database aggregates tables itself: why some tables were read row by row all the same.
    pub by_rows: Vec<String>,
    /// How long gathering took.
    pub scan_time: Duration,
    /// How long evaluating the expressions took afterwards.
    pub evaluation_time: Duration,
}

impl Evaluation {
    /// One value per subject of an output (a column of length 1 stands for the same value everywhere).
    ///
    /// # Errors
    /// Why it has none.
    pub fn output(&self, output: OutputId) -> Result<&Column, Stale> {
        let node = self.outputs.get(output);
        match node.and_then(|node| self.kept.get(node)) {
            Some(Ok(column)) => Ok(column),
            Some(Err(stale)) => Err(stale.clone()),
            None => Err(Stale {
                reason: "a value was not evaluated".to_owned(),
            }),
        }
    }

    /// The label of a subject, active or not; `None` if there is no such subject.
    pub fn label(&self, key: &Key) -> Option<String> {
        let among = |subjects: &Subjects| Some(subjects.label(subjects.place(key)?));
        among(&self.subjects).or_else(|| among(&self.inactive))
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::Integer(Vec::new())
    }
}

impl Subjects {
    /// The number of subjects.
    pub fn len(&self) -> usize {
        match &self.keys {
            Keys::Integer(keys) => keys.len(),
            Keys::Text(keys) => keys.len(),
        }
    }

    /// True if there are no subjects.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key at a place.
    pub fn key(&self, place: usize) -> Option<Key> {
        match &self.keys {
            Keys::Integer(keys) => keys.get(place).copied().map(Key::Integer),
            Keys::Text(keys) => keys.get(place).cloned().map(Key::Text),
        }
    }

    /// The label at a place; the key's text if there is no label.
    pub fn label(&self, place: usize) -> String {
        let key = || {
            self.key(place)
                .map_or_else(String::new, |key| key.to_string())
        };
        self.labels.get(place).map_or_else(key, str::to_string)
    }

    /// The place of a key. A whole number and its text are the same key.
    pub fn place(&self, key: &Key) -> Option<usize> {
        match (&self.keys, key) {
            (Keys::Integer(keys), Key::Integer(key)) => keys.binary_search(key).ok(),
            (Keys::Text(keys), Key::Text(key)) => keys.binary_search(key).ok(),
            (Keys::Integer(keys), Key::Text(key)) => keys.binary_search(&whole_number(key)?).ok(),
            (Keys::Text(keys), Key::Integer(key)) => {
                keys.binary_search(&key.to_string().into()).ok()
            }
        }
    }
}

impl Keys {
    /// The type of the keys.
    pub fn key_type(&self) -> KeyType {
        match self {
            Self::Integer(_) => KeyType::Number,
            Self::Text(_) => KeyType::Text,
        }
    }
}

/// The whole number that a text stands for, if it is in normal notation: `12`, not `012`.
pub fn whole_number(text: &str) -> Option<i64> {
    let number = text.parse::<i64>().ok();
    number.filter(|number| number.to_string() == text)
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(key) => write!(f, "{key}"),
            Self::Text(key) => f.write_str(key),
        }
    }
}

/// True only for a certain yes.
pub fn holds(truth: Truth) -> bool {
    truth == Truth::Yes
}
