//! Which files the names in config match, and how files are ordered.

mod days;
mod in_order;
mod later;
mod numbers;

use std::path::Path;

pub(super) use self::days::First;
use self::days::{ends_with_year, has_month_first, of_eight};
pub(super) use self::in_order::{Disorder, disorder, has_month_alone};
pub(super) use self::later::{By, put_in_order, told_by};
use super::download::is_download;
use super::months::{is_letter, is_year, month_of, names_quarter, names_week};
use crate::config::{FileForm, FileSet};

/// The key by which names without their extensions are sorted: letters regardless of case, numbers by value, so that `_9` comes before `_10`,
/// months by their place in the year, and dates by year first: `12-2025` before `01-2026`, `dec-25` before `jan-26`.
pub(super) fn order_of(name: &str, first: First) -> Vec<(String, u128)> {
    let mut pieces = pieces_of(name);
    let mut left = pieces.as_mut_slice();
    while !left.is_empty() {
        let all = std::mem::take(&mut left);
        let taken = year_first(all, first);
        left = all.get_mut(taken..).unwrap_or_default();
    }
    let pieces = pieces.into_iter();
    pieces.map(|piece| (piece.text, piece.number)).collect()
}

/// Whether a name contains a number or a month, as names that tell times do.
pub(super) fn tells_time(name: &str) -> bool {
    let pieces = pieces_of(name);
    pieces.iter().any(|piece| piece.number != u128::MAX)
}

/// A number in a name, and the text before it.
struct Piece {
    text: String,
    number: u128,
    /// How many digits it has; 0 for a month written in letters, or if there is no number.
    digits: usize,
    is_named: bool,
}

fn pieces_of(name: &str) -> Vec<Piece> {
    let lower = name.to_lowercase();
    let (mut pieces, mut text) = (Vec::new(), String::new());
    let mut rest = lower.as_str();
    while let Some(first) = rest.chars().next() {
        let is_like = |c: char| match first {
            _ if first.is_ascii_digit() => c.is_ascii_digit(),
            _ if is_letter(first) => is_letter(c),
            _ => !c.is_ascii_digit() && !is_letter(c),
        };
        let end = rest.find(|c| !is_like(c)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        rest = behind;
        if let Some(date) = of_eight(run) {
            for (number, digits) in date {
                pieces.push(Piece {
                    text: std::mem::take(&mut text),
                    number,
                    digits,
                    is_named: false,
                });
                text.push('-');
            }
            text.clear();
            continue;
        }
        let (number, digits) = match month_of(run) {
            Some(month) => (u128::from(month), 0),
            None if first.is_ascii_digit() => (number_of(run), run.len()),
            None => {
                text.push_str(run);
                continue;
            }
        };
        pieces.push(Piece {
            text: std::mem::take(&mut text),
            number,
            digits,
            is_named: digits == 0,
        });
    }
    // After the last number: a name that continues is later.
    if !text.is_empty() {
        pieces.push(Piece {
            text,
            number: u128::MAX,
            digits: 0,
            is_named: false,
        });
    }
    pieces
}

/// Digits as a number. `122025`, the month of a year, becomes 202512.
fn number_of(digits: &str) -> u128 {
    let number = digits.parse().unwrap_or(u128::MAX);
    let (month, year) = (number / 10_000, number % 10_000);
    match digits.len() == 6 && is_month(month) && is_year(year) && !is_year(number / 100) {
        true => year * 100 + month,
        false => number,
    }
}

/// Moves the year of a date in front of its day and month. Returns how many pieces the first date takes; 1 if the first piece begins no date.
fn year_first(pieces: &mut [Piece], first: First) -> usize {
    // `shop 1 2026-10`
    let has_month_nearer = |year: &Piece, behind: &[Piece]| {
        let mut next = behind.iter().take(1);
        year.text == " " && next.any(|next| next.text == "-" && is_month(next.number))
    };
    match pieces {
        [year, month, day, ..]
            if is_year(year.number)
                && is_month(month.number)
                && is_day(day.number)
                && are_dated(&[year, month, day]) =>
        {
            3
        }
        [year, month, ..]
            if is_year(year.number) && is_month(month.number) && are_apart(year, month) =>
        {
            2
        }
        [day, month, year, ..] if ends_with_year([day, month, year]) => {
            if has_month_first(day, month, first) {
                std::mem::swap(&mut day.number, &mut month.number);
            }
            std::mem::swap(&mut day.number, &mut year.number);
            3
        }
        // `T4-25`, `1o trim 2026`, `week 12 2026`
        [period, year, ..]
            if is_period(period, year) && (is_year(year.number) || year.digits == 2) =>
        {
            if year.digits == 2 {
                year.number += 2_000;
            }
            std::mem::swap(&mut period.number, &mut year.number);
            2
        }
        [month, year, behind @ ..]
            if is_month(month.number)
                && is_year(year.number)
                && are_apart(month, year)
                && !has_month_nearer(year, behind) =>
        {
            std::mem::swap(&mut month.number, &mut year.number);
            2
        }
        // `dec-25`
        [month, year, ..] if month.is_named && year.digits == 2 && are_apart(month, year) => {
            year.number += 2_000;
            std::mem::swap(&mut month.number, &mut year.number);
            2
        }
        _ => 1,
    }
}

/// Whether two pieces can be parts of one date.
fn are_apart(one: &Piece, other: &Piece) -> bool {
    let is_named = one.is_named || other.is_named;
    ["-", "_", ".", " "].contains(&other.text.as_str()) || is_named && other.text.is_empty()
}

/// Whether three pieces can be one date.
fn are_dated(pieces: &[&Piece; 3]) -> bool {
    let [one, other, last] = pieces;
    let is_named = pieces.iter().any(|piece| piece.is_named);
    are_apart(one, other) && are_apart(other, last) && (is_named || other.text == last.text)
}

/// Whether a number is that of a quarter or a week of the year that follows it.
fn is_period(period: &Piece, year: &Piece) -> bool {
    let mut words = period.text.split(|c: char| !is_letter(c));
    let before = words.rfind(|word| !word.is_empty());
    let is_apart = ["-", "_", ".", " "].contains(&year.text.as_str());
    let is_of = |names: fn(&str) -> bool| {
        let is_between = year.text.split(|c: char| !is_letter(c)).any(names);
        is_between || is_apart && before.is_some_and(names)
    };
    let (number, is_number) = (period.number, period.digits > 0);
    is_number
        && ((1..=4).contains(&number) && is_of(names_quarter)
            || (1..=53).contains(&number) && is_of(names_week))
}

fn is_month(number: u128) -> bool {
    (1..=12).contains(&number)
}

fn is_day(number: u128) -> bool {
    (1..=31).contains(&number)
}

/// What config says of a file, and how it refers to the file: by its name, or else by a pattern.
///
/// # Errors
/// Two patterns match the file and say different things of it, and nothing else tells its table; the error says so in words.
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
                "the patterns `{first}` and `{second}` both match the file `{name}` but say different things about it: let only one of them match \
                 it, or write its `table:` under its full name; nothing was imported"
            ));
        }
        // What config says of the file alone does not take it out of the table of its pattern.
        if exact.is_some() {
            form = with(form, said);
        }
    }
    Ok((form, named.clone()))
}

/// What config says of a file itself, completed by what its pattern says.
fn with(own: FileForm, of_pattern: &FileForm) -> FileForm {
    let columns = match own.columns.is_empty() {
        true => of_pattern.columns.clone(),
        false => own.columns,
    };
    FileForm {
        table: own.table.or_else(|| of_pattern.table.clone()),
        encoding: own.encoding.or(of_pattern.encoding),
        separator: own.separator.or(of_pattern.separator),
        quotes: own.quotes.or(of_pattern.quotes),
        decimal: own.decimal.or(of_pattern.decimal),
        headings: own.headings.or(of_pattern.headings),
        sheet: own.sheet.or_else(|| of_pattern.sheet.clone()),
        key: own.key.or_else(|| of_pattern.key.clone()),
        copies: own.copies.or(of_pattern.copies),
        sheets: own.sheets.or(of_pattern.sheets),
        rows: own.rows.or(of_pattern.rows),
        columns,
        links: Vec::new(),
        times: Vec::new(),
    }
}

/// Whether a name in config matches a file. A `*` stands for any characters, and case is ignored.
pub(super) fn is_meant(named: &str, name: &str) -> bool {
    let Some((begin, rest)) = named.split_once('*') else {
        return named == name;
    };
    // `orders_05 (1).csv`, a browser's name for a second download, is matched only by its full name.
    let stem = Path::new(name).file_stem();
    if stem.is_some_and(|stem| is_download(&stem.to_string_lossy())) {
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
            ["f_12-31-2025.csv", "f_01-31-2026.csv", "f_02-28-2026.csv"],
            ["f_31122025.csv", "f_31012026.csv", "f_28022026.csv"],
            ["f_12312025.csv", "f_01312026.csv", "f_02282026.csv"],
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
            ["orders-jan.csv", "orders-Feb.csv", "orders-december.csv"],
            ["f dez-25.csv", "f März-26.csv", "f okt-26.csv"],
            ["2025-août.csv", "2025-déc.csv", "2026-févr.csv"],
            ["f nov2025.csv", "f dic2025.csv", "f gen2026.csv"],
            ["31 maart 2025.csv", "1 mei 2025.csv", "2 jan 2026.csv"],
            [
                "Lekcje maj 2026.csv",
                "Lekcje czerwiec 2026.csv",
                "Lekcje październik 2026.csv",
            ],
            [
                "Lektioner maj.csv",
                "Lektioner juni.csv",
                "Lektioner augusti.csv",
            ],
            [
                "f 4 kwartał 2025.csv",
                "f 1 kwartał 2026.csv",
                "f 2 kwartał 2026.csv",
            ],
            ["march 2 2025.csv", "march 10 2025.csv", "jan 1 2026.csv"],
            ["soci T4-25.csv", "soci T1-26.csv", "soci T2-26.csv"],
            ["3o trim 2025.csv", "4o trim 2025.csv", "1o trim 2026.csv"],
            ["f Q4 2025.csv", "f Q1 2026.csv", "f Q2 2026.csv"],
            ["week 50 2025.csv", "week 11 2026.csv", "week 13 2026.csv"],
            ["KW 9 2026.csv", "KW 12 2026.csv", "KW 13 2026.csv"],
        ] {
            let mut sorted = ordered;
            sorted.reverse();
            sorted.sort_by_cached_key(|name| order_of(name, First::Day));
            assert_eq!(sorted, ordered);
        }
    }
}
