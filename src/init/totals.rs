//! Lines below a list of people that count them or add something up, and are nobody.

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

/// So many of a hundred rows can be such lines, so many of a small table, and no more of any; and of several files one each, however short they are.
const SHARE: usize = 5;
const FEW: usize = 3;
const MOST: usize = 60;
/// What the number of a row in its file is called in the database of an import.
const ROW: &str = "_rowid_";
/// Conditions name no more columns.
const COLUMNS: usize = 4;
/// Who is called by more words than these is called so.
const WORDS: usize = 6;

/// The words of [`TOTALS`] and [`OTHER_TOTALS`]: each word of the keys is looked for among them, and each two.
static WORDS_FOR_TOTALS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| TOTALS.all().chain(OTHER_TOTALS.split(' ')).collect());

/// A line that counts the rows above it, or ends them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Total {
    /// Which row of the table it is, from 0.
    pub(super) place: usize,
    /// The same as people count: in the file, if the table is made of one.
    pub(super) row: usize,
    /// Its key; none where it has none.
    key: Option<String>,
    /// The key up to the word that says that it is a total.
    begin: Option<String>,
    /// Whether nothing stands beside the key.
    is_alone: bool,
    /// What stands in it first.
    pub(super) shown: String,
}

impl Total {
    /// Whether it has a key, so that it would be read as somebody.
    pub(super) fn has_key(&self) -> bool {
        self.key.is_some()
    }
}

/// The total lines of a table whose key would be a column with these cells; none where they are too many.
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
    // What stands beside the key in these rows, and whether others have nothing, or a number, there.
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

/// Whether so many rows of a table may be such lines, where it is made of so many files.
pub(super) fn are_few(lines: usize, rows: usize, files: usize) -> bool {
    lines <= FEW.max(rows * SHARE / 100).min(MOST).max(files) && lines * 2 < rows
}

/// What keeps the lines that have a key from being read as people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kept {
    /// The condition that all people meet and no such line does.
    Out(String),
    /// Their keys are of no kind that people have, or there is no such line.
    Unread,
    /// Nothing: no condition tells them from people.
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

/// How the total lines of a table are kept out.
pub(super) fn kept(data: &Data, seen: &Seen<'_>, key: &str, totals: &[Total]) -> Kept {
    let keyed: Vec<&Total> = totals.iter().filter(|total| total.has_key()).collect();
    let is_unread = seen.column(key).is_none_or(is_of_numbers);
    match keyed.is_empty() || is_unread {
        true => Kept::Unread,
        false => condition(data, seen, key, (totals, &keyed)).map_or(Kept::In, Kept::Out),
    }
}

/// The condition: people have what the lines lack, or other keys. None where conditions cannot name the key, and no other columns tell.
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
    // Whether each of the people lacks it: a column that all of the lines lack.
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

/// Whether a text is no key of a column.
pub(super) fn is_of_numbers(column: &TableColumn) -> bool {
    column_type(&column.declared) == Some(ColumnType::Number)
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
    // Words that say nothing of a total are one where nothing else is said of it.
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

/// What a text begins with up to a word for a total: `Summe` of `Summe: 180 Mitglieder`.
fn says_total(cell: &OwnedCell) -> Option<String> {
    // Whoever has an address is somebody, and be it a company of that name.
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
