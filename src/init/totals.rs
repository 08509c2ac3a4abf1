//! Finds rows at the end of a list of people that count them or add something up, and are not people.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::data::{Data, Guessed};
use super::lexicon::tables::{OTHER_TOTALS, TOTALS};
use super::tables::Seen;
use super::text::{can_be_written, quoted, written};
use super::words::bare;
use crate::catalog::{TableColumn, column_type};
use crate::engine::OwnedCell;
use crate::value::ColumnType;

/// How many rows can be totals: a percentage of the rows, at least [`FEW`], and at most [`MOST`]. A table made of
/// several files can have one for each file, however short they are.
const SHARE: usize = 5;
const FEW: usize = 3;
const MOST: usize = 60;
/// The column with a row's number in its file, in an imported database.
const ROW: &str = "_rowid_";
/// The maximum number of columns in a condition.
const COLUMNS: usize = 4;
/// A text with more words than these is a name rather than a total.
const WORDS: usize = 6;

/// The words of [`TOTALS`] and [`OTHER_TOTALS`]. Each word of a key is looked up among them, and each pair of words.
static WORDS_FOR_TOTALS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| TOTALS.all().chain(OTHER_TOTALS.split(' ')).collect());

/// A row that counts the rows above it, or ends them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Total {
    /// The position of the row in the table, from 0.
    pub(super) place: usize,
    /// The row number for people: that in the file, if the table is made of one.
    pub(super) row: usize,
    /// Its key; none where it is empty.
    key: Option<String>,
    /// The key up to and including the word that marks it as a total.
    begin: Option<String>,
    /// Whether nothing stands beside the key.
    is_alone: bool,
    /// Its first non-empty cell.
    pub(super) shown: String,
}

impl Total {
    /// Whether it has a key, so that it would be read as a person.
    pub(super) fn has_key(&self) -> bool {
        self.key.is_some()
    }
}

/// The totals of a table whose key would be a column with these cells; empty where there are too many.
pub(super) fn totals(data: &Data, seen: &Seen<'_>, key: &str, cells: &[OwnedCell]) -> Vec<Total> {
    let is_of_words = |cell: &OwnedCell| cell.text().is_some_and(|text| text.contains(' '));
    let of_words = cells.iter().filter(|cell| is_of_words(cell)).count();
    let are_few = |lines: usize| are_few(lines, cells.len(), seen.profile.files);
    let are_odd = are_few(of_words);
    let said = |cell: &OwnedCell| {
        cell.is_empty() || says_total(cell).is_some() || are_odd && is_of_words(cell)
    };
    let maybe = cells.iter().enumerate().filter(|(_, cell)| said(cell));
    let maybe: Vec<usize> = maybe.map(|(place, _)| place).collect();
    if maybe.is_empty() || !are_few(maybe.len()) {
        return Vec::new();
    }
    let numbers = match seen.profile.files {
        0 => Vec::new(),
        _ => data.values(seen.name, ROW),
    };
    let row_of = |place: usize| match numbers.get(place) {
        Some(OwnedCell::Integer(row)) => usize::try_from(*row).unwrap_or(place + 1),
        _ => place + 1,
    };
    // The columns besides the key in these rows, and whether they are usually empty, or numbers, in others.
    let beside = others(seen, key).map(|name| {
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
        total((*place, row_of(*place)), key, &row.collect::<Vec<_>>())
    });
    totals.collect()
}

fn others<'s>(seen: &Seen<'s>, key: &str) -> impl Iterator<Item = &'s str> {
    let columns = seen.table.columns.iter().map(|column| column.name.as_str());
    columns.filter(move |name| *name != key)
}

/// Whether few enough rows would be totals, for a table with so many rows and files.
pub(super) fn are_few(lines: usize, rows: usize, files: usize) -> bool {
    lines <= FEW.max(rows * SHARE / 100).min(MOST).max(files) && lines * 2 < rows
}

/// How totals with a key are kept from being read as people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kept {
    /// By a condition that all people meet and no total does.
    Out(String),
    /// Their keys cannot be keys of people, or there are no totals with a key.
    Unread,
    /// They are not: no condition tells them from people.
    In,
}

impl Kept {
    pub(super) fn condition(&self) -> Option<&str> {
        match self {
            Self::Out(condition) => Some(condition),
            Self::Unread | Self::In => None,
        }
    }
}

/// Determines how the totals of a table are kept out.
pub(super) fn kept(data: &Data, seen: &Seen<'_>, key: &str, totals: &[Total]) -> Kept {
    let keyed: Vec<&Total> = totals.iter().filter(|total| total.has_key()).collect();
    let is_unread = seen.column(key).is_none_or(is_of_numbers);
    match keyed.is_empty() || is_unread {
        true => Kept::Unread,
        false => condition(data, seen, key, (totals, &keyed)).map_or(Kept::In, Kept::Out),
    }
}

/// The condition: people have values that totals lack, or other keys. None where conditions cannot name the key and
/// no other columns help.
fn condition(
    data: &Data,
    seen: &Seen<'_>,
    key: &str,
    (totals, keyed): (&[Total], &[&Total]),
) -> Option<String> {
    let is_writable = can_be_written(key);
    let people: Vec<usize> = {
        let rows = data.values(seen.name, key).len();
        let is_person = |place: &usize| totals.iter().all(|total| total.place != *place);
        (0..rows).filter(is_person).collect()
    };
    // For each column that all totals lack: whether each of the people lacks it as well.
    let lacking = others(seen, key).filter(|name| can_be_written(name));
    let mut lacking = lacking.filter_map(|name| {
        let values = data.values(seen.name, name);
        let lacks = |place: &usize| matches!(values.get(*place), Some(OwnedCell::Null));
        let all = keyed.iter().all(|total| lacks(&total.place));
        all.then(|| {
            (
                written(name),
                people.iter().map(lacks).collect::<Vec<bool>>(),
            )
        })
    });
    if !is_writable || keyed.iter().all(|total| total.is_alone) {
        let (mut left, mut present) = (vec![true; people.len()], Vec::new());
        for (name, lacks) in lacking.by_ref().take(COLUMNS) {
            left.iter_mut()
                .zip(&lacks)
                .for_each(|(left, lacks)| *left &= *lacks);
            present.push(format!("{name} is present"));
            if !left.contains(&true) {
                return Some(present.join(" or "));
            }
        }
    } else if let Some((name, lacks)) = lacking.next() {
        let mut begins: Vec<String> = keyed
            .iter()
            .filter_map(|total| Some(total.begin.as_ref()?.to_lowercase()))
            .collect();
        begins.sort();
        begins.dedup();
        let keys = data.values(seen.name, key);
        let begins_so = |place: &usize| {
            let text = keys.get(*place).and_then(OwnedCell::as_str);
            text.is_some_and(|text| {
                begins
                    .iter()
                    .any(|begin| text.to_lowercase().starts_with(begin))
            })
        };
        let mut both = people.iter().zip(&lacks);
        if !both.any(|(place, lacks)| *lacks && begins_so(place)) {
            let texts: Vec<String> = begins.iter().map(|begin| quoted(begin)).collect();
            let begins = match texts.as_slice() {
                [only] => only.clone(),
                several => format!("any of ({})", several.join(", ")),
            };
            return Some(format!(
                "not (lower({}) starts with {begins} and {name} is missing)",
                written(key)
            ));
        }
    }
    let texts: Vec<String> = keyed
        .iter()
        .filter_map(|total| Some(quoted(total.key.as_ref()?)))
        .collect();
    is_writable.then(|| format!("{} not in ({})", written(key), texts.join(", ")))
}

/// Whether the column's keys are numbers, so that a text cannot be one.
pub(super) fn is_of_numbers(column: &TableColumn) -> bool {
    column_type(&column.declared) == Some(ColumnType::Number)
}

/// The usual content of a column.
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

/// A row as a total, by its key and the cells beside it: they hold nothing but totals and figures, where others hold
/// more.
fn total(
    (place, row): (usize, usize),
    key: &OwnedCell,
    beside: &[(Usual, &OwnedCell)],
) -> Option<Total> {
    let is_nothing_else =
        |cell: &OwnedCell| cell.is_empty() || is_figure(cell) || says_total(cell).is_some();
    let lacks = |(usual, cell): &(Usual, &OwnedCell)| match usual {
        Usual::Texts => cell.is_empty() || is_figure(cell) || says_total(cell).is_some(),
        Usual::Numbers => cell.is_empty(),
        Usual::Nothing => false,
    };
    let is_total = beside.iter().all(|(_, cell)| is_nothing_else(cell))
        && (beside.is_empty() || beside.iter().any(lacks));
    let is_alone = beside.iter().all(|(_, cell)| cell.is_empty());
    // Other texts mark a total only if nothing stands beside them.
    let is_said = key.is_empty() || says_total(key).is_some() || is_alone;
    let mut filled = std::iter::once(key).chain(beside.iter().map(|(_, cell)| *cell));
    let shown = filled.find(|cell| !cell.is_empty());
    (is_total && is_said).then(|| Total {
        place,
        row,
        key: key.as_str().filter(|_| !key.is_empty()).map(str::to_owned),
        begin: says_total(key),
        is_alone,
        shown: shown.and_then(shown_of).unwrap_or_default(),
    })
}

fn shown_of(cell: &OwnedCell) -> Option<String> {
    match cell.text() {
        Some(text) => Some(text.to_owned()),
        None => cell.number().map(|number| number.to_string()),
    }
}

/// The beginning of a text up to and including a word for a total: `Summe` of `Summe: 180 Mitglieder`.
fn says_total(cell: &OwnedCell) -> Option<String> {
    // A row with an e-mail address is a person or a company, whatever its name is.
    let text = cell.as_str().filter(|text| !text.contains('@'))?;
    let is_part = |c: char| c.is_alphanumeric();
    let words = text.split(|c| !is_part(c)).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    if words.len() > WORDS {
        return None;
    }
    let is_total = |words: &[&str]| WORDS_FOR_TOTALS.contains(&*bare(&words.concat()));
    // `I alt`, `W sumie`
    let one = words.chunks(1).find(|word| is_total(word));
    let word = one.or_else(|| words.windows(2).find(|pair| is_total(pair)))?;
    let (first, last) = (word.first()?, word.last()?);
    let place = text.find(first)?;
    let end = place + text.get(place..)?.find(last)? + last.len();
    text.get(..end).map(str::to_owned)
}

/// Whether a cell is a number, or a number of something: `40`, `1.234,50 €`, `40 clientes`.
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
