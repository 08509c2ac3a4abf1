//! Statements about one subject.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use super::cells::{Cells, TermId};
use super::steps::Steps;

/// A statement about one subject.
#[derive(Debug)]
pub enum Formula {
    /// All of them hold; true if there are none.
    All(Vec<Rc<Formula>>),
    /// At least one of them holds; false if there are none.
    Any(Vec<Rc<Formula>>),
    /// A term lies in one of these parts.
    Is(TermId, Cells),
}

/// A statement that is always true, or never.
pub fn constant(holds: bool) -> Rc<Formula> {
    if holds { all([]) } else { any([]) }
}

/// The conjunction of the parts. Parts that are conjunctions themselves are flattened.
pub fn all(parts: impl IntoIterator<Item = Rc<Formula>>) -> Rc<Formula> {
    let mut flat = Vec::new();
    for part in parts {
        match &*part {
            Formula::All(inner) => flat.extend(inner.iter().cloned()),
            Formula::Any(inner) if inner.is_empty() => return part,
            _ => flat.push(part),
        }
    }
    match flat.len() {
        1 => flat.swap_remove(0),
        _ => Rc::new(Formula::All(flat)),
    }
}

/// The disjunction of the parts. Parts about the same term are merged.
pub fn any(parts: impl IntoIterator<Item = Rc<Formula>>) -> Rc<Formula> {
    let mut flat: Vec<Rc<Formula>> = Vec::new();
    for part in parts {
        match &*part {
            Formula::Any(inner) => flat.extend(inner.iter().cloned()),
            Formula::All(inner) if inner.is_empty() => return part,
            _ => flat.push(part),
        }
    }
    let mut of_terms: BTreeMap<TermId, Cells> = BTreeMap::new();
    flat.retain(|part| match **part {
        Formula::Is(term, cells) => {
            let known = of_terms.entry(term).or_insert(Cells::NONE);
            *known = known.or(cells);
            false
        }
        _ => true,
    });
    let of_terms = of_terms.into_iter();
    flat.extend(of_terms.map(|(term, cells)| Rc::new(Formula::Is(term, cells))));
    match flat.len() {
        1 => flat.swap_remove(0),
        _ => Rc::new(Formula::Any(flat)),
    }
}

/// The terms that statements are about; empty if the steps run out.
pub fn terms(statements: &[Rc<Formula>], steps: &mut Steps) -> BTreeSet<TermId> {
    let mut found = BTreeSet::new();
    let mut seen: HashSet<*const Formula> = HashSet::new();
    let mut open: Vec<&Rc<Formula>> = statements.iter().collect();
    while let Some(next) = open.pop() {
        if !steps.spend(1) {
            return BTreeSet::new();
        }
        match &**next {
            Formula::Is(term, _) => drop(found.insert(*term)),
            Formula::All(parts) | Formula::Any(parts) => {
                if seen.insert(Rc::as_ptr(next)) {
                    open.extend(parts);
                }
            }
        }
    }
    found
}
