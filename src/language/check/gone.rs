//! Why a typed expression cannot be evaluated, where a table or column it reads is gone.

use crate::language::typed::{Aggregate, Kind, Measure, Typed};

/// The first reason in an aggregate's condition or field: without them it has no answer.
pub(super) fn reason_within(aggregate: &Aggregate) -> Option<String> {
    let field = match &aggregate.measure {
        Measure::Count | Measure::Exists => None,
        Measure::CountDistinct(field)
        | Measure::Sum(field)
        | Measure::Avg(field)
        | Measure::Min(field)
        | Measure::Max(field)
        | Measure::First(field)
        | Measure::Last(field) => Some(field),
    };
    aggregate.filter.iter().chain(field).find_map(reason)
}

/// The first reason anywhere in an expression.
pub(super) fn reason(typed: &Typed) -> Option<String> {
    find(typed, &mut |t| match &t.kind {
        Kind::Gone(reason) => Some(reason.clone()),
        _ => None,
    })
}

/// The first answer that `look` gives of an expression or one of its parts, operands first taken
/// from the left. Does not look into metrics, which are told where they are defined.
pub(super) fn find<T>(typed: &Typed, look: &mut impl FnMut(&Typed) -> Option<T>) -> Option<T> {
    let mut rest = vec![typed];
    while let Some(next) = rest.pop() {
        if let Some(answer) = look(next) {
            return Some(answer);
        }
        let from = rest.len();
        match &next.kind {
            Kind::Constant(_)
            | Kind::Moment(_)
            | Kind::Subject(_)
            | Kind::Row(_)
            | Kind::Metric(_)
            | Kind::Member(_)
            | Kind::Aggregate(_)
            | Kind::Gone(_) => {}
            Kind::Population(population) => rest.extend(&population.of),
            Kind::Not(x) | Kind::Negate(x) | Kind::IsMissing(x) => rest.push(x),
            Kind::Shift(x, _, _) | Kind::InWindow(x, _) => rest.push(x),
            Kind::And(xs) | Kind::Or(xs) | Kind::Call(_, xs) => rest.extend(xs),
            Kind::Compare(_, l, r) | Kind::Arithmetic(_, l, r) | Kind::TextTest(_, l, r) => {
                rest.extend([&**l, &**r]);
            }
            Kind::Between(x, l, h) => rest.extend([&**x, &**l, &**h]),
            Kind::InList(x, items) => {
                rest.push(x);
                rest.extend(items);
            }
        }
        if let Some(added) = rest.get_mut(from..) {
            added.reverse();
        }
    }
    None
}
