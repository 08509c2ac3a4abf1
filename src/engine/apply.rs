//! Computes a node from the columns of its operands: one decision per node, then a loop.

use super::column::{Column, MISSING_DATE, MISSING_I64};
use super::functions;
use super::operands::{is_missing, kind};
use super::scalar::{self, Ordered, Outcomes};
use super::vector::{map, rows, zip, zip_into};
use crate::catalog::List;
use crate::ir::{Node, NodeId, Op};
use crate::language::ast::TextTest;
use crate::language::typed::{Arithmetic, Comparison};
use crate::time::{Clock, Direction, Duration, Moment, Window};
use crate::value::{Truth, Type};

/// Looks up the column of an operand.
pub(super) type Operands<'a> = &'a dyn Fn(NodeId) -> &'a Column;

/// Evaluates a node that depends only on its operands and the clock; gives a missing column for any other node.
pub(super) fn apply(node: &Node, operand: Operands<'_>, clock: &Clock) -> Column {
    match &node.op {
        Op::Constant(value) => Column::constant(value, node.ty),
        Op::Moment(moment) => constant_moment(moment, clock),
        Op::Not(x) => Column::Truth(map(operand(*x).truths(), Truth::negated)),
        Op::And(all) => fold(all, operand, Truth::Yes, Truth::and),
        Op::Or(any) => fold(any, operand, Truth::No, Truth::or),
        Op::Compare(comparison, a, b) => {
            Column::Truth(compare(*comparison, operand(*a), operand(*b)))
        }
        Op::Arithmetic(operator, a, b) => arithmetic(*operator, operand(*a), operand(*b), node.ty),
        Op::Negate(x) => negate(operand(*x)),
        Op::Shift(x, by, direction) => shift(operand(*x), *by, *direction, clock),
        Op::InList(x, items) => in_list(operand(*x), items, operand),
        Op::Listed(x, list) => listed(operand(*x), list),
        Op::TextTest(test, a, b) => text_test(*test, operand(*a), operand(*b)),
        Op::InWindow(x, window) => in_window(operand(*x), window, clock),
        Op::IsMissing(x) => Column::Truth(is_missing(operand(*x))),
        Op::Call(function, args) => {
            let args: Vec<&Column> = args.iter().map(|arg| operand(*arg)).collect();
            functions::call(*function, &args, node.ty, clock)
        }
        Op::Input(_)
        | Op::OfSubject(_)
        | Op::ValueOfSubject(_)
        | Op::Aggregate(_)
        | Op::Population { .. }
        | Op::Member(_)
        | Op::Gone(_) => Column::missing(node.ty),
    }
}

fn constant_moment(moment: &Moment, clock: &Clock) -> Column {
    match clock.date_of_moment(moment) {
        Some(date) => Column::Date(vec![date]),
        None => Column::Instant(vec![clock.instant_of(moment)]),
    }
}

fn fold(
    nodes: &[NodeId],
    operand: Operands<'_>,
    start: Truth,
    join: impl Fn(Truth, Truth) -> Truth,
) -> Column {
    let mut answers = vec![start];
    for node in nodes {
        zip_into(&mut answers, operand(*node).truths(), &join);
    }
    Column::Truth(answers)
}

/// Compares both sides; unknown if either is missing.
pub(super) fn compare(comparison: Comparison, a: &Column, b: &Column) -> Vec<Truth> {
    let outcomes = Outcomes::of(comparison);
    match kind(&[a, b]) {
        Type::Number => compare_values(outcomes, a.numbers(), b.numbers()),
        Type::Money => compare_values(outcomes, a.amounts(), b.amounts()),
        Type::Date => compare_values(outcomes, a.dates(), b.dates()),
        Type::Instant => compare_values(outcomes, a.instants(), b.instants()),
        Type::Text => {
            let (a, b) = (a.texts(), b.texts());
            (0..rows([a.len(), b.len()]))
                .map(|row| outcomes.answer(a.get(row).zip(b.get(row)).map(|(a, b)| a.cmp(b))))
                .collect()
        }
        Type::Truth | Type::Missing | Type::Unknown => zip(a.truths(), b.truths(), |a, b| {
            outcomes.answer(scalar::order_truths(a, b))
        }),
    }
}

fn compare_values<T: Ordered>(outcomes: Outcomes, a: &[T], b: &[T]) -> Vec<Truth> {
    zip(a, b, |a, b| a.compare(b, outcomes))
}

fn arithmetic(operator: Arithmetic, a: &Column, b: &Column, ty: Type) -> Column {
    use Arithmetic::{Add, Divide, Multiply, Subtract};
    match (operator, a, b) {
        (_, Column::Number(a), Column::Number(b)) => Column::Number(match operator {
            Add => zip(a, b, |a, b| scalar::finite(a + b)),
            Subtract => zip(a, b, |a, b| scalar::finite(a - b)),
            Multiply => zip(a, b, |a, b| scalar::finite(a * b)),
            Divide => zip(a, b, |a, b| scalar::finite(a / b)),
        }),
        (Add, Column::Money(a), Column::Money(b)) => Column::Money(zip(a, b, scalar::add_amounts)),
        (Subtract, Column::Money(a), Column::Money(b)) => {
            Column::Money(zip(a, b, scalar::subtract_amounts))
        }
        (Divide, Column::Money(a), Column::Money(b)) => {
            Column::Number(zip(a, b, scalar::ratio_of_amounts))
        }
        (Multiply, Column::Money(a), Column::Number(x))
        | (Multiply, Column::Number(x), Column::Money(a)) => {
            Column::Money(zip(a, x, scalar::multiply_amount))
        }
        (Divide, Column::Money(a), Column::Number(x)) => {
            Column::Money(zip(a, x, scalar::divide_amount))
        }
        _ => Column::missing(ty),
    }
}

fn negate(x: &Column) -> Column {
    match x {
        Column::Number(values) => Column::Number(map(values, |x| -x)),
        // The mark for missing is its own negative.
        Column::Money(values) => Column::Money(map(values, i64::wrapping_neg)),
        other => Column::missing(other.kind()),
    }
}

fn shift(x: &Column, by: Duration, direction: Direction, clock: &Clock) -> Column {
    match x {
        Column::Date(dates) => Column::Date(map(dates, |date| match date {
            MISSING_DATE => MISSING_DATE,
            date => clock.shift_date(date, by, direction),
        })),
        Column::Instant(instants) => Column::Instant(map(instants, |instant| match instant {
            MISSING_I64 => MISSING_I64,
            instant => clock.shift_instant(instant, by, direction),
        })),
        other => Column::missing(other.kind()),
    }
}

fn in_list(x: &Column, items: &[NodeId], operand: Operands<'_>) -> Column {
    Column::Truth(items.iter().fold(vec![Truth::No], |found, item| {
        let equal = compare(Comparison::Equal, x, operand(*item));
        zip(&found, &equal, Truth::or)
    }))
}

/// A subject without a value is in no list.
fn listed(x: &Column, list: &List) -> Column {
    let texts = x.texts();
    let is_listed = |row| Truth::certain(texts.get(row).is_some_and(|text| list.has(text)));
    Column::Truth((0..x.len()).map(is_listed).collect())
}

fn text_test(test: TextTest, a: &Column, b: &Column) -> Column {
    let (a, b) = (a.texts(), b.texts());
    let holds: fn(&str, &str) -> bool = match test {
        TextTest::Contains => |text, part| text.contains(part),
        TextTest::StartsWith => |text, part| text.starts_with(part),
        TextTest::EndsWith => |text, part| text.ends_with(part),
    };
    Column::Truth(
        (0..rows([a.len(), b.len()]))
            .map(|row| match (a.get(row), b.get(row)) {
                (Some(text), Some(part)) => Truth::certain(holds(text, part)),
                _ => Truth::Unknown,
            })
            .collect(),
    )
}

/// A date is tested by its local midnight.
fn in_window(x: &Column, window: &Window, clock: &Clock) -> Column {
    let bounds = clock.bounds(window);
    let inside = |instant: i64| Truth::certain(bounds.from <= instant && instant < bounds.to);
    Column::Truth(match x {
        Column::Date(dates) => map(dates, |date| match date {
            MISSING_DATE => Truth::Unknown,
            date => inside(clock.midnight(date)),
        }),
        _ => map(x.instants(), |instant| match instant {
            MISSING_I64 => Truth::Unknown,
            instant => inside(instant),
        }),
    })
}
