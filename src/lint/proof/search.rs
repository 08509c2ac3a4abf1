//! Whether statements can hold of one subject together.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::cells::{Cells, TermId};
use super::formula::Formula;
use super::terms::Terms;

/// In which parts terms still can lie; those that are not in it in all that are possible.
type State = BTreeMap<TermId, Cells>;

/// Looks for a way in which statements hold together.
pub struct Search<'a> {
    pub terms: &'a Terms,
    /// Counts of which the first is never above the second.
    pub at_most: &'a [(TermId, TermId)],
    /// So many statements are looked at before it gives up.
    pub steps: &'a mut u64,
}

impl Search<'_> {
    /// True where it is certain that they cannot; false where they can, or where that was not found out.
    pub fn is_impossible(&mut self, statements: &[Rc<Formula>]) -> bool {
        self.refutes(State::new(), statements.to_vec(), Vec::new())
    }

    fn refutes(
        &mut self,
        mut state: State,
        mut open: Vec<Rc<Formula>>,
        mut choices: Vec<Rc<Formula>>,
    ) -> bool {
        loop {
            while let Some(next) = open.pop() {
                let Some(left) = self.steps.checked_sub(1) else {
                    return false;
                };
                *self.steps = left;
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
            let mut left = Vec::new();
            for choice in choices {
                if self.follows(&state, &choice) {
                    continue;
                }
                match self.ways(&state, &choice).as_slice() {
                    [] => return true,
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

    /// False where nothing is left.
    fn narrow(&self, state: &mut State, term: TermId, cells: Cells) -> bool {
        let left = self.cells(state, term).and(cells);
        state.insert(term, left);
        !left.is_empty()
    }

    /// Counts of fewer rows are never above those of more. False where nothing is left.
    fn settle_counts(&self, state: &mut State) -> bool {
        for (fewer, more) in self.at_most {
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

    /// Whether a statement is certain already.
    fn follows(&self, state: &State, formula: &Formula) -> bool {
        match formula {
            Formula::Is(term, cells) => self.cells(state, *term).within(*cells),
            Formula::All(parts) => parts.iter().all(|part| self.follows(state, part)),
            Formula::Any(parts) => parts.iter().any(|part| self.follows(state, part)),
        }
    }

    /// Whether a statement is excluded already, at first sight.
    fn is_excluded(&self, state: &State, formula: &Formula) -> bool {
        match formula {
            Formula::Is(term, cells) => self.cells(state, *term).and(*cells).is_empty(),
            Formula::All(parts) => parts.iter().any(|part| self.is_excluded(state, part)),
            Formula::Any(parts) => parts.iter().all(|part| self.is_excluded(state, part)),
        }
    }

    /// The ways in which a choice can still be met.
    fn ways(&self, state: &State, choice: &Formula) -> Vec<Rc<Formula>> {
        let Formula::Any(parts) = choice else {
            return Vec::new();
        };
        let parts = parts.iter();
        let left = parts.filter(|part| !self.is_excluded(state, part));
        left.cloned().collect()
    }
}
