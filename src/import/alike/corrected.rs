//! Files whose name is that of another file plus something, and that list its rows again: `visits_2026-09_corrected` beside `visits_2026-09`.

use std::collections::BTreeMap;

use super::groups::Single;
use super::keys::{Repeated, key, repeated};
use super::{Export, Words};
use crate::engine::Watch;
use crate::import::ImportError;
use crate::import::download::is_download;
use crate::import::meant::{By, First, disorder, order_of, tells_time, told_by};
use crate::import::series::are_alike;

/// Words that mark a file as the earlier of two.
const EARLIER: &str = "old older alt alte altes ancien ancienne vieux oud oude vecchio vecchia viejo vieja antiguo velho antigo stary stara gammal \
    gammel backup bak sicherung sauvegarde original originale orig before previous draft entwurf brouillon bozza borrador rascunho szkic utkast";

/// Whether `name` is the name `of` plus something. `words` are the words in `of` besides its time; if there are none, `name` has to begin with
/// `of`, as a part in the middle does not suffice.
pub(super) fn is_more(name: &str, of: &str, words: &str) -> bool {
    let lower = name.to_lowercase();
    let is_behind = || lower.starts_with(&of.to_lowercase());
    told_by(of, name) == By::More && !is_download(&lower) && (!words.is_empty() || is_behind())
}

/// Whether a name tells a time and has no word that marks it as an earlier state.
pub(super) fn is_later_state(name: &str) -> bool {
    let lower = name.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic());
    let is_earlier = words.any(|word| EARLIER.split_whitespace().any(|one| one == word));
    tells_time(name) && !is_earlier
}

/// Two files, of which one is named as the other plus something.
struct Pair<'f> {
    of: Export<'f>,
    more: Export<'f>,
    repeated: Option<Repeated>,
}

/// Groups such files with those that they correct, if their rows can replace those by one key for all. Returns lines for people about the files
/// that list rows again but stay tables of their own. The files come grouped by the words of their names.
///
/// # Errors
/// A file cannot be read, or `watch` ended it.
pub(super) fn corrected<'f>(
    by_name: &mut BTreeMap<String, Vec<Single<'f>>>,
    words: &Words,
    watch: &dyn Watch,
) -> Result<Vec<String>, ImportError> {
    let mut told = Vec::new();
    let count = |name: &String| name.split_whitespace().count();
    // If A extends B and B extends C, A extends C: names with fewer words come first.
    let mut names: Vec<String> = by_name.keys().cloned().collect();
    names.sort_by_key(count);
    for name in &names {
        let mut others: Vec<&String> = names.iter().filter(|of| has_all(name, of)).collect();
        others.sort_by_key(|of| std::cmp::Reverse(count(of)));
        for of in others {
            let (Some(own), Some(firsts)) = (by_name.get(name), by_name.get(of)) else {
                continue;
            };
            let pairs = pairs(own, firsts, of, words, watch)?;
            if pairs.is_empty() {
                continue;
            }
            if are_taken(&pairs, (own, firsts), of, words, watch)? {
                let own = by_name.remove(name).unwrap_or_default().into_iter();
                let together = by_name.entry(of.clone()).or_default();
                together.extend(own.map(|single| Single {
                    is_more: true,
                    ..single
                }));
                together.sort_by_cached_key(|single| {
                    (
                        order_of(&single.file.stem(), First::Day),
                        single.file.name.clone(),
                    )
                });
            } else {
                told.extend(pairs.iter().filter_map(Pair::told));
            }
            break;
        }
    }
    Ok(told)
}

/// Whether a name has all words of another one, and more.
fn has_all(name: &str, of: &str) -> bool {
    let mut words = of.split_whitespace();
    name != of && words.all(|word| name.split_whitespace().any(|own| own == word))
}

/// The files whose name is that of one of the others plus something and that have its columns, each with that file.
fn pairs<'f>(
    own: &[Single<'f>],
    firsts: &[Single<'f>],
    of: &str,
    words: &Words,
    watch: &dyn Watch,
) -> Result<Vec<Pair<'f>>, ImportError> {
    let mut pairs = Vec::new();
    for single in own.iter().filter(|single| single.sheets.is_empty()) {
        let stem = single.file.stem();
        let firsts = firsts.iter().filter(|first| first.sheets.is_empty());
        let mut firsts = firsts.filter(|first| is_more(&stem, &first.file.stem(), of));
        let Some(first) = firsts.next_back() else {
            continue;
        };
        let (of_file, more) = (Export::of(first.file)?, Export::of(single.file)?);
        if are_alike(&of_file.headings, &more.headings) {
            let called = called(of, &of_file, words);
            let is_key = |heading: &str, is_first| (words.is_key)(heading, &called, is_first);
            let is_of_people = (words.is_of_people)(&called);
            pairs.push(Pair {
                repeated: repeated([&of_file, &more], &is_key, is_of_people, watch)?,
                of: of_file,
                more,
            });
        }
    }
    Ok(pairs)
}

/// What the rows of the files of a name are called, in words.
fn called(name: &str, first: &Export<'_>, words: &Words) -> String {
    match name {
        "" => (words.rows_called)(&first.headings).unwrap_or_default(),
        name => name.to_owned(),
    }
}

/// Whether only the last row of each key may count among these files and those that they list again: each lists rows of the same things, later, and
/// one column is the key of all.
fn are_taken(
    pairs: &[Pair<'_>],
    (own, firsts): (&[Single<'_>], &[Single<'_>]),
    of: &str,
    words: &Words,
    watch: &dyn Watch,
) -> Result<bool, ImportError> {
    let is_taken = |pair: &Pair<'_>| {
        let repeated = pair.repeated.as_ref();
        let is_again = repeated.is_some_and(|repeated| repeated.is_same && repeated.is_most());
        is_again && is_later_state(&pair.more.file.stem()) && tells_time(&pair.of.file.stem())
    };
    let Some(first) = pairs.first().filter(|_| pairs.iter().all(is_taken)) else {
        return Ok(false);
    };
    let usual = firsts.iter().filter(|single| !single.is_more);
    let stems: Vec<String> = usual.map(|single| single.file.stem()).collect();
    let mut exports = Vec::new();
    for single in firsts.iter().chain(own) {
        if single.sheets.is_empty() {
            exports.push(Export::of(single.file)?);
        }
    }
    // A file exported with other columns is a table of its own.
    exports.retain(|export| are_alike(&first.of.headings, &export.headings));
    let called = called(of, &first.of, words);
    let is_key = |heading: &str, is_first| (words.is_key)(heading, &called, is_first);
    let key = key(&exports, &is_key, (words.is_of_people)(&called), watch)?;
    Ok(key.is_some() && disorder(&stems).is_none())
}

impl Pair<'_> {
    /// The message that the file stays a table of its own although it lists rows of the other again.
    fn told(&self) -> Option<String> {
        let repeated = self
            .repeated
            .as_ref()
            .filter(|repeated| repeated.is_most())?;
        let (own, of, key) = (&self.more.file.name, &self.of.file.name, &repeated.key);
        let ([all, _], again) = (repeated.all, repeated.again);
        Some(format!(
            "{own}: holds {again} of the {all} keys of {of}, and is a table of its own: if its rows replace those, write the same \
             `table:` and `key: {key}` for both"
        ))
    }
}
