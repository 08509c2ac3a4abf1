//! Which files the names of config mean, and in what order files are.

use std::path::Path;

use crate::config::{FileForm, FileSet};

/// By what names are in order: letters in whatever case, numbers by their value, so that `_9` comes before `_10`.
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
        pieces.push((text.to_owned(), number.parse().unwrap_or(u128::MAX)));
        rest = behind;
    }
    pieces
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
