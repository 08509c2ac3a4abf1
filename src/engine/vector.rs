//! Loops over slices. A slice of one value stands for that value in every row.

use std::borrow::Cow;

/// Applies `f` to every value.
pub(super) fn map<A: Copy, R>(values: &[A], f: impl Fn(A) -> R) -> Vec<R> {
    values.iter().map(|value| f(*value)).collect()
}

/// Applies `f` to every pair.
pub(super) fn zip<A: Copy, B: Copy, R>(a: &[A], b: &[B], f: impl Fn(A, B) -> R) -> Vec<R> {
    match (a, b) {
        ([a], b) => b.iter().map(|b| f(*a, *b)).collect(),
        (a, [b]) => a.iter().map(|a| f(*a, *b)).collect(),
        (a, b) => a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect(),
    }
}

/// Replaces the first value of every pair by the result of `f`.
pub(super) fn zip_into<A: Copy>(a: &mut Vec<A>, b: &[A], f: impl Fn(A, A) -> A) {
    match (a.as_mut_slice(), b) {
        ([only], b) => *a = b.iter().map(|b| f(*only, *b)).collect(),
        (a, [b]) => a.iter_mut().for_each(|a| *a = f(*a, *b)),
        (a, b) => a.iter_mut().zip(b).for_each(|(a, b)| *a = f(*a, *b)),
    }
}

/// The number of rows that columns of these lengths have together.
pub(super) fn rows(lengths: impl IntoIterator<Item = usize>) -> usize {
    lengths.into_iter().find(|length| *length != 1).unwrap_or(1)
}

/// One value per row.
pub(super) fn spread<T: Copy>(values: &[T], rows: usize) -> Cow<'_, [T]> {
    match values {
        [value] if rows != 1 => Cow::Owned(vec![*value; rows]),
        _ => Cow::Borrowed(values),
    }
}

/// Applies `f` to every triple.
pub(super) fn zip3<A: Copy, B: Copy, C: Copy, R>(
    a: &[A],
    b: &[B],
    c: &[C],
    f: impl Fn(A, B, C) -> R,
) -> Vec<R> {
    let rows = rows([a.len(), b.len(), c.len()]);
    let (a, b, c) = (spread(a, rows), spread(b, rows), spread(c, rows));
    a.iter()
        .zip(b.iter())
        .zip(c.iter())
        .map(|((a, b), c)| f(*a, *b, *c))
        .collect()
}
