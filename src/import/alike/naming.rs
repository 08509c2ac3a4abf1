//! What the names of exports have in common, and where they differ: the time that each is for.

use std::collections::BTreeSet;

use super::groups::{Group, firsts};
use super::{Export, Words};
use crate::config::FileSet;
use crate::import::download::{in_parentheses, is_download};
use crate::import::files::Found;
use crate::import::meant::is_meant;
use crate::import::months::is_letter;

impl Group<'_> {
    /// The letters that the names of its files begin with.
    pub(super) fn begin(&self, is_period: fn(&str) -> bool) -> String {
        let begin = beginning(&self.exports, is_period);
        begin.trim_matches(|c: char| !c.is_alphabetic()).to_owned()
    }
}

/// The name for a group's table, which must not be one that is `taken` (in lower case). It is what the names of its files begin with, unless the
/// files of another name begin the same (`begun`: each name, and its beginning), else the letters that remain of the names. If the names are only
/// times, the contents of the files name the table, else the folder does. If that name belongs to later files with other columns, or to one file,
/// the times of this group are added. `None` if all of these names are taken.
pub(super) fn table(
    group: &Group<'_>,
    begun: &[(&str, String)],
    set: &FileSet,
    taken: &BTreeSet<String>,
    words: &Words,
) -> Option<String> {
    let begin = group.begin(words.is_period);
    let all = group.name.replace(' ', "_");
    let mut others = begun.iter().filter(|(name, _)| *name != group.name);
    let is_shared = others.any(|(_, other)| other.to_lowercase() == begin.to_lowercase());
    let folder = || {
        let absolute = std::path::absolute(&set.folder).unwrap_or_default();
        let name = absolute.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    let is_whole = timeless(&begin, words.is_period) == group.name;
    let mut names = match (begin.is_empty(), all.is_empty()) {
        (true, true) => {
            let headings = group.exports.first().map(|first| &first.headings);
            let held = headings.and_then(|headings| (words.rows_called)(headings));
            held.into_iter().chain([folder()]).collect()
        }
        (true, false) => vec![all],
        (false, _) if is_whole => vec![begin],
        (false, _) if is_shared => vec![all],
        (false, _) => vec![begin, all],
    };
    // Files whose names are only a time may stay tables of their own.
    let timed = match names.first() {
        Some(name) if group.is_past || !group.name.is_empty() => timed(name, group, words),
        _ => None,
    };
    if group.is_past {
        // The name for what the rows are is still free for them.
        let told = names.len().saturating_sub(1);
        names.truncate(if group.name.is_empty() { told } else { 0 });
    }
    let mut names = names.into_iter().chain(timed);
    names.find(|name| !taken.contains(&name.to_lowercase()))
}

/// A name followed by the times of the files: `orders_2026-01_to_2026-03`, or `orders_from_2026-04` if further files may come.
fn timed(name: &str, group: &Group<'_>, words: &Words) -> Option<String> {
    let stems: Vec<String> = group.firsts().map(|export| export.file.stem()).collect();
    let mut times = stems
        .iter()
        .filter_map(|stem| time_of(stem, words.is_period));
    let first = times.next()?;
    let time = match times.next_back().filter(|_| group.is_past) {
        Some(last) => format!("{first}_to_{last}"),
        None => format!("from_{first}"),
    };
    Some(format!("{name}_{time}").replace(' ', "_"))
}

/// The part of a name that tells a time, from its first number or month on.
fn time_of(stem: &str, is_period: fn(&str) -> bool) -> Option<&str> {
    let is_like = |one: char, other: char| {
        let kind = |c: char| (is_letter(c), c.is_ascii_digit());
        kind(one) == kind(other)
    };
    let (mut begin, mut end, mut at) = (None, 0, 0);
    while let Some(rest) = stem.get(at..)
        && let Some(first) = rest.chars().next()
    {
        let run = rest.split(|c| !is_like(first, c)).next().unwrap_or(rest);
        if first.is_ascii_digit() || is_letter(first) && is_period(&run.to_lowercase()) {
            begin = begin.or(Some(at));
            end = at + run.len();
        }
        at += run.len();
    }
    stem.get(begin?..end)
}

/// A pattern that matches these files and none of the others, and the names of those that it does not match because they extend another name;
/// otherwise all names.
pub(super) fn meaning<'f>(
    exports: &[Export<'_>],
    mut all: impl Iterator<Item = &'f Found>,
    is_period: fn(&str) -> bool,
) -> Vec<String> {
    let files = exports.iter().map(|export| export.file);
    let mut names: Vec<String> = files.clone().map(|file| file.name.clone()).collect();
    // Several sheets of one file follow each other.
    names.dedup();
    let firsts: Vec<&Found> = firsts(exports).map(|export| export.file).collect();
    let endings = firsts
        .iter()
        .map(|file| file.path.extension().unwrap_or_default());
    let endings: BTreeSet<String> = endings
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .collect();
    let (Some(ending), 1) = (endings.first(), endings.len()) else {
        return names;
    };
    let stems: Vec<String> = firsts.iter().map(|file| file.stem()).collect();
    let begin = beginning(exports, is_period);
    let begin = match begin.is_empty() {
        true => by_year(&stems).map(str::to_owned),
        false => Some(begin + "*"),
    };
    let pattern = begin.map(|begin| format!("{begin}.{ending}"));
    let more = exports.iter().filter(|export| export.is_more);
    let more: Vec<&str> = more.map(|export| export.file.name.as_str()).collect();
    let mut means_them = |pattern: &String| {
        let is_theirs = |file: &Found| match is_meant(pattern, &file.name) {
            true => names.contains(&file.name),
            false => more.contains(&&*file.name) || !names.contains(&file.name),
        };
        all.all(is_theirs)
    };
    match pattern.filter(|pattern| means_them(pattern)) {
        Some(pattern) => {
            let others = more.iter().filter(|name| !is_meant(&pattern, name));
            let others: Vec<String> = others.map(|name| (*name).to_owned()).collect();
            std::iter::once(pattern).chain(others).collect()
        }
        None => names,
    }
}

/// A pattern for names that begin with a time and nothing else: by the century of the year, in front (`2026-01`) or after a separator (`01-2026`,
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

/// What the names of files begin with, ignoring case, before the time of each: `ventas_` of `ventas_2026-05` and `ventas_2026-06`, `visits-` of
/// `visits-march` and `visits-may`.
fn beginning(exports: &[Export<'_>], is_period: fn(&str) -> bool) -> String {
    let stems: Vec<Vec<char>> = firsts(exports)
        .map(|export| export.file.stem().chars().collect())
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
        // The beginning ends inside a word that differs.
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
    // The characters between a name and its time belong to neither.
    let between = begin.get(letters.len()..).unwrap_or_default().chars();
    let between = between.take_while(|c| !c.is_numeric());
    letters.chars().chain(between.take(1)).collect()
}

/// The words of a name without times and numbers, in lower case.
pub(super) fn timeless(stem: &str, is_period: fn(&str) -> bool) -> String {
    let lower = stem.to_lowercase();
    // `orders (1)` is the same file downloaded again, not a further month.
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
