//! An IR and rows in, a value per subject and node and a truth per segment out. Never writes, and opens nothing.

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

/// Which columns outlast an evaluation, beside the members of segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Those of [`Ir::outputs`](crate::ir::Ir::outputs).
    Outputs,
    /// Those of every node of the subject program, to explain it.
    Everything,
}

/// Who looks on while an evaluation runs.
pub trait Watch: Sync {
    /// Rows of a table read so far, and about how many there are in all, where that is known.
    fn progress(&self, table: &str, rows: u64, of: Option<u64>);
    /// True when the evaluation should stop.
    fn cancelled(&self) -> bool;
}

/// Nobody looks on.
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
    /// The data was changed while it was read: whose data, and what to do.
    #[error("{0}")]
    Changed(String),
    /// The reading was cut off, whatever was read, and another try may go better: what has happened.
    #[error("{0}")]
    Interrupted(String),
    /// The subject's table cannot be used: a missing key column.
    #[error("{0}")]
    Subjects(String),
    /// Several rows of the subject's table have one key.
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

/// The keys of the subjects, all of one kind.
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
    /// The keys that a text may stand for: what the column holds decides whether it is a number.
    pub fn meant_by(text: &str) -> impl Iterator<Item = Self> {
        let number = text
            .parse()
            .ok()
            .filter(|number: &i64| number.to_string() == text);
        let number = number.map(Self::Integer);
        std::iter::once(Self::Text(text.into())).chain(number)
    }
}

/// Who was evaluated: one place each, in ascending order of keys, whatever the table's order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subjects {
    /// Their keys, ascending.
    pub keys: Keys,
    /// Their labels; a missing label is the key's text.
    pub labels: TextColumn,
}

/// `top 20%` that holds far more than 20%, because of ties at its boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct WideTop {
    /// The node of the `top` or `bottom`.
    pub node: NodeId,
    /// How many subjects it holds, and how many have a value at all.
    pub holds: u64,
    /// How many subjects have a value.
    pub of: u64,
    /// The value at the boundary, as text.
    pub boundary: String,
    /// True for a `bottom`: those beyond the boundary have less.
    pub bottom: bool,
    /// Whether anybody has a value beyond the boundary.
    pub beyond: bool,
}

/// Why a segment could not be evaluated now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The reason in words.
    pub reason: String,
}

/// What an evaluation found.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// The instant and zone.
    pub clock: Clock,
    /// Who was evaluated: those who are active.
    pub subjects: Subjects,
    /// The subjects who are not active; they are in nothing else here.
    pub inactive: Subjects,
    /// The places of each segment's members, ascending; or why it is stale.
    pub segments: IndexVec<SegmentId, Result<Vec<u32>, Stale>>,
    /// The nodes of the IR's outputs; see [`Evaluation::output`].
    pub outputs: IndexVec<OutputId, NodeId>,
    /// For each kept node, one value per subject (a length of 1 stands for the same everywhere); or
    /// why it has none.
    pub kept: HashMap<NodeId, Result<Column, Stale>>,
    /// What was wrong in the data.
    pub problems: Vec<Problem>,
    /// Tops much wider than they say.
    pub wide_tops: Vec<WideTop>,
    /// Event rows read, by table.
    pub rows: BTreeMap<String, u64>,
    /// Why rows were read of tables that the database does not aggregate, where it can aggregate others.
    pub by_rows: Vec<String>,
    /// How long gathering took.
    pub scan_time: Duration,
    /// How long the expressions took after it.
    pub evaluation_time: Duration,
}

impl Evaluation {
    /// One value per subject of an output (a length of 1 stands for the same everywhere).
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

    /// The label of a subject, active or not; none where there is no such subject.
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
    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.keys {
            Keys::Integer(keys) => keys.len(),
            Keys::Text(keys) => keys.len(),
        }
    }

    /// True where there is nobody.
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

    /// The label at a place; the key's text where it has none.
    pub fn label(&self, place: usize) -> String {
        let key = || {
            self.key(place)
                .map_or_else(String::new, |key| key.to_string())
        };
        self.labels.get(place).map_or_else(key, str::to_string)
    }

    /// The place of a key; a whole number and the text that writes it are one key.
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
    /// What they are.
    pub fn key_type(&self) -> KeyType {
        match self {
            Self::Integer(_) => KeyType::Number,
            Self::Text(_) => KeyType::Text,
        }
    }
}

/// The whole number that a text writes, where it writes it as numbers are written: `12`, not `012`.
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

/// True for a certain yes.
pub fn holds(truth: Truth) -> bool {
    truth == Truth::Yes
}
