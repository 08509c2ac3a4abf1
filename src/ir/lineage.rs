//! Which rows and times a node depends on.

use std::collections::{BTreeSet, HashSet};

use super::{
    AggregateId, CollectionScan, InputColumn, InputId, Ir, IrAggregate, Lookup, LookupId, NodeId,
    Op, Selection, TableScan,
};
use crate::catalog::CollectionId;
use crate::index::IndexVec;
use crate::time::Window;
use crate::value::ColumnType;

/// Rows that a node depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowLineage {
    /// The collection of the rows.
    pub collection: CollectionId,
    /// Whether its rows have a time. Without one, all rows are seen, whenever they were written.
    pub has_time: bool,
    /// The time window of the rows.
    pub window: Window,
    /// The columns of the rows that are read, besides their key, subject and time.
    pub columns: Vec<String>,
}

impl Ir {
    /// The nodes that a node takes its values from: for `in segment`, the segment's own node; for an aggregate, those
    /// that its rows are compared with.
    pub fn needs(&self, node: NodeId) -> Vec<NodeId> {
        match self.program.nodes.get(node).map(|node| &node.op) {
            Some(Op::Member(segment)) => self
                .segments
                .get(*segment)
                .map(|s| s.node)
                .into_iter()
                .collect(),
            Some(Op::Aggregate(aggregate)) => self
                .aggregates
                .get(*aggregate)
                .map(|aggregate| aggregate.compared_with.clone())
                .unwrap_or_default(),
            Some(op) => op.operands(),
            None => Vec::new(),
        }
    }

    /// The scans, level by level. What a scan's program needs from subjects is known once the scans of all lower levels
    /// have been read.
    pub fn levels(&self) -> Vec<Vec<&TableScan>> {
        let mut levels: Vec<Vec<&TableScan>> = Vec::new();
        for scan in &self.scans {
            levels.resize_with(levels.len().max(scan.level + 1), Vec::new);
            if let Some(level) = levels.get_mut(scan.level) {
                level.push(scan);
            }
        }
        levels
    }

    /// The tables that are read: the subject's, those of collections, and those in which either looks up rows.
    pub fn tables(&self) -> BTreeSet<&str> {
        let of_scans = self.scans.iter();
        let read = of_scans.map(|scan| (&scan.table, &scan.lookups));
        let read = read.chain([(&self.subject.table, &self.subject.lookups)]);
        let tables = read.flat_map(|(table, lookups)| {
            std::iter::once(table.as_str())
                .chain(lookups.iter().map(|lookup| lookup.table.as_str()))
        });
        tables.collect()
    }

    /// A node and everything that it needs, in an order in which they can be evaluated.
    pub fn behind(&self, node: NodeId) -> Vec<NodeId> {
        let mut found = BTreeSet::new();
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            if self.program.nodes.get(next).is_some() && found.insert(next) {
                open.extend(self.needs(next));
            }
        }
        found.into_iter().collect()
    }

    /// The rows that a node of the subject program depends on, one entry per aggregate, including those behind
    /// segments.
    pub fn rows_behind(&self, node: NodeId) -> Vec<RowLineage> {
        let mut rows = Vec::new();
        self.each_behind(node, &mut |op| {
            if let Op::Aggregate(aggregate) = op {
                rows.extend(self.rows_of(*aggregate));
            }
        });
        rows
    }

    /// The windows that dates and instants behind a node are compared with, such as that of `closed_on in next 90
    /// days`. [`Ir::rows_behind`] gives the windows of rows.
    pub fn windows_behind(&self, node: NodeId) -> Vec<Window> {
        let mut windows = Vec::new();
        self.each_behind(node, &mut |op| {
            if let Op::InWindow(_, window) = op {
                windows.push(window.clone());
            }
        });
        windows
    }

    /// The columns behind a node that are read from the subject's table or looked up from it, each with its table.
    pub fn columns_behind(&self, node: NodeId) -> Vec<(&str, &str)> {
        let subject = &self.subject;
        let mut columns = Vec::new();
        self.each_behind(node, &mut |op| {
            if let Op::Input(input) = op
                && let Some(input) = subject.inputs.get(*input)
            {
                let lookup = input.lookup.and_then(|lookup| subject.lookups.get(lookup));
                let table = lookup.map_or(&subject.table, |lookup| &lookup.table);
                columns.push((table.as_str(), input.column.as_str()));
            }
        });
        columns
    }

    /// The columns that are read, each with its table and the type that it is read as; keys have no type.
    pub fn reads(&self) -> HashSet<(&str, &str, Option<ColumnType>)> {
        let subject = &self.subject;
        let mut read = inputs_of(&subject.table, &subject.lookups, &subject.inputs);
        let own = [&subject.key].into_iter().chain(&subject.at);
        read.extend(own.map(|column| (subject.table.as_str(), column.as_str(), None)));
        for scan in &self.scans {
            read.extend(inputs_of(&scan.table, &scan.lookups, &scan.inputs));
            for collection in &scan.collections {
                let key = (collection.subject.lookup, &collection.subject.column, None);
                let at = collection.at.iter();
                let at = at.map(|at| (at.lookup, &at.column, Some(at.ty)));
                let columns = [key].into_iter().chain(at);
                read.extend(columns.map(|(lookup, column, ty)| {
                    let lookup = lookup.and_then(|lookup| scan.lookups.get(lookup));
                    let table = lookup.map_or(&scan.table, |lookup| &lookup.table);
                    (table.as_str(), column.as_str(), ty)
                }));
            }
        }
        read
    }

    /// Why a node cannot be evaluated, in words; `None` if it can.
    pub fn gone_behind(&self, node: NodeId) -> Option<&str> {
        let mut gone = None;
        self.each_behind(node, &mut |op| {
            if let Op::Gone(reason) = op {
                gone = Some(reason.as_str());
            }
        });
        gone
    }

    /// Whether a node also depends on other subjects.
    pub fn ranges_over_subjects(&self, node: NodeId) -> bool {
        let mut ranges = false;
        self.each_behind(node, &mut |op| {
            ranges |= matches!(op, Op::Population { .. });
        });
        ranges
    }

    /// The rows that fill an aggregate: the scan, the collection, and the selection.
    pub(super) fn source_of(
        &self,
        aggregate: &IrAggregate,
    ) -> Option<(&TableScan, &CollectionScan, &Selection)> {
        let scan = self.scans.get(aggregate.scan)?;
        let mut collections = scan.collections.iter();
        let collection = collections.find(|read| read.collection == aggregate.collection)?;
        let selection = collection.selections.get(aggregate.selection)?;
        Some((scan, collection, selection))
    }

    fn rows_of(&self, aggregate: AggregateId) -> Option<RowLineage> {
        let aggregate = self.aggregates.get(aggregate)?;
        let (scan, collection, selection) = self.source_of(aggregate)?;
        let nodes = aggregate.measure.field().into_iter();
        let mut columns = Vec::new();
        for op in scan.program.behind(nodes.chain(selection.filter)) {
            let Op::Input(input) = op else {
                continue;
            };
            let at = collection.at.as_ref().filter(|at| at.lookup.is_none());
            let subject = &collection.subject;
            let own = [
                Some(&subject.column).filter(|_| subject.lookup.is_none()),
                at.map(|at| &at.column),
                collection.key.as_ref(),
            ];
            if let Some(column) = scan.inputs.get(*input)
                && column.lookup.is_none()
                && !own.contains(&Some(&column.column))
                && !columns.contains(&column.column)
            {
                columns.push(column.column.clone());
            }
        }
        Some(RowLineage {
            collection: collection.collection,
            has_time: collection.at.is_some(),
            window: selection.window.clone(),
            columns,
        })
    }
}

/// The columns of a table that are inputs or that look up rows of other tables, each with its table.
fn inputs_of<'i>(
    table: &'i str,
    lookups: &'i IndexVec<LookupId, Lookup>,
    inputs: &'i IndexVec<InputId, InputColumn>,
) -> HashSet<(&'i str, &'i str, Option<ColumnType>)> {
    let found = lookups.iter().flat_map(|lookup| {
        let key = (lookup.table.as_str(), lookup.key.as_str(), None);
        [(table, lookup.by.as_str(), None), key]
    });
    let read = inputs.iter().map(|input| {
        let lookup = input.lookup.and_then(|lookup| lookups.get(lookup));
        let table = lookup.map_or(table, |lookup| lookup.table.as_str());
        (table, input.column.as_str(), Some(input.ty))
    });
    found.chain(read).collect()
}
