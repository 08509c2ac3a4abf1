//! Finding a subject by key or name.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use crate::catalog::ColumnState;
use crate::connector::Snapshot;
use crate::engine::{EngineError, Evaluation, Key, Keys, OwnedCell, Subjects};
use crate::project::Project;
use crate::value::{KeyMatch, folded};

/// The most columns shown to tell namesakes apart.
const MOST_COLUMNS: usize = 3;

/// The longest value, in characters, that tells namesakes apart at a glance.
const LONGEST: usize = 30;

/// The result of a search.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// The subject at this place, found by its key.
    Keyed(usize),
    /// The subject at this place, found by its name.
    One(usize),
    /// A subject that is not active.
    Inactive(Key),
    /// Several subjects with such a name: their places.
    Several(Vec<usize>),
    Nobody,
}

/// A subject that shares a name, with what distinguishes it from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namesake {
    pub key: String,
    pub label: String,
    /// Columns of the database in which they differ, each with its value.
    pub columns: Vec<(String, String)>,
}

/// Finds a subject by key, otherwise by a key that config's `match:` treats as equal, otherwise by label, otherwise by
/// a part of its label. Labels are compared as in sorting, ignoring case and accents.
pub fn find(evaluation: &Evaluation, matching: KeyMatch, wanted: &str) -> Found {
    let subjects = &evaluation.subjects;
    let key = match &subjects.keys {
        Keys::Integer(_) => wanted.trim().parse().ok().map(Key::Integer),
        Keys::Text(_) => Some(Key::Text(wanted.into())),
    };
    if let Some(key) = key {
        if let Some(place) = subjects.place(&key) {
            return Found::Keyed(place);
        }
        if evaluation.inactive.place(&key).is_some() {
            return Found::Inactive(key);
        }
    }
    let (same, inactive) = (
        same_keys(subjects, matching, wanted),
        same_keys(&evaluation.inactive, matching, wanted),
    );
    match (same.as_slice(), inactive.first()) {
        ([place], _) => return Found::Keyed(*place),
        ([], Some(place)) => {
            if let Some(key) = evaluation.inactive.key(*place) {
                return Found::Inactive(key);
            }
        }
        ([], None) => {}
        _ => return Found::Several(same),
    }
    let mut name = String::new();
    folded(wanted.trim(), &mut name);
    if name.is_empty() {
        return Found::Nobody;
    }
    let places = named(subjects, &name);
    match (
        places.as_slice(),
        named(&evaluation.inactive, &name).first(),
    ) {
        ([place], _) => Found::One(*place),
        ([], None) => Found::Nobody,
        ([], Some(place)) => match evaluation.inactive.key(*place) {
            Some(key) => Found::Inactive(key),
            None => Found::Nobody,
        },
        _ => Found::Several(places),
    }
}

/// Subjects whose keys are written differently and count as equal.
fn same_keys(subjects: &Subjects, matching: KeyMatch, wanted: &str) -> Vec<usize> {
    let Keys::Text(keys) = &subjects.keys else {
        return Vec::new();
    };
    let keys = keys.iter().enumerate();
    let same = keys.filter(|(_, key)| matching.is_same(key, wanted));
    same.map(|(place, _)| place).collect()
}

/// The subjects with the whole name or, if there are none, those whose name contains all its words, in any order.
fn named(subjects: &Subjects, name: &str) -> Vec<usize> {
    let mut label = String::new();
    let mut whole = Vec::new();
    let mut part = Vec::new();
    for place in 0..subjects.len() {
        folded(&subjects.label(place), &mut label);
        if label.trim() == name {
            whole.push(place);
        } else if name.split_whitespace().all(|word| label.contains(word)) {
            part.push(place);
        }
    }
    if whole.is_empty() { part } else { whole }
}

/// The columns that distinguish some subjects: columns of their table, except private ones and long values, those with
/// the most differences first.
///
/// # Errors
/// Their rows cannot be read.
pub fn namesakes(
    (project, evaluation): (&Project, &Evaluation),
    snapshot: &dyn Snapshot,
    places: &[usize],
) -> Result<Vec<Namesake>, EngineError> {
    let columns = telling(project);
    let (subject, subjects) = (&project.config.subject, &evaluation.subjects);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for place in places {
        let key = key_words(subjects, *place);
        let wanted = HashSet::from([key.as_str()]);
        let (table, key_column) = (&subject.table.value, &subject.key.value);
        let found = snapshot.rows_with(table, &columns, key_column, &wanted)?;
        let cells = found.into_iter().next().unwrap_or_default();
        let words = |cell: &OwnedCell| cell.lent().text().map(Cow::into_owned);
        let row =
            (0..columns.len()).map(|place| cells.get(place).and_then(words).unwrap_or_default());
        rows.push(row.collect());
    }
    let mut told: Vec<(usize, usize)> = (0..columns.len())
        .filter_map(|column| {
            let values = rows.iter().filter_map(|row| row.get(column));
            let is_long = values.clone().any(|value| value.chars().count() > LONGEST);
            let different: BTreeSet<&String> = values.collect();
            (different.len() > 1 && !is_long).then_some((different.len(), column))
        })
        .collect();
    // Stable: columns that distinguish equally many stay in order.
    told.sort_by_key(|(different, _)| Reverse(*different));
    told.truncate(MOST_COLUMNS);
    let namesake = |(place, row): (&usize, &Vec<String>)| {
        let told = told.iter().filter_map(|(_, column)| {
            let value = row.get(*column).filter(|value| !value.is_empty())?;
            Some(((*columns.get(*column)?).to_owned(), value.clone()))
        });
        Namesake {
            key: key_words(subjects, *place),
            label: subjects.label(*place),
            columns: told.collect(),
        }
    };
    Ok(places.iter().zip(&rows).map(namesake).collect())
}

fn key_words(subjects: &Subjects, place: usize) -> String {
    let key = subjects.key(place);
    key.map_or_else(String::new, |key| key.to_string())
}

/// The columns of the subject's own table that may distinguish namesakes: neither key nor label, and not private.
fn telling(project: &Project) -> Vec<&str> {
    let (config, catalog) = (&project.config.subject, &project.catalog);
    let entity = &catalog.subject;
    let is_shown = |name: &str| {
        let mut own = config.label.iter().chain([&config.key]);
        own.any(|own| own.value.eq_ignore_ascii_case(name))
    };
    let there = entity.columns.iter();
    let there = there.filter(|(_, state)| !matches!(state, ColumnState::Gone(_)));
    let names = there.map(|(name, _)| name.as_str());
    names
        .filter(|name| !is_shown(name) && !catalog.is_private(&entity.table, name))
        .collect()
}
