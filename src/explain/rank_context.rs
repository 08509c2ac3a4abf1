//! Where a subject stands in its group.

use std::cmp::Ordering;

use crate::engine::Evaluation;
use crate::ir::{NodeId, Op};
use crate::language::typed::Typed;
use crate::project::Project;
use crate::value::{Value, number};

/// How many of the subject's group have a larger (smaller) value, and how many have one at all.
/// `of` is what is compared, `whole` the `top` or `bottom` around it.
pub(super) fn beyond_it(
    project: &Project,
    evaluation: &Evaluation,
    subject: usize,
    (of, whole): (&Typed, &Typed),
    larger: bool,
) -> Option<(usize, usize)> {
    let ir = &project.ir;
    let column = |node: NodeId| evaluation.kept.get(&node)?.as_ref().ok();
    let values = column(ir.node_of(of.id?)?)?;
    let scope = match &ir.program.nodes.get(ir.node_of(whole.id?)?)?.op {
        Op::Population { scope, .. } => *scope,
        _ => None,
    };
    let group = match scope {
        Some(scope) => Some(column(scope)?),
        None => None,
    };
    let group_of = |place: usize| group.map(|group| group.value(place));
    let own = figure(&values.value(subject))?;
    let mine = group_of(subject);
    let wanted = if larger {
        Ordering::Greater
    } else {
        Ordering::Less
    };
    let (mut ahead, mut n) = (0, 0);
    for place in 0..evaluation.subjects.len() {
        if let Some(other) = figure(&values.value(place))
            && group_of(place) == mine
        {
            n += 1;
            ahead += usize::from(number::order(other, own) == Some(wanted));
        }
    }
    Some((ahead, n))
}

/// A value as a number that orders like it; none where it is missing or has no order here.
fn figure(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Money(money) => Some(money.to_f64()),
        Value::Date(days) => Some(f64::from(*days)),
        // Within 2^53 microseconds (285 years) exact.
        Value::Instant(micros) => Some(*micros as f64),
        Value::Missing | Value::Text(_) | Value::Truth(_) => None,
    }
}
