//! Which files the names of config mean, and in what order files are.

use std::path::Path;

use crate::config::{FileForm, FileSet};

/// By what names are in order: letters in whatever case, numbers by their value, so that `_9` comes before `_10`, and days and months by
/// their year first: `12-2025` before `01-2026`.
pub(super) fn order_of(name: &str) -> Vec<(String, u128)> {
    let lower = name.to_lowercase();
    let mut pieces = Vec::new();
    let mut rest = lower.as_str();
    while !rest.is_empty() {
        let letters = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (text, behind) = rest.split_at(letters);
        let digits = behind
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(behind.len());
        let (number, behind) = behind.split_at(digits);
        pieces.push((text.to_owned(), number_of(number)));
        rest = behind;
    }
    let mut left = pieces.as_mut_slice();
    while !left.is_empty() {
        let all = std::mem::take(&mut left);
        let taken = year_first(all);
        left = all.get_mut(taken..).unwrap_or_default();
    }
    pieces
}

/// Digits as a number: `122025`, a month of a year, as 202512.
fn number_of(digits: &str) -> u128 {
    let number = digits.parse().unwrap_or(u128::MAX);
    let (month, year) = (number / 10_000, number % 10_000);
    match digits.len() == 6 && is_month(month) && is_year(year) && !is_year(number / 100) {
        true => year * 100 + month,
        false => number,
    }
}

/// Puts the year of a date in front of its day and month, and gives how many pieces the first date takes, or the first piece that is none.
fn year_first(pieces: &mut [(String, u128)]) -> usize {
    let is_between = |text: &str| ["-", "_", ".", " "].contains(&text);
    match pieces {
        [(_, year), (one, month), (other, day), ..]
            if is_year(*year)
                && is_month(*month)
                && is_day(*day)
                && one == other
                && is_between(one) =>
        {
            3
        }
        [(_, year), (one, month), ..] if is_year(*year) && is_month(*month) && is_between(one) => 2,
        [(_, day), (one, month), (other, year), ..]
            if is_day(*day)
                && is_month(*month)
                && is_year(*year)
                && one == other
                && is_between(one) =>
        {
            std::mem::swap(day, year);
            3
        }
        [(_, month), (one, year), ..] if is_month(*month) && is_year(*year) && is_between(one) => {
            std::mem::swap(month, year);
            2
        }
        _ => 1,
    }
}

fn is_year(number: u128) -> bool {
    (1_900..2_100).contains(&number)
}

fn is_month(number: u128) -> bool {
    (1..=12).contains(&number)
}

fn is_day(number: u128) -> bool {
    (1..=31).contains(&number)
}

/// What config says of a file, and by what it names it: its name, or else a pattern.
///
/// # Errors
/// Two patterns mean the file, say different things of it, and nothing else tells its table: in words.
pub(super) fn said_of(set: &FileSet, name: &str) -> Result<(FileForm, String), String> {
    let exact = set.forms.iter().find(|(named, _)| named == name);
    let others = set.forms.iter().filter(|(named, _)| named != name);
    let mut patterns = others.filter(|(named, _)| is_meant(named, name));
    let pattern = patterns.next();
    let Some((named, form)) = exact.or(pattern) else {
        return Ok((FileForm::default(), name.to_owned()));
    };
    let mut form = form.clone();
    if exact.is_some_and(|(_, form)| form.table.is_some()) {
        return Ok((form, named.clone()));
    }
    if let Some((first, said)) = pattern {
        if let Some((second, _)) = patterns.find(|(_, other)| other != said) {
            return Err(format!(
                "the patterns `{first}` and `{second}` both mean the file `{name}` and say different things of it: let one of them mean it, or write its `table:` under its full name; nothing was imported"
            ));
        }
        // What is said of the file alone does not take it out of the table of its pattern.
        form.table = said.table.clone();
    }
    Ok((form, named.clone()))
}

/// Whether config means a file by a name, in which a `*` stands for any letters, in capitals or not.
pub(super) fn is_meant(named: &str, name: &str) -> bool {
    let Some((begin, rest)) = named.split_once('*') else {
        return named == name;
    };
    // `orders_05 (1).csv`, as a browser calls a second download, is meant by its name alone.
    let is_download = Path::new(name).file_stem().is_some_and(|stem| {
        let stem = stem.to_string_lossy();
        let number = stem
            .strip_suffix(')')
            .and_then(|stem| stem.rsplit_once('('));
        number.is_some_and(|(_, number)| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    });
    if is_download {
        return false;
    }
    let (begin, rest, name) = (
        begin.to_lowercase(),
        rest.to_lowercase(),
        name.to_lowercase(),
    );
    let Some(mut left) = name.strip_prefix(&begin) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = left.find(piece) else {
            return false;
        };
        left = left.get(at + piece.len()..).unwrap_or_default();
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_what_they_mean() {
        for ordered in [
            ["orders_9.csv", "orders_10.csv", "orders_100.csv"],
            [
                "Orders 2025-12.csv",
                "orders 2026-01.csv",
                "orders 2026-10.csv",
            ],
            ["f 12-2025.csv", "f 01-2026.csv", "f 11-2026.csv"],
            ["f_31-12-2025.csv", "f_31-01-2026.csv", "f_28-02-2026.csv"],
            ["122025 f.csv", "012026 f.csv", "112026 f.csv"],
            ["202512.csv", "202601.csv", "202611.csv"],
            [
                "du 01-12-2025 au 31-12-2025.csv",
                "du 01-01-2026 au 31-01-2026.csv",
                "du 01-02-2026 au 28-02-2026.csv",
            ],
            [
                "f_2025-12-01_2025-12-31.csv",
                "f_2026-01-01_2026-01-31.csv",
                "f_2026-02-01_2026-02-28.csv",
            ],
        ] {
            let mut sorted = ordered;
            sorted.reverse();
            sorted.sort_by_cached_key(|name| order_of(name));
            assert_eq!(sorted, ordered);
        }
    }
}
