//! Whom people mean by a key or a name.

use std::cmp::Reverse;

use super::figures::{Style, shown};
use crate::engine::{Column, Evaluation, Key, Keys, Subjects};
use crate::ir::Op;
use crate::project::Project;
use crate::value::{Value, folded};

/// So many columns tell namesakes apart at most.
const MOST_COLUMNS: usize = 3;

/// Who is meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// The subject at this place, by its key.
    Keyed(usize),
    /// The subject at this place, by its name.
    One(usize),
    /// Somebody who is not active.
    Inactive(Key),
    /// All of these have such a name: their places.
    Several(Vec<usize>),
    Nobody,
}

/// Somebody who shares a name, with what tells them from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namesake {
    pub key: String,
    pub label: String,
    /// Columns of the database in which they differ, each with its value.
    pub columns: Vec<(String, String)>,
}

/// Finds a subject by key, else by label, else by a part of its label; labels are compared as they are sorted,
/// whatever case and accents.
pub fn find(evaluation: &Evaluation, wanted: &str) -> Found {
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

/// Those who have the whole name; where nobody has, those whose name it is a part of.
fn named(subjects: &Subjects, name: &str) -> Vec<usize> {
    let mut label = String::new();
    let mut whole = Vec::new();
    let mut part = Vec::new();
    for place in 0..subjects.len() {
        folded(&subjects.label(place), &mut label);
        if label.trim() == name {
            whole.push(place);
        } else if label.contains(name) {
            part.push(place);
        }
    }
    if whole.is_empty() { part } else { whole }
}

/// What tells some subjects apart: the columns that rules read of the subject, those first in which most differ.
pub fn namesakes(project: &Project, evaluation: &Evaluation, places: &[usize]) -> Vec<Namesake> {
    let mut columns = told_apart(project, evaluation, places);
    columns.truncate(MOST_COLUMNS);
    let zone = evaluation.clock.zone;
    let told = |place: &usize| {
        let values = columns.iter().filter_map(|(name, column)| {
            let value = column.value(*place);
            let told = value != Value::Missing;
            told.then(|| (name.clone(), shown(&value, Style::Plain, zone)))
        });
        Namesake {
            key: key_words(&evaluation.subjects, *place),
            label: evaluation.subjects.label(*place),
            columns: values.collect(),
        }
    };
    places.iter().map(told).collect()
}

fn key_words(subjects: &Subjects, place: usize) -> String {
    let key = subjects.key(place);
    key.map_or_else(String::new, |key| key.to_string())
}

/// Columns of the subject's own table in which these differ, those with the most different values first.
fn told_apart<'e>(
    project: &Project,
    evaluation: &'e Evaluation,
    places: &[usize],
) -> Vec<(String, &'e Column)> {
    let subject = &project.ir.subject;
    let mut found = Vec::new();
    for (id, node) in project.ir.program.nodes.iter_enumerated() {
        let Op::Input(input) = &node.op else {
            continue;
        };
        let Some(input) = subject.inputs.get(*input).filter(|i| i.lookup.is_none()) else {
            continue;
        };
        let Some(Ok(column)) = evaluation.kept.get(&id) else {
            continue;
        };
        let mut values: Vec<Value> = Vec::new();
        for place in places {
            let value = column.value(*place);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if values.len() > 1 {
            found.push((values.len(), input.column.clone(), column));
        }
    }
    // Stable: columns that tell as many apart stay in the order of the rules.
    found.sort_by_key(|(different, ..)| Reverse(*different));
    let found = found.into_iter();
    found.map(|(_, name, column)| (name, column)).collect()
}
