//! The lowered health score, and what can be known of a node on an earlier day.

use super::{AggregateId, InputId, Ir, NodeId, Op, OutputId};
use crate::language::reason::Reason;

/// The lowered health score. Everything in it is an output.
#[derive(Debug, Clone, PartialEq)]
pub struct IrHealth {
    /// The score: a number from 0 to 100, rounded to one decimal; missing if no factor is present.
    pub score: OutputId,
    /// The factors, in the order of config.
    pub factors: Vec<IrFactor>,
}

/// A lowered factor.
#[derive(Debug, Clone, PartialEq)]
pub struct IrFactor {
    /// Its id.
    pub id: String,
    /// The measured value: a number or money.
    pub value: OutputId,
    /// The points for that value: a number from 0 to 100; missing if the value is.
    pub points: OutputId,
    /// The weight, above 0.
    pub weight: f64,
    /// The reason shown to those who lose points by this factor.
    pub reason: Reason<OutputId>,
}

impl Ir {
    /// The columns behind a node that are updated in place, so that their values on an earlier day are unknown, as
    /// `table.column`, each once. These are the subject's columns other than its key and time, those of looked-up rows,
    /// and those that config lists as changing.
    pub fn changing(&self, node: NodeId) -> Vec<String> {
        let mut found = Vec::new();
        let mut add = |column: String| {
            if !found.contains(&column) {
                found.push(column);
            }
        };
        self.each_behind(node, &mut |op| match op {
            Op::Input(input) => self.changing_of_subject(*input, &mut add),
            Op::Aggregate(aggregate) => self.changing_of_rows(*aggregate, &mut add),
            // Earlier contents of a list are not stored.
            Op::Listed(_, list) => add(format!("list {}", list.name)),
            _ => {}
        });
        found
    }

    /// Visits the operations behind a node of the subject program, including those of segments.
    pub(super) fn each_behind<'p>(&'p self, node: NodeId, visit: &mut dyn FnMut(&'p Op)) {
        for behind in self.behind(node).into_iter().rev() {
            if let Some(node) = self.program.nodes.get(behind) {
                visit(&node.op);
            }
        }
    }

    fn changing_of_subject(&self, input: InputId, add: &mut impl FnMut(String)) {
        let subject = &self.subject;
        let Some(column) = subject.inputs.get(input) else {
            return;
        };
        match column.lookup.and_then(|lookup| subject.lookups.get(lookup)) {
            Some(lookup) => {
                add(format!("{}.{}", subject.table, lookup.by));
                add(format!("{}.{}", lookup.table, column.column));
            }
            None if subject.lasting.contains(&column.column) => {}
            None => add(format!("{}.{}", subject.table, column.column)),
        }
    }

    fn changing_of_rows(&self, aggregate: AggregateId, add: &mut impl FnMut(String)) {
        let Some(aggregate) = self.aggregates.get(aggregate) else {
            return;
        };
        let Some((scan, collection, selection)) = self.source_of(aggregate) else {
            return;
        };
        let nodes = [
            aggregate.measure.field(),
            selection.filter,
            collection.admitted,
        ];
        for op in scan.program.behind(nodes.into_iter().flatten()) {
            match op {
                Op::OfSubject(input) => self.changing_of_subject(*input, add),
                Op::Listed(_, list) => add(format!("list {}", list.name)),
                Op::Input(input) => {
                    let Some(column) = scan.inputs.get(*input) else {
                        continue;
                    };
                    match column.lookup.and_then(|lookup| scan.lookups.get(lookup)) {
                        // The time of a row does not change, wherever it is stored.
                        Some(_) if collection.at.as_ref() == Some(column) => {}
                        Some(lookup) => add(format!("{}.{}", lookup.table, column.column)),
                        None if collection.changes.contains(&column.column) => {
                            add(format!("{}.{}", scan.table, column.column));
                        }
                        None => {}
                    }
                }
                _ => {}
            }
        }
    }
}
