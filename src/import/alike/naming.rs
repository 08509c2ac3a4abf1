//! What the names of exports have in common, and what differs in them: the time that each is of.

use std::collections::BTreeSet;

use super::{Export, Words};
use crate::config::FileSet;
use crate::import::download::{in_parentheses, is_download};
use crate::import::files::Found;
use crate::import::meant::is_meant;
use crate::import::months::is_letter;

/// What a table of files is called: what their names begin with, else the letters that are left of them. Names that are nothing but a time
/// leave it to what the files hold, else to the folder, unless another table is called so: these are `taken`, in small letters. None where both are.
pub(super) fn table(
    name: &str,
    set: &FileSet,
    taken: &BTreeSet<String>,
    exports: &[Export<'_>],
    words: &Words,
) -> Option<String> {
    let begin = beginning(exports, words.is_period);
    let begin = begin.trim_matches(|c: char| !c.is_alphabetic());
    let folder = || {
        let absolute = std::path::absolute(&set.folder).unwrap_or_default();
        let name = absolute.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    match (begin, name) {
        ("", "") => {
            let held = exports
                .first()
                .and_then(|export| (words.rows_called)(&export.headings));
            let mut names = held.into_iter().chain([folder()]);
            names.find(|called| !taken.contains(&called.to_lowercase()))
        }
        ("", name) => Some(name.replace(' ', "_")),
        (begin, _) => Some(begin.to_owned()),
    }
}

/// A pattern that means these files and no others of the folder; else their names.
pub(super) fn meaning(
    exports: &[Export<'_>],
    all: &[Found],
    is_period: fn(&str) -> bool,
) -> Vec<String> {
    let files = exports.iter().map(|export| export.file);
    let mut names: Vec<String> = files.clone().map(|file| file.name.clone()).collect();
    // Several sheets of one file follow each other.
    names.dedup();
    let endings: BTreeSet<String> = files
        .map(|file| file.path.extension().unwrap_or_default())
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .collect();
    let (Some(ending), 1) = (endings.first(), endings.len()) else {
        return names;
    };
    let stems: Vec<String> = exports.iter().map(|export| stem(export.file)).collect();
    let begin = beginning(exports, is_period);
    let begin = match begin.is_empty() {
        true => by_year(&stems).map(str::to_owned),
        false => Some(begin + "*"),
    };
    let pattern = begin.map(|begin| format!("{begin}.{ending}"));
    let means_them = |pattern: &String| {
        let is_theirs = |file: &Found| is_meant(pattern, &file.name) == names.contains(&file.name);
        all.iter().all(is_theirs)
    };
    match pattern.filter(means_them) {
        Some(pattern) => vec![pattern],
        None => names,
    }
}

/// A pattern for names that begin with nothing but a time: by the century of the year, in front (`2026-01`) or behind a mark (`01-2026`,
/// `jan_2026`).
fn by_year(stems: &[String]) -> Option<&'static str> {
    const PATTERNS: [&str; 5] = ["20*", "*-20*", "*_20*", "*.20*", "* 20*"];
    let is_year = |text: &str| {
        let mut digits = text.chars().take(2);
        digits.all(|c| c.is_ascii_digit()) && text.len() >= 2
    };
    let has = |pattern: &str, stem: &str| {
        let before = pattern.trim_start_matches('*').trim_end_matches('*');
        let behind = match pattern.starts_with('*') {
            true => stem.split_once(before).map(|(_, behind)| behind),
            false => stem.strip_prefix(before),
        };
        behind.is_some_and(is_year)
    };
    PATTERNS
        .into_iter()
        .find(|pattern| stems.iter().all(|stem| has(pattern, stem)))
}

pub(super) fn stem(file: &Found) -> String {
    let stem = file.path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// What the names of files begin with, in capitals or not, before the time that each is of: `ventas_` of `ventas_2026-05` and `ventas_2026-06`,
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

/// The words of a name but for times and numbers, in small letters.
pub(super) fn timeless(stem: &str, is_period: fn(&str) -> bool) -> String {
    let lower = stem.to_lowercase();
    // `orders (1)` is the same download once more, which is no further month.
    let is_other = |word: &str| !word.is_empty() && !is_period(word);
    let is_of_no_time =
        |inside: &str| inside.split(|c: char| !is_letter(c)).any(is_other) || is_download(&lower);
    if in_parentheses(&lower).is_some_and(is_of_no_time) {
        return lower;
    }
    let words = lower.split(|c: char| !is_letter(c));
    let words = words.filter(|word| !word.is_empty() && !is_period(word));
    words.collect::<Vec<_>>().join(" ")
}
