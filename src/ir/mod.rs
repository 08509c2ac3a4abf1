//! What a run has to compute, without duplicates: equal sub-expressions are one node, equal aggregates are one
//! accumulator, and every event table is one scan.
//!
//! The IR contains nothing that only the embedded engine could do: any SQL engine has each of its expressions too.

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
    /// A column that the rows of a program provide.
    pub struct InputId;
    /// A lookup of the table whose rows look up others.
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

/// Expressions over one kind of row. Operands come before their users, and no two nodes are equal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Program {
    /// The nodes, in an order in which each can be evaluated after those before it.
    pub nodes: IndexVec<NodeId, Node>,
}

impl Program {
    /// The operations that these nodes depend on, including their own, each once.
    pub fn behind(&self, nodes: impl IntoIterator<Item = NodeId>) -> Vec<&Op> {
        let behind = self.nodes_behind(nodes).into_iter();
        behind
            .filter_map(|node| Some(&self.nodes.get(node)?.op))
            .collect()
    }

    /// The same as nodes, ascending, which is an order in which they can be evaluated.
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

    /// For a scan's program: the nodes of the subject program that its rows are compared with.
    pub fn compared_with(&self) -> impl Iterator<Item = NodeId> {
        self.nodes.iter().filter_map(|node| match node.op {
            Op::ValueOfSubject(node) => Some(node),
            _ => None,
        })
    }
}

/// One operation of a program.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Node {
    /// What it computes.
    pub op: Op,
    /// The type of its values.
    pub ty: Type,
}

/// What a node computes, row by row unless stated otherwise.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Op {
    /// One value for every row.
    Constant(Value),
    /// A point in time, constant in a run: a date for `today` and date literals, otherwise an instant.
    Moment(Moment),
    /// A column that the program's rows provide.
    Input(InputId),
    /// Event programs only: a column of the row's subject.
    OfSubject(InputId),
    /// Event programs only: the value of a node of the subject program for the row's subject. Nothing behind that node
    /// depends on other subjects, and every aggregate behind it is filled by a scan of a lower level.
    ValueOfSubject(NodeId),
    /// Subject program only: the result of an aggregate.
    Aggregate(AggregateId),
    /// Subject and value programs only: a function over a group of subjects.
    Population {
        /// The function.
        function: PopulationFunction,
        /// The operand; `None` for `size()`.
        of: Option<NodeId>,
        /// The node that gives a subject's group; `None` for everyone.
        scope: Option<NodeId>,
    },
    /// Subject program only: membership of a segment, yes or no. The segment's own node comes before this one.
    Member(SegmentId),
    /// `not`
    Not(NodeId),
    /// `and` of two or more
    And(Vec<NodeId>),
    /// `or` of two or more
    Or(Vec<NodeId>),
    /// A comparison of two values of one type
    Compare(Comparison, NodeId, NodeId),
    /// Arithmetic; the types of the node and its operands decide which rule applies
    Arithmetic(Arithmetic, NodeId, NodeId),
    /// `-x`
    Negate(NodeId),
    /// A date or instant, shifted
    Shift(NodeId, Duration, Direction),
    /// Equal to any of the others
    InList(NodeId, Vec<NodeId>),
    /// In a hand-maintained list: yes or no; no if the value is missing
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

/// A column to read, and how it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputColumn {
    /// The lookup that it is read through; `None` for the row's own column.
    pub lookup: Option<LookupId>,
    /// The column's name.
    pub column: String,
    /// How its values are read.
    pub ty: ColumnType,
}

/// A column of keys, which are compared as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    /// The lookup that it is read through; `None` for the row's own column.
    pub lookup: Option<LookupId>,
    /// The column's name.
    pub column: String,
}

/// A table in which rows are looked up by key. It is read whole, before the scans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The name that rules use, for messages.
    pub name: String,
    /// The table.
    pub table: String,
    /// Its key column.
    pub key: String,
    /// The asking table's column that holds the key.
    pub by: String,
    /// When a value of `by` matches a key.
    pub matching: KeyMatch,
}

/// The subject's table and what is read from it.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectScan {
    /// The table.
    pub table: String,
    /// The key column.
    pub key: String,
    /// What is known about its keys before they are read.
    pub key_types: KeyTypes,
    /// When a key in a row matches that of a subject.
    pub matching: KeyMatch,
    /// The label columns, which are joined with spaces.
    pub label: Vec<String>,
    /// The column that tells since when a subject exists, if config names one.
    pub at: Option<String>,
    /// The lookups that inputs go through.
    pub lookups: IndexVec<LookupId, Lookup>,
    /// The columns that the programs read.
    pub inputs: IndexVec<InputId, InputColumn>,
    /// Columns whose values never change: the key, and config's `at:`.
    pub lasting: Vec<String>,
    /// Which rows are subjects (config's `at:` and `where:`); over `inputs`.
    pub admission: Program,
    /// The answer of `admission`; `None` if every row is a subject.
    pub admitted: Option<NodeId>,
}

/// One event table, scanned once for all collections that read it, and once more for each further level.
#[derive(Debug, Clone, PartialEq)]
pub struct TableScan {
    /// The table.
    pub table: String,
    /// 0 if the program reads only columns of subjects; otherwise one above the highest level of the aggregates that
    /// rows are compared with.
    pub level: usize,
    /// The lookups that inputs go through.
    pub lookups: IndexVec<LookupId, Lookup>,
    /// The columns that the program reads.
    pub inputs: IndexVec<InputId, InputColumn>,
    /// The filters and fields of all selections.
    pub program: Program,
    /// How the rows of this table belong to subjects: one entry for each collection in use.
    pub collections: Vec<CollectionScan>,
}

/// How one collection reads its table.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionScan {
    /// Which collection.
    pub collection: CollectionId,
    /// Its name, for messages.
    pub name: String,
    /// Whether problems in its rows are reported. They are not if only rules outside the run read it.
    pub is_told: bool,
    /// The column that holds the subject's key.
    pub subject: KeyColumn,
    /// The time column and how it is read, if there is one.
    pub at: Option<InputColumn>,
    /// The column that breaks ties, if `first` or `last` needs it.
    pub key: Option<String>,
    /// The column that tells its rows apart: rows with the same value in it are reported.
    pub identity: Option<String>,
    /// The columns that config lists as changing after a row is written.
    pub changes: Vec<String>,
    /// Config's `where:` of the collection, a node of the table's program.
    pub admitted: Option<NodeId>,
    /// What is taken from it.
    pub selections: IndexVec<SelectionId, Selection>,
}

/// Rows by window and condition, and the measures over them.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The time window of the rows.
    pub window: Window,
    /// The condition on the rows, a node of the table's program.
    pub filter: Option<NodeId>,
    /// The measures, in no particular order.
    pub measures: Vec<AggregateId>,
}

/// What an aggregate computes from its rows; nodes are of the table's program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IrMeasure {
    /// The number of rows.
    Count,
    /// Whether there is any row.
    Exists,
    /// The number of distinct values.
    CountDistinct(NodeId),
    /// Sum.
    Sum(NodeId),
    /// Mean.
    Avg(NodeId),
    /// Smallest.
    Min(NodeId),
    /// Largest.
    Max(NodeId),
    /// Quantile; the share is in billionths.
    Quantile(NodeId, u32),
    /// Sample standard deviation.
    Stddev(NodeId),
    /// Field of the earliest row.
    First(NodeId),
    /// Field of the latest row.
    Last(NodeId),
    /// The distinct values of all subjects' rows together, as texts in no particular order: a column as long as their
    /// number, not one value per subject. Only behind an [`Output::Distinct`].
    Values(NodeId),
}

impl IrMeasure {
    /// The field that is measured, if there is one.
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
    /// What it computes.
    pub measure: IrMeasure,
    /// The type of the result.
    pub ty: Type,
    /// The scan that fills it.
    pub scan: ScanId,
    /// The collection of that scan.
    pub collection: CollectionId,
    /// The selection of that collection.
    pub selection: SelectionId,
    /// The nodes of the subject program that its rows are compared with, in no particular order.
    pub compared_with: Vec<NodeId>,
}

/// A lowered metric.
#[derive(Debug, Clone, PartialEq)]
pub struct IrMetric {
    /// Its name.
    pub name: String,
    /// Its node; `None` for a metric that is a row or is only used inside filters.
    pub node: Option<NodeId>,
}

/// A lowered segment.
#[derive(Debug, Clone, PartialEq)]
pub struct IrSegment {
    /// Its id.
    pub id: String,
    /// The node that decides who is a member; for a rung, it takes all earlier rungs into account.
    pub node: NodeId,
    /// The segments that must be evaluated first (including those needed through metrics).
    pub needs: Vec<SegmentId>,
}

/// Everything that a run has to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct Ir {
    /// When the data cannot be relied on.
    pub trust: Trust,
    /// Columns whose values are never shown as examples of problems in the data.
    pub private: PrivateColumns,
    /// The subjects.
    pub subject: SubjectScan,
    /// One scan per event table and level.
    pub scans: IndexVec<ScanId, TableScan>,
    /// The distinct aggregates.
    pub aggregates: IndexVec<AggregateId, IrAggregate>,
    /// All expressions over subjects.
    pub program: Program,
    /// The metrics, in the order of the files.
    pub metrics: IndexVec<MetricId, IrMetric>,
    /// The node that tells who is active; `None` if everyone is. Whatever else uses a part of it is evaluated over the
    /// active subjects.
    pub active: Option<NodeId>,
    /// The segments, in the order of the files.
    pub segments: IndexVec<SegmentId, IrSegment>,
    /// The health score; `None` if config defines none.
    pub health: Option<IrHealth>,
    /// The values of a segment, computed over its members. An input is a column of `value_inputs` with a value per
    /// member, and a population function ranges over the members.
    pub value_program: Program,
    /// The nodes of the value program that hold the values, in the order of config.
    pub values: Vec<NodeId>,
    /// The outputs that the values are computed from.
    pub value_inputs: IndexVec<InputId, OutputId>,
    /// The nodes of the subject program whose columns are kept after an evaluation: the requested ones, in order, then
    /// those of the health score and of segment values.
    pub outputs: IndexVec<OutputId, NodeId>,
    /// The nodes of the expressions over subjects; see [`Ir::node_of`].
    expressions: HashMap<ExprId, NodeId>,
}

impl Ir {
    /// The node of an output; `None` if there is no such output.
    pub fn output(&self, output: OutputId) -> Option<NodeId> {
        self.outputs.get(output).copied()
    }

    /// The node of the subject program that holds an expression's value; `None` for what is computed for each row of an
    /// aggregate, and for what was not lowered.
    pub fn node_of(&self, expression: ExprId) -> Option<NodeId> {
        self.expressions.get(&expression).copied()
    }
}
