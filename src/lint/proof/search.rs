//! Searches whether statements can hold together for one subject.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::cells::{Cells, TermId};
use super::formula::Formula;
use super::steps::Steps;
use super::terms::Terms;

/// The parts in which terms can still lie. Terms not in the map can lie in all their possible parts.
type State = BTreeMap<TermId, Cells>;

/// The result of a statement at first sight.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sight {
    Holds,
    Excluded,
    Open,
}

/// The results of statements in one state, so that shared parts are examined once.
type Seen = HashMap<*const Formula, Sight>;

/// Searches for a way in which statements hold together.
pub struct Search<'a> {
    pub terms: &'a Terms,
    /// Pairs of counts of which the first never exceeds the second.
    pub at_most: &'a [(TermId, TermId)],
    /// The search gives up when these run out.
    pub steps: Steps,
}

impl Search<'_> {
    /// True if it is certain that the statements cannot hold together; false if they can, or if that was not found out.
    pub fn is_impossible(&mut self, statements: &[Rc<Formula>]) -> bool {
        self.refutes(State::new(), statements.to_vec(), Vec::new())
    }

    fn refutes(
        &mut self,
        mut state: State,
        mut open: Vec<Rc<Formula>>,
        mut choices: Vec<Rc<Formula>>,
    ) -> bool {
        // Both were copied for this call.
        if !self.steps.spend(state.len() + choices.len()) {
            return false;
        }
        loop {
            while let Some(next) = open.pop() {
                if !self.steps.spend(1) {
                    return false;
                }
                match &*next {
                    Formula::All(parts) => open.extend(parts.iter().cloned()),
                    Formula::Any(_) => choices.push(next),
                    Formula::Is(term, cells) => {
                        if !self.narrow(&mut state, *term, *cells) {
                            return true;
                        }
                    }
                }
            }
            if !self.settle_counts(&mut state) {
                return true;
            }
            let mut seen = Seen::new();
            let mut left = Vec::new();
            for choice in &choices {
                match self.sight(&state, choice, &mut seen) {
                    Sight::Holds => continue,
                    Sight::Excluded => return true,
                    Sight::Open => {}
                }
                match self.ways(&state, choice, &mut seen).as_slice() {
                    [only] => open.push(only.clone()),
                    ways => left.push(Rc::new(Formula::Any(ways.to_vec()))),
                }
            }
            choices = left;
            if open.is_empty() {
                break;
            }
        }
        let fewest = choices.iter().enumerate();
        let fewest = fewest.min_by_key(|(_, choice)| match &***choice {
            Formula::Any(ways) => ways.len(),
            _ => 0,
        });
        let Some((fewest, _)) = fewest else {
            return false;
        };
        let choice = choices.swap_remove(fewest);
        let ways = match &*choice {
            Formula::Any(ways) => ways.as_slice(),
            _ => &[],
        };
        let mut ways = ways.iter();
        ways.all(|way| self.refutes(state.clone(), vec![way.clone()], choices.clone()))
    }

    fn cells(&self, state: &State, term: TermId) -> Cells {
        let known = state.get(&term).copied();
        known.unwrap_or_else(|| self.terms.possible(term))
    }

    /// Restricts a term to some parts. False if nothing is left.
    fn narrow(&self, state: &mut State, term: TermId, cells: Cells) -> bool {
        let left = self.cells(state, term).and(cells);
        state.insert(term, left);
        !left.is_empty()
    }

    /// Applies that counts of fewer rows never exceed counts of more rows. False if nothing is left.
    fn settle_counts(&mut self, state: &mut State) -> bool {
        for (fewer, more) in self.at_most {
            if !self.steps.spend(2) {
                return true;
            }
            if !state.contains_key(fewer) && !state.contains_key(more) {
                continue;
            }
            let points = (self.terms.points_of(*fewer), self.terms.points_of(*more));
            let (Some(of_fewer), Some(of_more)) = points else {
                continue;
            };
            let [least, _] = of_fewer.whole_span(self.cells(state, *fewer));
            let beyond = of_more.beyond(least, f64::INFINITY);
            let left = self.cells(state, *more).without(beyond);
            let [_, most] = of_more.whole_span(left);
            let beyond = of_fewer.beyond(f64::NEG_INFINITY, most);
            let fewer_left = self.cells(state, *fewer).without(beyond);
            if !self.narrow(state, *more, left) || !self.narrow(state, *fewer, fewer_left) {
                return false;
            }
        }
        true
    }

    fn sight(&mut self, state: &State, formula: &Rc<Formula>, seen: &mut Seen) -> Sight {
        if !self.steps.spend(1) {
            return Sight::Open;
        }
        // The result that decides at once, and the result if no part gives it.
        let (parts, decisive, otherwise) = match &**formula {
            Formula::Is(term, cells) => {
                let known = self.cells(state, *term);
                return match () {
                    () if known.and(*cells).is_empty() => Sight::Excluded,
                    () if known.within(*cells) => Sight::Holds,
                    () => Sight::Open,
                };
            }
            Formula::All(parts) => (parts, Sight::Excluded, Sight::Holds),
            Formula::Any(parts) => (parts, Sight::Holds, Sight::Excluded),
        };
        if let Some(known) = seen.get(&Rc::as_ptr(formula)) {
            return *known;
        }
        let mut found = otherwise;
        for part in parts {
            match self.sight(state, part, seen) {
                sight if sight == decisive => {
                    found = decisive;
                    break;
                }
                Sight::Open => found = Sight::Open,
                _ => {}
            }
        }
        seen.insert(Rc::as_ptr(formula), found);
        found
    }

    /// The ways in which a choice can still be met.
    fn ways(&mut self, state: &State, choice: &Formula, seen: &mut Seen) -> Vec<Rc<Formula>> {
        let Formula::Any(parts) = choice else {
            return Vec::new();
        };
        let parts = parts.iter();
        let left = parts.filter(|part| self.sight(state, part, seen) != Sight::Excluded);
        left.cloned().collect()
    }
}
