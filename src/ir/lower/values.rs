//! A few expressions to an IR of their own.

use super::order::{Named, Order};
use super::{Frame, Lowering};
use crate::catalog::Catalog;
use crate::ir::ValueIr;
use crate::language::check::Checked;
use crate::language::typed::Typed;
use crate::rules::RuleSet;

/// Lowers expressions over subjects, with what they speak of, and nothing else; all must be free of errors.
///
/// Without `active` everyone is evaluated, whoever takes part in a run.
pub fn build_values(
    rules: &RuleSet,
    checked: &Checked,
    catalog: &Catalog,
    values: &[Typed],
    active: bool,
) -> ValueIr {
    let mut lowering = Lowering::new(rules, checked, catalog);
    let unknown_subjects = lowering.admit();
    let mut order = Order::new(rules, checked, &lowering.names);
    if let Some(active) = checked.active.as_ref().filter(|_| active) {
        let needed = order.up_to(&lowering.names.mentioned(active));
        lowering.named(needed, unknown_subjects.as_deref());
        lowering.active = Some(lowering.lower(Frame::Subject, active));
    }
    let needed = lowering.needed(&mut order, values.iter());
    lowering.named(needed, unknown_subjects.as_deref());
    let values = values
        .iter()
        .map(|value| lowering.lower(Frame::Subject, value));
    ValueIr {
        values: values.collect(),
        ir: lowering.finish(),
    }
}

impl Lowering<'_> {
    /// What these expressions speak of, in the order in which it is lowered.
    pub(super) fn needed<'e>(
        &self,
        order: &mut Order,
        expressions: impl Iterator<Item = &'e Typed>,
    ) -> Vec<Named> {
        let mentioned = expressions.flat_map(|expression| self.names.mentioned(expression));
        let mentioned: Vec<Named> = mentioned.collect();
        let mut needed = order.up_to(&mentioned);
        let is_segment = |named: &Named| matches!(named, Named::Segment(_));
        if needed.iter().any(is_segment) {
            // A segment is known by its place among all.
            needed.extend(order.rest());
        }
        needed
    }
}
