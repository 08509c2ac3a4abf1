//! Lowers the requested outputs to nodes.

use super::{Frame, Lowering};
use crate::ir::{IrMeasure, NodeId, Op, Output, OutputId};
use crate::language::typed::Typed;
use crate::value::Type;

impl Lowering<'_> {
    /// Lowers an output; everything that it refers to must be lowered already.
    pub(super) fn asked(&mut self, id: OutputId) {
        let request = self.request;
        let node = match request.outputs.get(id) {
            Some(Output::Value(value)) => self.lower(Frame::Subject, value),
            Some(Output::Distinct(rows)) => {
                let op = self.measured(Frame::Subject, rows, Type::Text, |own, row, measure| {
                    // Depends on nothing but its field.
                    match measure.field() {
                        Some(field) => IrMeasure::Values(own.lower(row, field)),
                        None => own.measure(row, measure),
                    }
                });
                self.node(Frame::Subject, op, Type::Text)
            }
            Some(Output::Gone(reason)) => {
                self.node(Frame::Subject, Op::Gone(reason.clone()), Type::Text)
            }
            None => return,
        };
        if let Some(output) = self.outputs.get_mut(id) {
            *output = Some(node);
        }
    }

    /// Makes a node an output.
    pub(super) fn output(&mut self, node: NodeId) -> OutputId {
        self.outputs.intern(Some(node))
    }

    /// The same for an expression over subjects.
    pub(super) fn output_of(&mut self, expression: &Typed) -> OutputId {
        let node = self.lower(Frame::Subject, expression);
        self.output(node)
    }
}
