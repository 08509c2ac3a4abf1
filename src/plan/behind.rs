//! Which rows and times stand behind a node.

use super::{NodeId, Op, Plan};
use crate::time::Window;

/// Rows that a node is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsBehind {
    /// The collection's place in the catalog.
    pub collection: usize,
    /// Whether its rows have a time; those of one without are all seen, whenever they were written.
    pub has_time: bool,
    /// Which rows by time.
    pub window: Window,
    /// The columns of the rows that are read beside their key, subject and time.
    pub columns: Vec<String>,
}

impl Plan {
    /// The rows that a node of the subject program is made of, one entry an aggregate, in the order of
    /// the program; those behind segments included.
    pub fn rows_behind(&self, node: NodeId) -> Vec<RowsBehind> {
        let aggregates = self.behind(node).into_iter().filter_map(|op| match op {
            Op::Aggregate(aggregate) => self.rows_of(*aggregate),
            _ => None,
        });
        aggregates.collect()
    }

    /// The windows that dates and instants behind a node are held against, such as that of
    /// `closed_on in next 90 days`; those of rows are told by [`Plan::rows_behind`].
    pub fn windows_behind(&self, node: NodeId) -> Vec<Window> {
        let windows = self.behind(node).into_iter().filter_map(|op| match op {
            Op::InWindow(_, window) => Some(window.clone()),
            _ => None,
        });
        windows.collect()
    }

    /// Whether a node ranges over other subjects too.
    pub fn ranges_over_subjects(&self, node: NodeId) -> bool {
        let ops = self.behind(node);
        ops.iter().any(|op| matches!(op, Op::Population { .. }))
    }

    /// The steps behind a node of the subject program, in the program's order.
    fn behind(&self, node: NodeId) -> Vec<&Op> {
        let nodes = &self.program.nodes;
        let mut needed = vec![false; nodes.len()];
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            let (Some(needed), Some(node)) = (needed.get_mut(next.0), nodes.get(next.0)) else {
                continue;
            };
            if std::mem::replace(needed, true) {
                continue;
            }
            open.extend(node.op.operands());
            if let Op::Member(segment) = node.op {
                open.extend(self.segments.get(segment).map(|segment| segment.node));
            }
        }
        let nodes = nodes.iter().zip(needed);
        nodes
            .filter_map(|(n, needed)| needed.then_some(&n.op))
            .collect()
    }

    fn rows_of(&self, aggregate: usize) -> Option<RowsBehind> {
        let aggregate = self.aggregates.get(aggregate)?;
        let scan = self.scans.get(aggregate.scan)?;
        let collection = scan.collections.get(aggregate.collection)?;
        let selection = collection.selections.get(aggregate.selection)?;
        let mut open: Vec<NodeId> = aggregate.measure.field().into_iter().collect();
        open.extend(selection.filter);
        let mut columns = Vec::new();
        while let Some(next) = open.pop() {
            let Some(node) = scan.program.nodes.get(next.0) else {
                continue;
            };
            open.extend(node.op.operands());
            let Op::Input(input) = node.op else {
                continue;
            };
            let at = collection.at.as_ref().map(|(at, _)| at);
            let own = [Some(&collection.subject), at, collection.key.as_ref()];
            if let Some(column) = scan.inputs.get(input)
                && column.lookup.is_none()
                && !own.contains(&Some(&column.column))
                && !columns.contains(&column.column)
            {
                columns.push(column.column.clone());
            }
        }
        Some(RowsBehind {
            collection: collection.collection,
            has_time: collection.at.is_some(),
            window: selection.window.clone(),
            columns,
        })
    }
}
