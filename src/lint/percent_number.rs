//! Shares that are compared with a percentage without its percent sign.

use super::Compiled;
use crate::diagnostic::{Code, Finding};
use crate::language::check::MetricDefinition;
use crate::language::typed::{Arithmetic, Function, Kind, Typed};
use crate::value::{Type, Value};

/// Numbers from here to 100 are taken for percentages: few ratios that are not shares are that large.
const LEAST: f64 = 10.0;

/// How many metrics that only stand for another are followed.
const DEEPEST: u8 = 16;

/// Warns of each comparison such as `package_used >= 75`: if the quotient is a share, `75%` is meant, and `75` is 75 times the whole. Whether the
/// quotient can exceed 1, as growth does, is unknown.
pub(super) fn find(compiled: &Compiled<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for written in compiled.expressions() {
        written.typed.each(&mut |typed| {
            let pairs = match &typed.kind {
                Kind::Compare(_, a, b) => vec![(a, b), (b, a)],
                Kind::Between(x, low, high) => vec![(x, low), (x, high)],
                _ => Vec::new(),
            };
            let pairs = pairs.into_iter();
            found.extend(pairs.filter_map(|(share, number)| of_pair(compiled, share, number)));
        });
    }
    found
}

fn of_pair(compiled: &Compiled<'_>, share: &Typed, number: &Typed) -> Option<Finding> {
    let Kind::Constant(Value::Number(value)) = number.kind else {
        return None;
    };
    let words = compiled.words(number);
    let is_percentage = (LEAST..=100.0).contains(&value) && !words.ends_with('%');
    if !is_percentage || !is_share(compiled, share, DEEPEST) {
        return None;
    }
    let of = compiled.words(share);
    let times = compiled
        .checked
        .source_map
        .locate(number.span, compiled.sources)?;
    let message =
        format!("`{of}` may be a share, 1 for the whole: then `{words}` is {words} times that");
    let finding = Finding::new(Code::PercentNumber, message).at(times);
    Some(finding.help(format!("where it is one, write `{words}%`")))
}

/// Whether a number is a quotient of two values of the same kind.
fn is_share(compiled: &Compiled<'_>, typed: &Typed, deepest: u8) -> bool {
    let Some(deepest) = deepest.checked_sub(1) else {
        return false;
    };
    match &typed.kind {
        Kind::Metric(name) => {
            let mut metrics = compiled.checked.metrics.iter();
            let metric = metrics.find(|metric| metric.name == *name);
            let value = metric.and_then(|metric| MetricDefinition::value(&metric.definition));
            value.is_some_and(|value| is_share(compiled, value, deepest))
        }
        Kind::Arithmetic(Arithmetic::Divide, a, b) => {
            let constant = |typed: &Typed| matches!(typed.kind, Kind::Constant(_));
            typed.ty == Type::Number && a.ty == b.ty && !constant(a) && !constant(b)
        }
        Kind::Call(Function::Elapsed, _) => true,
        _ => false,
    }
}
