//! Which columns are read for some nodes, and which constants they are compared with.

use std::collections::{BTreeMap, BTreeSet};

use super::{AggregateId, InputColumn, InputId, Ir, Lookup, LookupId, NodeId, Op};
use crate::catalog::{CollectionId, ColumnRef};
use crate::index::IndexVec;
use crate::value::Value;

/// The data that some nodes read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnsRead {
    /// Columns of the subject, both its own and looked-up ones.
    pub subject: BTreeSet<ColumnRef>,
    /// Columns of the rows of each collection that is read, without those that hold the subject's key and the time.
    pub collections: BTreeMap<CollectionId, BTreeSet<ColumnRef>>,
    /// The constants written in the rules.
    pub constants: Vec<Value>,
}

impl Ir {
    /// What is read for nodes of the subject program, and to decide who is a subject and who is active.
    pub fn columns_read(&self, nodes: impl IntoIterator<Item = NodeId>) -> ColumnsRead {
        let mut read = ColumnsRead::default();
        let subject = &self.subject;
        for op in subject.admission.behind(subject.admitted) {
            read.add_of_subject(self, op);
        }
        let at = subject.at.iter();
        read.subject.extend(at.map(ColumnRef::own));
        for node in nodes.into_iter().chain(self.active) {
            for node in self.behind(node) {
                match self.program.nodes.get(node).map(|node| &node.op) {
                    Some(Op::Aggregate(aggregate)) => read.add_rows(self, *aggregate),
                    Some(op) => read.add_of_subject(self, op),
                    None => {}
                }
            }
        }
        read
    }
}

impl ColumnsRead {
    fn add_of_subject(&mut self, ir: &Ir, op: &Op) {
        match op {
            Op::Input(input) | Op::OfSubject(input) => {
                let (inputs, lookups) = (&ir.subject.inputs, &ir.subject.lookups);
                self.subject.extend(column(inputs, lookups, *input));
            }
            Op::Constant(value) => self.constants.push(value.clone()),
            _ => {}
        }
    }

    fn add_rows(&mut self, ir: &Ir, aggregate: AggregateId) {
        let Some(aggregate) = ir.aggregates.get(aggregate) else {
            return;
        };
        let Some((scan, collection, selection)) = ir.source_of(aggregate) else {
            return;
        };
        let field = aggregate.measure.field().into_iter();
        let asked = field.chain(selection.filter).chain(collection.admitted);
        self.collections.entry(collection.collection).or_default();
        for op in scan.program.behind(asked) {
            match op {
                Op::Input(input) => {
                    let named = column(&scan.inputs, &scan.lookups, *input);
                    let columns = self.collections.entry(collection.collection);
                    columns.or_default().extend(named);
                }
                op => self.add_of_subject(ir, op),
            }
        }
    }
}

fn column(
    inputs: &IndexVec<InputId, InputColumn>,
    lookups: &IndexVec<LookupId, Lookup>,
    input: InputId,
) -> Option<ColumnRef> {
    let input = inputs.get(input)?;
    let lookup = match input.lookup {
        Some(lookup) => Some(lookups.get(lookup)?.name.clone()),
        None => None,
    };
    Some(ColumnRef {
        lookup,
        column: input.column.clone(),
    })
}
