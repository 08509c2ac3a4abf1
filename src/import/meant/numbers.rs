//! Times in the names of files that are numbers alone.

use super::{is_month, is_year, order_of};

/// Whether the order of these names is that of their times, of names without months in letters: all of them tell their year or none does; without
/// years they differ in one number alone, or are years of two digits with the months that follow each other; and what may be months do not go over
/// the turn of a year.
pub(super) fn numbers_are_in_order(names: &[String]) -> bool {
    let numbers = |name: &String| {
        let numbers = order_of(name).into_iter().map(|(_, number)| number);
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

/// Whether a number is a year, or begins with one: `2025`, `202511`, `20251130`.
pub(super) fn tells_year(number: u128) -> bool {
    is_year(number)
        || is_year(number / 100) && is_month(number % 100)
        || is_year(number / 10_000) && is_month(number / 100 % 100)
}
