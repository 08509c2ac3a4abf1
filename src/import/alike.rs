//! Which files of a folder are one table: exports of one form, a month or a year each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ImportError;
use super::build::Imported;
use super::dates::is_like_date;
use super::files::{Found, Kind, files, is_meant};
use super::keyed::{Mark, mark_of};
use super::layout::Layout;
use super::part::parts;
use super::rows::{Row, Rows};
use super::series::are_alike;
use crate::config::{Copies, FileForm, FileSet};

/// What words in names mean.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// Whether a word of a file's name is of a time: a month, a week.
    pub is_period: fn(&str) -> bool,
    /// Whether a heading is what the rows of a table are told apart by: the heading, the table's name, whether it is the first.
    pub is_key: fn(&str, &str, bool) -> bool,
}

/// A file, and its columns in small letters.
struct Export<'f> {
    file: &'f Found,
    headings: Vec<String>,
}

/// A column whose values are different in all rows of a file, but for rows that are the same in every column.
struct Key {
    heading: String,
    /// The same as it is written.
    written: String,
    /// Each value, with what its row has in each column.
    rows: HashMap<Mark, Box<[Piece]>>,
    /// Whether there are such rows.
    has_copies: bool,
    /// How many rows have none: totals below a table.
    empty: usize,
}

/// What stands for the text of a cell beside a key.
type Piece = u32;

/// How rows that have the same key in several files agree.
#[derive(Default)]
struct Agreement {
    /// How many pairs of rows there are.
    pairs: usize,
    /// How many of them are the same in every column.
    same: usize,
    /// For each column, how many have the same there.
    by_column: Vec<usize>,
}

impl Agreement {
    fn see(&mut self, before: &[Piece], row: &[Piece]) {
        self.pairs += 1;
        self.same += usize::from(before == row);
        self.by_column.resize(row.len(), 0);
        let cells = before.iter().zip(row).zip(&mut self.by_column);
        for ((before, cell), count) in cells {
            *count += usize::from(before == cell);
        }
    }

    /// Whether these are the same things, listed again: most rows are the same, or differ in what has become of them alone, and not in when
    /// they happened.
    fn is_again(&self, is_time: &[bool]) -> bool {
        let all: usize = self.by_column.iter().sum();
        let mostly = all * 5 > self.by_column.len() * self.pairs * 3;
        let mut times = self
            .by_column
            .iter()
            .zip(is_time)
            .filter(|(_, is_time)| **is_time);
        let one_time = times.any(|(count, _)| count * 10 > self.pairs * 9);
        self.same * 2 > self.pairs || mostly && one_time
    }
}

/// The set with files that differ in the time of their names alone, and have the same columns but for a few, as one table each, by a pattern where
/// one means just these. Where rows are listed again, the last of each counts: by a column that is called a key and is one within each file.
///
/// # Errors
/// A file cannot be read.
pub fn alike(set: &FileSet, words: &Words) -> Result<FileSet, ImportError> {
    let (found, _) = files(set)?;
    let mut by_name: BTreeMap<String, Vec<&Found>> = BTreeMap::new();
    for file in &found {
        if file.kind == Kind::Text && file.form.table.is_none() {
            let name = timeless(&stem(file), words.is_period);
            by_name.entry(name).or_default().push(file);
        }
    }
    let mut said = set.clone();
    for (name, files) in by_name.iter().filter(|(_, files)| files.len() > 1) {
        let mut groups: Vec<Vec<Export<'_>>> = Vec::new();
        for file in files {
            let export = Export::of(file)?;
            let mut known = groups.iter_mut();
            match known.find(|group| {
                group
                    .iter()
                    .any(|other| are_alike(&export.headings, &other.headings))
            }) {
                Some(group) => group.push(export),
                None => groups.push(vec![export]),
            }
        }
        let is_named = |group: &&Vec<Export<'_>>| {
            let mut headings = group.iter().map(|export| &export.headings);
            group.len() > 1 && headings.all(|headings| !headings.is_empty())
        };
        for group in groups.iter().filter(is_named) {
            let key = key(group, |heading, is_first| {
                (words.is_key)(heading, name, is_first)
            })?;
            // Which month comes last, words do not tell.
            let in_order = group
                .iter()
                .all(|export| has_no_month(&stem(export.file), words.is_period));
            let form = FileForm {
                table: Some(table(name, set, group, words.is_period)),
                copies: (key.is_some() && !in_order).then_some(Copies::Once),
                key: key.filter(|_| in_order),
                ..FileForm::default()
            };
            let names = meaning(group, &found, words.is_period);
            said.forms
                .extend(names.into_iter().map(|name| (name, form.clone())));
        }
    }
    Ok(said)
}

/// The set with a key for each file that lists rows twice, all columns alike, and has a column by which the others are told apart; none
/// where there is no such file.
///
/// # Errors
/// A file cannot be read.
pub fn told_apart(
    set: &FileSet,
    imported: &Imported,
    words: &Words,
) -> Result<Option<FileSet>, ImportError> {
    let (found, _) = files(set)?;
    let mut forms = set.forms.clone();
    for table in &imported.tables {
        let ([name], true) = (table.files.as_slice(), table.copies > 0) else {
            continue;
        };
        let mut files = found.iter().filter(|file| file.kind == Kind::Text);
        let Some(file) = files.find(|file| file.name == *name) else {
            continue;
        };
        let export = Export::of(file)?;
        let keys = export.keys(&export.headings, &mut Vec::new(), |heading, is_first| {
            (words.is_key)(heading, &table.table, is_first)
        })?;
        let Some(key) = keys.iter().find(|key| key.has_copies) else {
            continue;
        };
        forms.retain(|(named, _)| *named != file.named);
        let form = FileForm {
            key: Some(key.written.clone()),
            ..file.form.clone()
        };
        forms.push((file.named.clone(), form));
    }
    Ok((forms != set.forms).then(|| FileSet {
        forms,
        ..set.clone()
    }))
}

impl<'f> Export<'f> {
    fn of(file: &'f Found) -> Result<Self, ImportError> {
        let mut headings = Vec::new();
        for part in parts(file)? {
            let layout = Layout::of(&*part.rows, &file.name, &file.form)?;
            let named = layout.headings().into_iter();
            headings.extend(named.map(|heading| heading.to_lowercase()));
        }
        Ok(Self { file, headings })
    }

    /// The columns that may be a key and are one, but for rows that have the same in all of these columns; `times` counts the cells of
    /// each that look like dates.
    fn keys(
        &self,
        columns: &[String],
        times: &mut Vec<usize>,
        is_key: impl Fn(&str, bool) -> bool,
    ) -> Result<Vec<Key>, ImportError> {
        let mut found = Vec::new();
        for part in parts(self.file)? {
            let layout = Layout::of(&*part.rows, &self.file.name, &self.file.form)?;
            found.extend(keys(&*part.rows, &layout, columns, times, &is_key)?);
        }
        Ok(found)
    }
}

fn keys(
    rows: &dyn Rows,
    layout: &Layout,
    columns: &[String],
    times: &mut Vec<usize>,
    is_key: impl Fn(&str, bool) -> bool,
) -> Result<Vec<Key>, ImportError> {
    let headings = layout.headings();
    let mut left: Vec<(usize, Key)> = headings
        .iter()
        .enumerate()
        .filter(|(place, heading)| is_key(heading, *place == 0))
        .map(|(place, heading)| {
            let key = Key {
                heading: heading.to_lowercase(),
                written: heading.clone(),
                rows: HashMap::new(),
                has_copies: false,
                empty: 0,
            };
            (place, key)
        })
        .collect();
    // In the order of the headings, which may be another one in each file.
    let places = headings.iter().enumerate();
    let mut places: Vec<(String, usize)> = places
        .map(|(place, heading)| (heading.to_lowercase(), place))
        .filter(|(heading, _)| columns.contains(heading))
        .collect();
    places.sort();
    times.resize(places.len(), 0);
    let mut rows_seen = 0;
    rows.read(&mut |row: Row<'_>| {
        if layout.admits(&row).is_err() {
            return Ok(true);
        }
        if left.is_empty() {
            return Ok(false);
        }
        rows_seen += 1;
        let cells = places
            .iter()
            .map(|(_, place)| row.cells.get(*place).unwrap_or_default().trim_ascii());
        for (cell, count) in cells.clone().zip(&mut *times) {
            *count += usize::from(is_like_date(cell));
        }
        let whole: Box<[Piece]> = cells.map(piece).collect();
        left.retain_mut(|(place, key)| {
            let cell = row.cells.get(*place).unwrap_or_default().trim_ascii();
            if cell.is_empty() {
                key.empty += 1;
                return true;
            }
            let before = key.rows.insert(mark_of(cell), whole.clone());
            key.has_copies |= before.is_some();
            before.is_none_or(|before| before == whole)
        });
        Ok(!left.is_empty())
    })?;
    // A total has none; more than a few without one are no accident.
    left.retain(|(_, key)| key.empty * 20 <= rows_seen);
    Ok(left.into_iter().map(|(_, key)| key).collect())
}

/// The heading of the first column that is a key within each file, where values of it occur again in rows of the same things: shops that each
/// number from 1 have other ones.
fn key(
    exports: &[Export<'_>],
    is_key: impl Fn(&str, bool) -> bool,
) -> Result<Option<String>, ImportError> {
    let first = exports.first().map(|first| first.headings.clone());
    let mut shared = first.unwrap_or_default();
    shared.retain(|name| exports.iter().all(|export| export.headings.contains(name)));
    let (mut keys, mut times): (Vec<Vec<Key>>, Vec<usize>) = Default::default();
    for export in exports {
        keys.push(export.keys(&shared, &mut times, &is_key)?);
    }
    let Some((first, rest)) = keys.split_first() else {
        return Ok(None);
    };
    let has = |keys: &[Key], heading: &str| keys.iter().any(|key| key.heading == heading);
    let mut in_all = first
        .iter()
        .filter(|key| rest.iter().all(|keys| has(keys, &key.heading)));
    let Some(key) = in_all.next() else {
        return Ok(None);
    };
    let mut agreement = Agreement::default();
    let mut seen: HashMap<Mark, &[Piece]> = HashMap::new();
    let of_key = keys
        .iter()
        .flatten()
        .filter(|other| other.heading == key.heading);
    let mut rows = 0;
    for (value, row) in of_key.clone().flat_map(|key| &key.rows) {
        rows += 1;
        if let Some(before) = seen.insert(*value, row) {
            agreement.see(before, row);
        }
    }
    let is_time: Vec<bool> = times.iter().map(|count| count * 2 > rows).collect();
    let is_again = match agreement.pairs {
        0 => of_key.clone().any(|key| key.has_copies),
        _ => agreement.is_again(&is_time),
    };
    Ok(is_again.then(|| key.written.clone()))
}

fn piece(cell: &[u8]) -> Piece {
    let mut piece = [0; 4];
    let mark = mark_of(cell);
    piece.iter_mut().zip(mark).for_each(|(to, from)| *to = from);
    Piece::from_le_bytes(piece)
}

/// What a table of files is called: what their names begin with, else the letters that are left of them, else the folder.
fn table(name: &str, set: &FileSet, exports: &[Export<'_>], is_period: fn(&str) -> bool) -> String {
    let begin = beginning(exports, is_period);
    let begin = begin.trim_matches(|c: char| !c.is_alphabetic());
    let folder = || {
        let absolute = std::path::absolute(&set.folder).unwrap_or_default();
        let name = absolute.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    match (begin, name) {
        ("", "") => folder(),
        ("", name) => name.replace(' ', "_"),
        (begin, _) => begin.to_owned(),
    }
}

/// A pattern that means these files and no others of the folder; else their names.
fn meaning(exports: &[Export<'_>], all: &[Found], is_period: fn(&str) -> bool) -> Vec<String> {
    let files = exports.iter().map(|export| export.file);
    let names: Vec<String> = files.clone().map(|file| file.name.clone()).collect();
    let endings: BTreeSet<String> = files
        .map(|file| file.path.extension().unwrap_or_default())
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .collect();
    let (begin, Some(ending)) = (beginning(exports, is_period), endings.first()) else {
        return names;
    };
    let pattern = format!("{begin}*.{ending}");
    let mut meant = all.iter().filter(|file| is_meant(&pattern, &file.name));
    let is_pattern =
        endings.len() == 1 && !begin.is_empty() && meant.all(|file| names.contains(&file.name));
    if is_pattern { vec![pattern] } else { names }
}

fn stem(file: &Found) -> String {
    let stem = file.path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// What the names of files begin with, in letters of any case, before the time that each is of: `ventas_` of `ventas_2026-05` and `ventas_2026-06`,
/// `visits-` of `visits-march` and `visits-may`.
fn beginning(exports: &[Export<'_>], is_period: fn(&str) -> bool) -> String {
    let stems: Vec<Vec<char>> = exports
        .iter()
        .map(|export| stem(export.file).chars().collect())
        .collect();
    let Some((first, rest)) = stems.split_first() else {
        return String::new();
    };
    let is_shared = |(at, c): &(usize, &char)| {
        let same = |other: &char| other.to_lowercase().eq(c.to_lowercase());
        rest.iter().all(|stem| stem.get(*at).is_some_and(same))
    };
    let shared = first.iter().enumerate().take_while(is_shared).count();
    let goes_on = |stem: &Vec<char>| stem.get(shared).is_some_and(|c| c.is_alphabetic());
    let begin: String = first.iter().take(shared).collect();
    let begin = match stems.iter().any(goes_on) {
        // Part of a word that differs.
        true => begin.trim_end_matches(char::is_alphabetic),
        false => &begin,
    };
    let mut letters = begin.trim_end_matches(|c: char| !c.is_alphabetic());
    // `q` of `sales q1` and `sales q2`.
    if let Some((before, word)) = letters.rsplit_once(|c: char| !c.is_alphabetic())
        && is_period(&word.to_lowercase())
    {
        letters = before.trim_end_matches(|c: char| !c.is_alphabetic());
    }
    // What stands between a name and its time is part of neither.
    let between = begin.get(letters.len()..).unwrap_or_default().chars();
    let between = between.take_while(|c| !c.is_numeric());
    letters.chars().chain(between.take(1)).collect()
}

/// Whether no month is written in letters.
fn has_no_month(stem: &str, is_period: fn(&str) -> bool) -> bool {
    let lower = stem.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic());
    !words.any(|word| word.chars().count() > 2 && is_period(word))
}

/// The words of a name but for times and numbers, in small letters.
fn timeless(stem: &str, is_period: fn(&str) -> bool) -> String {
    let lower = stem.to_lowercase();
    // `orders (1)` is the same download once more, which is no further month.
    if lower.ends_with(')') {
        return lower;
    }
    let words = lower.split(|c: char| !c.is_alphabetic());
    let words = words.filter(|word| !word.is_empty() && !is_period(word));
    words.collect::<Vec<_>>().join(" ")
}
