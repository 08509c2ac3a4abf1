//! Fields to an IR that lists their values.

use super::order::Order;
use super::{Frame, Lowering};
use crate::catalog::Catalog;
use crate::ir::{FieldIr, IrMeasure, NodeId, Op};
use crate::language::check::{Checked, FieldValues};
use crate::language::typed::Typed;
use crate::rules::RuleSet;
use crate::value::Type;

/// Lowers config's fields with what they speak of, and nothing else; all must be free of errors.
pub fn build_fields(rules: &RuleSet, checked: &Checked, catalog: &Catalog) -> FieldIr {
    let mut lowering = Lowering::new(rules, checked, catalog);
    let unknown_subjects = lowering.admit();
    let mut order = Order::new(rules, checked, &lowering.names);
    let texts = checked.fields.iter().flat_map(|field| texts(&field.source));
    let needed = lowering.needed(&mut order, texts);
    lowering.named(needed, unknown_subjects.as_deref());
    let fields = checked
        .fields
        .iter()
        .map(|field| lowering.field(&field.source));
    FieldIr {
        fields: fields.collect(),
        ir: lowering.finish(),
    }
}

/// The expressions that a field is made of.
fn texts(source: &FieldValues) -> Vec<&Typed> {
    match source {
        FieldValues::One(value) => vec![value],
        FieldValues::Any(rows) => rows.filter.iter().chain(rows.measure.field()).collect(),
        FieldValues::Gone(_) => Vec::new(),
    }
}

impl Lowering<'_> {
    fn field(&mut self, source: &FieldValues) -> NodeId {
        let op = match source {
            FieldValues::One(value) => return self.lower(Frame::Subject, value),
            FieldValues::Any(rows) => {
                self.measured(Frame::Subject, rows, Type::Text, |own, row, m| {
                    // Of nothing but its field.
                    match m.field() {
                        Some(field) => IrMeasure::Values(own.lower(row, field)),
                        None => own.measure(row, m),
                    }
                })
            }
            FieldValues::Gone(reason) => Op::Gone(reason.clone()),
        };
        self.node(Frame::Subject, op, Type::Text)
    }
}
