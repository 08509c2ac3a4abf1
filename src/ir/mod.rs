//! What a run has to do, with everything said once: equal sub-expressions are one node, equal
//! aggregates are one accumulator, every event table is one scan.
//!
//! The IR says nothing that only the embedded engine could do: each node is an expression that
//! any SQL engine has too.

mod columns_read;
mod fingerprint;
mod health;
mod lineage;
mod lower;
mod operands;
mod request;
mod union;

pub use columns_read::ColumnsRead;
pub use fingerprint::{
    Difference, Digest, FINGERPRINT_VERSION, Fingerprint, Meanings, RunFingerprint,
};
pub use health::{IrFactor, IrHealth};
pub use lineage::RowLineage;
pub use lower::lower;
pub use request::{Output, Request};
pub use union::{Part, Union};

use std::collections::{BTreeSet, HashMap};

use crate::catalog::{CollectionId, KeyTypes, List, PrivateColumns, Trust};
use crate::index::{IndexVec, newtype_id};
use crate::language::ast::{ExprId, TextTest};
use crate::language::typed::{Arithmetic, Comparison, Function, PopulationFunction};
use crate::rules::{MetricId, SegmentId};
use crate::time::{Direction, Duration, Moment, Window};
use crate::value::{ColumnType, KeyMatch, Type, Value};

newtype_id! {
    /// A node of a [`Program`].
    pub struct NodeId;
    /// A column that the rows of a program bring with them.
    pub struct InputId;
    /// A lookup of the table whose rows ask for it.
    pub struct LookupId;
    /// A scan of an [`Ir`].
    pub struct ScanId;
    /// A selection of a [`CollectionScan`].
    pub struct SelectionId;
    /// An aggregate of an [`Ir`].
    pub struct AggregateId;
    /// A column that an evaluation is asked for.
    pub struct OutputId;
}

/// Expressions over one kind of row, operands before their users, no two alike.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Program {
    /// The nodes, in an order in which each can be evaluated after those before it.
    pub nodes: IndexVec<NodeId, Node>,
}

impl Program {
    /// What these nodes are made of, themselves included, each step once.
    pub fn behind(&self, nodes: impl IntoIterator<Item = NodeId>) -> Vec<&Op> {
        let behind = self.nodes_behind(nodes).into_iter();
        behind
            .filter_map(|node| Some(&self.nodes.get(node)?.op))
            .collect()
    }

    /// The same as nodes: ascending, an order in which they can be evaluated.
    pub fn nodes_behind(&self, nodes: impl IntoIterator<Item = NodeId>) -> BTreeSet<NodeId> {
        let mut found = BTreeSet::new();
        let mut open: Vec<NodeId> = nodes.into_iter().collect();
        while let Some(next) = open.pop() {
            if let Some(node) = self.nodes.get(next).filter(|_| found.insert(next)) {
                open.extend(node.op.operands());
            }
        }
        found
    }

    /// Of a scan's program: the nodes of the subject program that its rows are compared with.
    pub fn compared_with(&self) -> impl Iterator<Item = NodeId> {
        self.nodes.iter().filter_map(|node| match node.op {
            Op::ValueOfSubject(node) => Some(node),
            _ => None,
        })
    }
}

/// One step of a program.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Node {
    /// What it computes.
    pub op: Op,
    /// The type of its values.
    pub ty: Type,
}

/// What a node computes, row by row unless said otherwise.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Op {
    /// One value for every row.
    Constant(Value),
    /// A point in time, constant in a run: a date for `today` and date literals, else an instant.
    Moment(Moment),
    /// A column that the program's rows bring with them.
    Input(InputId),
    /// Event programs only: a column of the row's subject.
    OfSubject(InputId),
    /// Event programs only: what a node of the subject program comes to for the row's subject. Nothing behind it ranges
    /// over other subjects, and every aggregate behind it is filled by a scan of a lower level.
    ValueOfSubject(NodeId),
    /// Subject program only: what an aggregate came to.
    Aggregate(AggregateId),
    /// Subject and value programs only: a function over a group of subjects.
    Population {
        /// Which.
        function: PopulationFunction,
        /// Of what; none for `size()`.
        of: Option<NodeId>,
        /// The node that names a subject's group; none for everyone.
        scope: Option<NodeId>,
    },
    /// Subject program only: membership of a segment: yes or no.
    /// The segment's own node stands before this one.
    Member(SegmentId),
    /// `not`
    Not(NodeId),
    /// `and` of two or more
    And(Vec<NodeId>),
    /// `or` of two or more
    Or(Vec<NodeId>),
    /// A comparison of two values of one type
    Compare(Comparison, NodeId, NodeId),
    /// Arithmetic; the node's and operands' types say which rule applies
    Arithmetic(Arithmetic, NodeId, NodeId),
    /// `-x`
    Negate(NodeId),
    /// A date or instant moved
    Shift(NodeId, Duration, Direction),
    /// Equal to any of the others
    InList(NodeId, Vec<NodeId>),
    /// In a list kept by hand: yes or no, no where it is missing
    Listed(NodeId, List),
    /// A test of a text
    TextTest(TextTest, NodeId, NodeId),
    /// A date or instant inside a window
    InWindow(NodeId, Window),
    /// Missing or unknown
    IsMissing(NodeId),
    /// A function of values
    Call(Function, Vec<NodeId>),
    /// Cannot be evaluated: the reason in words
    Gone(String),
}

/// A column to read, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputColumn {
    /// Through which lookup; none for the row's own column.
    pub lookup: Option<LookupId>,
    /// The column's name.
    pub column: String,
    /// How its values are read.
    pub ty: ColumnType,
}

/// A column of keys, which are compared as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    /// Through which lookup; none for the row's own column.
    pub lookup: Option<LookupId>,
    /// The column's name.
    pub column: String,
}

/// A table to look rows up in by key, read whole before the scans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The name rules use, for messages.
    pub name: String,
    /// The table.
    pub table: String,
    /// Its key column.
    pub key: String,
    /// The asking table's column that holds the key.
    pub by: String,
    /// When a value of it is a key.
    pub matching: KeyMatch,
}

/// The subject's table and what is read of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectScan {
    /// The table.
    pub table: String,
    /// The key column.
    pub key: String,
    /// What is known of its keys before they are read.
    pub key_types: KeyTypes,
    /// When a row's key is that of a subject.
    pub matching: KeyMatch,
    /// The label columns, which are joined by blanks.
    pub label: Vec<String>,
    /// The column that tells from when on a subject is there, where config names one.
    pub at: Option<String>,
    /// Lookups that any input goes through.
    pub lookups: IndexVec<LookupId, Lookup>,
    /// The columns that the programs read.
    pub inputs: IndexVec<InputId, InputColumn>,
    /// Columns whose values never change: the key, and config's `at:`.
    pub lasting: Vec<String>,
    /// Which rows are subjects at all (config's `at:` and `where:`); over `inputs`.
    pub admission: Program,
    /// The answer of `admission`; none where every row is one.
    pub admitted: Option<NodeId>,
}

/// One event table, scanned once for all collections that read it; once more for each further level.
#[derive(Debug, Clone, PartialEq)]
pub struct TableScan {
    /// The table.
    pub table: String,
    /// 0 where the program knows nothing of subjects but columns; otherwise one above the highest level of the
    /// aggregates that rows are compared with.
    pub level: usize,
    /// Lookups that any input goes through.
    pub lookups: IndexVec<LookupId, Lookup>,
    /// The columns that the program reads.
    pub inputs: IndexVec<InputId, InputColumn>,
    /// Filters and fields of all selections.
    pub program: Program,
    /// The ways rows of this table are taken for a subject: one for each collection in use.
    pub collections: Vec<CollectionScan>,
}

/// How one collection reads its table.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionScan {
    /// Which collection.
    pub collection: CollectionId,
    /// Its name, for messages.
    pub name: String,
    /// Whether trouble in its rows is told: not where only other rules read it, which are asked beside those of the run.
    pub is_told: bool,
    /// The column that holds the subject's key.
    pub subject: KeyColumn,
    /// The time column and how it is read, where there is one.
    pub at: Option<InputColumn>,
    /// The column that breaks ties, where `first` or `last` needs it.
    pub key: Option<String>,
    /// The column that tells its rows apart: rows that have the same there are told of.
    pub identity: Option<String>,
    /// The columns whose values change after a row is written, by config's word.
    pub changes: Vec<String>,
    /// Config's `where:` of the collection, a node of the table's program.
    pub admitted: Option<NodeId>,
    /// What is taken of it.
    pub selections: IndexVec<SelectionId, Selection>,
}

/// Rows by window and condition, and what is measured of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Which rows by time.
    pub window: Window,
    /// Which rows by condition, a node of the table's program.
    pub filter: Option<NodeId>,
    /// What is measured, in no order.
    pub measures: Vec<AggregateId>,
}

/// What an aggregate takes of its rows; nodes are of the table's program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IrMeasure {
    /// How many rows.
    Count,
    /// Whether any row.
    Exists,
    /// How many different values.
    CountDistinct(NodeId),
    /// Sum.
    Sum(NodeId),
    /// Mean.
    Avg(NodeId),
    /// Smallest.
    Min(NodeId),
    /// Largest.
    Max(NodeId),
    /// Quantile, of a share in billionths.
    Quantile(NodeId, u32),
    /// Standard deviation of a sample.
    Stddev(NodeId),
    /// Field of the earliest row.
    First(NodeId),
    /// Field of the latest row.
    Last(NodeId),
    /// The different values of all subjects' rows together, as texts in no order: a column of their
    /// number, not one value per subject. Only behind an [`Output::Distinct`].
    Values(NodeId),
}

impl IrMeasure {
    /// What it is taken of, where it has that.
    pub fn field(self) -> Option<NodeId> {
        match self {
            Self::Count | Self::Exists => None,
            Self::CountDistinct(field)
            | Self::Sum(field)
            | Self::Avg(field)
            | Self::Min(field)
            | Self::Max(field)
            | Self::Quantile(field, _)
            | Self::Stddev(field)
            | Self::First(field)
            | Self::Last(field)
            | Self::Values(field) => Some(field),
        }
    }
}

/// A distinct aggregate and the scan that fills it.
#[derive(Debug, Clone, PartialEq)]
pub struct IrAggregate {
    /// What it takes.
    pub measure: IrMeasure,
    /// The type of the result.
    pub ty: Type,
    /// Which scan fills it.
    pub scan: ScanId,
    /// Of which of the scan's collections.
    pub collection: CollectionId,
    /// By which of the collection's selections.
    pub selection: SelectionId,
    /// The nodes of the subject program that its rows are compared with, in no order.
    pub compared_with: Vec<NodeId>,
}

/// A metric as lowered.
#[derive(Debug, Clone, PartialEq)]
pub struct IrMetric {
    /// Its name.
    pub name: String,
    /// Its node; none for a metric that is a row or only stands inside filters.
    pub node: Option<NodeId>,
}

/// A segment as lowered.
#[derive(Debug, Clone, PartialEq)]
pub struct IrSegment {
    /// Its id.
    pub id: String,
    /// The node that decides: for a rung, with all rungs before it taken into account.
    pub node: NodeId,
    /// The segments that must be evaluated before (through metrics too).
    pub needs: Vec<SegmentId>,
}

/// Everything a run has to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Ir {
    /// When the data is not to be built on.
    pub trust: Trust,
    /// Columns of which nothing that is said of the data has an example.
    pub private: PrivateColumns,
    /// The subjects.
    pub subject: SubjectScan,
    /// One scan an event table.
    pub scans: IndexVec<ScanId, TableScan>,
    /// The distinct aggregates.
    pub aggregates: IndexVec<AggregateId, IrAggregate>,
    /// All expressions per subject.
    pub program: Program,
    /// The metrics, in the order of the files.
    pub metrics: IndexVec<MetricId, IrMetric>,
    /// The node that tells who takes part; everyone where there is none. Whatever else stands on a
    /// part of it is evaluated over those who do.
    pub active: Option<NodeId>,
    /// The segments, in the order of the files.
    pub segments: IndexVec<SegmentId, IrSegment>,
    /// The health score; none where config defines none.
    pub health: Option<IrHealth>,
    /// The values of a segment, over its members: in it an input is a column of
    /// `value_inputs` for each member, and a population function ranges over the members.
    pub value_program: Program,
    /// The nodes of the value program that hold the values, in the order of config.
    pub values: Vec<NodeId>,
    /// The outputs that the values are made of.
    pub value_inputs: IndexVec<InputId, OutputId>,
    /// The nodes of the subject program whose columns outlast an evaluation: those that were asked for, in
    /// their order, then those of the health score and of segments' values.
    pub outputs: IndexVec<OutputId, NodeId>,
    /// The nodes of the expressions over subjects; see [`Ir::node_of`].
    expressions: HashMap<ExprId, NodeId>,
}

impl Ir {
    /// The node of an output; none where there is no such output.
    pub fn output(&self, output: OutputId) -> Option<NodeId> {
        self.outputs.get(output).copied()
    }

    /// The node of the subject program that holds an expression's value; none for what is worked out for each row of
    /// an aggregate, and for what was not lowered.
    pub fn node_of(&self, expression: ExprId) -> Option<NodeId> {
        self.expressions.get(&expression).copied()
    }
}
