//! Finds why a typed expression cannot be evaluated: a table or column that it reads is gone.

use crate::language::typed::{Aggregate, Kind, Typed};

/// The first reason in an aggregate's condition or field, without which it has no result.
pub(super) fn reason_within(aggregate: &Aggregate) -> Option<String> {
    let field = aggregate.measure.field();
    aggregate.filter.iter().chain(field).find_map(reason)
}

/// The first reason anywhere in an expression.
pub(super) fn reason(typed: &Typed) -> Option<String> {
    find(typed, &mut |t| match &t.kind {
        Kind::Gone(reason) => Some(reason.clone()),
        _ => None,
    })
}

/// The first answer that `look` gives for an expression or one of its parts: operands come first, from the left. Does
/// not look into metrics, which are reported where they are defined.
pub(super) fn find<T>(typed: &Typed, look: &mut impl FnMut(&Typed) -> Option<T>) -> Option<T> {
    let mut rest = vec![typed];
    while let Some(next) = rest.pop() {
        if let Some(answer) = look(next) {
            return Some(answer);
        }
        rest.extend(next.operands().into_iter().rev());
    }
    None
}
