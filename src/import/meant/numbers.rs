//! Times in file names that are written in numbers alone.

use super::{First, is_day, is_month, is_year, order_of, pieces_of};

/// Whether the order of these names, which have no months in letters, is that of their times. Either all of them tell their year or none does.
/// Without years they differ in only one number, or they have years of two digits with months that follow each other; and numbers that may be
/// months do not cross the turn of a year.
pub(super) fn numbers_are_in_order(names: &[String]) -> bool {
    let numbers = |name: &String| {
        let numbers = order_of(name, First::Day)
            .into_iter()
            .map(|(_, number)| number);
        numbers.filter(|number| *number != u128::MAX).collect()
    };
    let mut names: Vec<Vec<u128>> = names.iter().map(numbers).collect();
    names.sort();
    names.dedup();
    let has_year = |numbers: &Vec<u128>| numbers.iter().any(|number| tells_year(*number));
    if names.iter().any(has_year) {
        return names.iter().all(has_year);
    }
    let mut lengths = names.iter().map(Vec::len);
    let first = lengths.next().unwrap_or_default();
    if !lengths.all(|length| length == first) {
        return true;
    }
    let column = |place: usize| -> Vec<u128> {
        let numbers = names.iter().filter_map(|numbers| numbers.get(place));
        numbers.copied().collect()
    };
    let columns: Vec<Vec<u128>> = (0..first).map(column).collect();
    let differ = |column: &&Vec<u128>| column.iter().any(|number| column.first() != Some(number));
    let follow = |counts: &[u128]| {
        counts
            .windows(2)
            .all(|pair| matches!(pair, [one, other] if one + 1 == *other))
    };
    match columns.iter().filter(differ).collect::<Vec<_>>().as_slice() {
        [] => true,
        [months] if months.iter().all(|month| is_month(*month)) => {
            !months.contains(&12) || follow(months)
        }
        [_] => true,
        [years, months] if months.iter().all(|month| is_month(*month)) => {
            let counts = years.iter().zip(*months);
            follow(
                &counts
                    .map(|(year, month)| year * 12 + month)
                    .collect::<Vec<_>>(),
            )
        }
        _ => false,
    }
}

/// Whether six digits, which are all that each name has and are in order as numbers, are more likely day, month and a year of two digits, `310126`,
/// which puts them in another order. The reading in which the times lie closest together is most likely the right one: files are exported at
/// regular intervals.
pub(super) fn are_days_otherwise(names: &[String]) -> bool {
    let six = |name: &String| {
        let pieces = pieces_of(name);
        let mut numbers = pieces.iter().filter(|piece| piece.digits > 0);
        match (numbers.next(), numbers.next()) {
            (Some(only), None) if only.digits == 6 => Some(only.number),
            _ => None,
        }
    };
    let Some(mut numbers) = names.iter().map(six).collect::<Option<Vec<u128>>>() else {
        return false;
    };
    numbers.sort_unstable();
    let readings: [fn([u128; 3]) -> [u128; 3]; 3] = [
        |[a, b, c]| [a, b, c],
        |[a, b, c]| [c, b, a],
        |[a, b, c]| [c, a, b],
    ];
    let read = |reading: &fn([u128; 3]) -> [u128; 3]| {
        let days = numbers.iter().map(|number| {
            let digits = [number / 10_000, number / 100 % 100, number % 100];
            let [year, month, day] = reading(digits);
            (is_month(month) && is_day(day)).then_some(year * 372 + month * 31 + day)
        });
        let days = days.collect::<Option<Vec<u128>>>()?;
        let (first, last) = (days.iter().min()?, days.iter().max()?);
        Some((last - first, days))
    };
    let read = readings.iter().filter_map(read);
    // If two readings are equally close, the first.
    let closest = read.min_by_key(|(span, _)| *span);
    closest.is_some_and(|(_, days)| !days.is_sorted())
}

/// Whether a number is a year, or begins with one: `2025`, `202511`, `20251130`.
pub(super) fn tells_year(number: u128) -> bool {
    is_year(number)
        || is_year(number / 100) && is_month(number % 100)
        || is_year(number / 10_000) && is_month(number / 100 % 100)
}
