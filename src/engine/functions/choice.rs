//! Functions that return one of their arguments.

use crate::engine::column::Column;
use crate::engine::operands::{kind, texts};
use crate::engine::scalar::Ordered;
use crate::engine::vector::{rows, spread, zip, zip3};
use crate::value::{Truth, Type};

/// The smallest or largest argument; missing if any argument is missing.
pub(super) fn extreme(args: &[&Column], least: bool) -> Option<Column> {
    fn fold<T: Ordered>(
        args: &[&Column],
        least: bool,
        values: impl Fn(&Column) -> &[T],
    ) -> Option<Vec<T>> {
        let join = if least { T::least } else { T::greatest };
        let (first, rest) = args.split_first()?;
        Some(rest.iter().fold(values(first).to_vec(), |so_far, next| {
            zip(&so_far, values(next), join)
        }))
    }
    match kind(args) {
        Type::Number => fold(args, least, Column::numbers).map(Column::Number),
        Type::Money => fold(args, least, Column::amounts).map(Column::Money),
        Type::Date => fold(args, least, Column::dates).map(Column::Date),
        Type::Instant => fold(args, least, Column::instants).map(Column::Instant),
        Type::Text => {
            let rows = rows(args.iter().map(|arg| arg.len()));
            Some(texts((0..rows).map(|row| {
                let mut all: Vec<&str> = args
                    .iter()
                    .map(|arg| arg.texts().get(row))
                    .collect::<Option<_>>()?;
                all.sort_unstable();
                if least { all.first() } else { all.last() }.copied()
            })))
        }
        Type::Truth | Type::Missing | Type::Unknown => None,
    }
}

/// Takes the value of `yes` where the answer is yes, and the value of `no` elsewhere.
pub(super) fn choose(which: &[Truth], yes: &Column, no: &Column) -> Column {
    fn pick<T: Copy>(which: &[Truth], yes: &[T], no: &[T]) -> Vec<T> {
        zip3(which, yes, no, |which, yes, no| match which {
            Truth::Yes => yes,
            Truth::No | Truth::Unknown => no,
        })
    }
    match kind(&[yes, no]) {
        Type::Number => Column::Number(pick(which, yes.numbers(), no.numbers())),
        Type::Money => Column::Money(pick(which, yes.amounts(), no.amounts())),
        Type::Date => Column::Date(pick(which, yes.dates(), no.dates())),
        Type::Instant => Column::Instant(pick(which, yes.instants(), no.instants())),
        Type::Truth | Type::Missing | Type::Unknown => {
            Column::Truth(pick(which, yes.truths(), no.truths()))
        }
        Type::Text => {
            let (yes, no) = (yes.texts(), no.texts());
            let rows = rows([which.len(), yes.len(), no.len()]);
            let which = spread(which, rows);
            texts(which.iter().enumerate().map(|(row, which)| match which {
                Truth::Yes => yes.get(row),
                Truth::No | Truth::Unknown => no.get(row),
            }))
        }
    }
}
