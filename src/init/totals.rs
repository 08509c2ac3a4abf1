//! Lines below a list of people that count them or add something up, and are nobody.

use super::data::{Data, Guessed};
use super::lexicon::tables::TOTALS;
use super::tables::Seen;
use super::text::{can_be_written, quoted, written};
use crate::engine::OwnedCell;

/// So many of a hundred rows can be such lines, and so many of any table: one for each file of an import.
const SHARE: usize = 5;
const FEW: usize = 3;
/// Who is called by more words than these is called so.
const WORDS: usize = 6;

/// A line that counts the rows above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Total {
    /// Which row of the table it is.
    pub(super) place: usize,
    /// Its key up to the word that says so; none where it has no key.
    begin: Option<String>,
    /// What stands in it first.
    pub(super) shown: String,
}

impl Total {
    /// Whether it has a key, so that it would be read as somebody.
    pub(super) fn has_key(&self) -> bool {
        self.begin.is_some()
    }
}

/// The total lines of a table whose key would be a column with these cells; none where they are too many.
pub(super) fn totals(data: &Data, seen: &Seen<'_>, key: &str, cells: &[OwnedCell]) -> Vec<Total> {
    let said = |cell: &OwnedCell| cell.is_empty() || says_total(cell).is_some();
    let maybe = cells.iter().enumerate().filter(|(_, cell)| said(cell));
    let maybe: Vec<usize> = maybe.map(|(place, _)| place).collect();
    if maybe.is_empty() || !are_few(maybe.len(), cells.len()) {
        return Vec::new();
    }
    let columns = seen.table.columns.iter().map(|column| column.name.as_str());
    let others = columns.filter(|name| *name != key);
    // What stands beside the key in these rows, and whether others have nothing, or a number, there.
    let beside = others.map(|name| {
        let values = data.values(seen.name, name);
        let cells = maybe.iter().map(|place| values.get(*place).cloned());
        let cells = cells.map(|cell| cell.unwrap_or(OwnedCell::Null));
        (usual(seen, name), cells.collect::<Vec<_>>())
    });
    let beside: Vec<(Usual, Vec<OwnedCell>)> = beside.collect();
    let totals = maybe.iter().enumerate().filter_map(|(at, place)| {
        let key = cells.get(*place)?;
        let row = beside
            .iter()
            .filter_map(|(usual, cells)| Some((*usual, cells.get(at)?)));
        total(*place, key, &row.collect::<Vec<_>>())
    });
    totals.collect()
}

/// Whether so many rows of a table may be such lines.
pub(super) fn are_few(lines: usize, rows: usize) -> bool {
    lines <= FEW.max(rows * SHARE / 100) && lines * 2 < rows
}

/// The condition for the people beside such lines; none where all of them lack a key, without which nobody is read.
pub(super) fn condition(key: &str, totals: &[Total]) -> Option<String> {
    let mut begins: Vec<&String> = totals.iter().filter_map(|of| of.begin.as_ref()).collect();
    begins.sort();
    begins.dedup();
    let texts: Vec<String> = begins.into_iter().map(|begin| quoted(begin)).collect();
    let key = written(key);
    match texts.as_slice() {
        [] => None,
        [only] => Some(format!("{key} not starts with {only}")),
        several => Some(format!(
            "{key} not starts with any of ({})",
            several.join(", ")
        )),
    }
    .filter(|_| can_be_written(&key) || key.starts_with('`'))
}

/// What a column mostly holds.
#[derive(Clone, Copy, PartialEq)]
enum Usual {
    Texts,
    Numbers,
    /// It is empty in many rows.
    Nothing,
}

fn usual(seen: &Seen<'_>, column: &str) -> Usual {
    let (all, filled) = (seen.cells(column), seen.filled(column));
    let figures = filled.iter().filter(|cell| is_figure(cell)).count();
    if filled.len() * 10 < all.len() * 8 {
        Usual::Nothing
    } else if figures * 2 > filled.len() {
        Usual::Numbers
    } else {
        Usual::Texts
    }
}

/// A row as a total line, by its key and what stands beside it: nothing but totals and figures, where others have more.
fn total(place: usize, key: &OwnedCell, beside: &[(Usual, &OwnedCell)]) -> Option<Total> {
    let is_nothing_else =
        |cell: &OwnedCell| cell.is_empty() || is_figure(cell) || says_total(cell).is_some();
    let lacks = |(usual, cell): &(Usual, &OwnedCell)| match usual {
        Usual::Texts => cell.is_empty() || is_figure(cell) || says_total(cell).is_some(),
        Usual::Numbers => cell.is_empty(),
        Usual::Nothing => false,
    };
    let is_total = beside.iter().all(|(_, cell)| is_nothing_else(cell))
        && (beside.is_empty() || beside.iter().any(lacks));
    let mut filled = std::iter::once(key).chain(beside.iter().map(|(_, cell)| *cell));
    let shown = filled.find(|cell| !cell.is_empty());
    is_total.then(|| Total {
        place,
        begin: says_total(key),
        shown: shown.and_then(shown_of).unwrap_or_default(),
    })
}

fn shown_of(cell: &OwnedCell) -> Option<String> {
    match cell.text() {
        Some(text) => Some(text.to_owned()),
        None => cell.number().map(|number| number.to_string()),
    }
}

/// What a text begins with up to a word for a total: `Summe` of `Summe: 180 Mitglieder`.
fn says_total(cell: &OwnedCell) -> Option<String> {
    let text = cell.as_str()?;
    let is_part = |c: char| c.is_alphanumeric();
    let words = text.split(|c| !is_part(c)).filter(|word| !word.is_empty());
    if words.clone().count() > WORDS {
        return None;
    }
    let word = words
        .into_iter()
        .find(|word| TOTALS.has(&word.to_lowercase()))?;
    let end = text.find(word)? + word.len();
    text.get(..end).map(str::to_owned)
}

/// Whether a cell is a number, or a count of something: `40`, `1.234,50 €`, `40 clientes`.
fn is_figure(cell: &OwnedCell) -> bool {
    let Some(text) = cell.text() else {
        return cell.number().is_some();
    };
    let number = text.trim_start_matches(['€', '$', '£', '-', ' ']);
    let digits = number
        .find(|c: char| !c.is_ascii_digit() && !"., \u{a0}\u{202f}'’".contains(c))
        .unwrap_or(number.len());
    let (count, unit) = number.split_at(digits);
    let is_word = unit
        .chars()
        .all(|c| c.is_alphabetic() || "€$£.".contains(c));
    count.starts_with(|c: char| c.is_ascii_digit()) && is_word
}
