//! Runs that are published only if they do what a plan says.

use std::collections::{BTreeMap, BTreeSet};

use super::attempt::{Attempt, Compared};
use crate::config::marks;
use crate::engine::{Evaluation, Key};
use crate::store::Direction;
use crate::value::Share;

/// A subject moved by the rules: the segment's id, the key's text, the direction.
type Move = (String, String, bool);

/// The movements expected of changed rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expected {
    /// The published run that the plan is based on.
    run: i64,
    /// The tolerance: how far the run's movers may differ, as a share of the planned movers.
    within: Share,
    moves: BTreeSet<Move>,
}

/// A run compared with the plan that it has to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsPlanned {
    /// The number of planned movements by the rules.
    pub planned: usize,
    /// The actual number.
    pub now: usize,
    /// The number of movements that only one of the two has.
    pub differ: usize,
}

/// The message that a plan is based on another run than the last published one, without its subject.
pub fn overtaken(run: i64, newest: i64) -> String {
    format!("is based on run {run}, but run {newest} has been published since: plan again")
}

impl Expected {
    /// An expectation without movements.
    pub fn new(run: i64, within: Share) -> Self {
        Self {
            run,
            within,
            moves: BTreeSet::new(),
        }
    }

    /// Adds an expected movement, by the segment's id and the key's text.
    pub fn moves(&mut self, segment: &str, key: &str, direction: Direction) {
        let entered = direction == Direction::Entered;
        self.moves
            .insert((segment.to_owned(), key.to_owned(), entered));
    }

    /// Compares the movements by the rules with the plan.
    ///
    /// # Errors
    /// Why nothing may be published.
    pub(super) fn check(
        &self,
        attempt: &Attempt<'_>,
        evaluation: &Evaluation,
        compared: &Compared,
    ) -> Result<AsPlanned, String> {
        let newest = compared.previous.run.as_ref();
        if let Some(newest) = newest.filter(|newest| newest.id != self.run) {
            return Err(format!("the plan {}", overtaken(self.run, newest.id)));
        }
        if attempt.by_rules.is_none() {
            return Err(attempt.rules_unknown.clone().unwrap_or_else(|| {
                format!(
                    "the rules of run {} are not known, so nobody can tell whom the edits move",
                    self.run
                )
            }));
        }
        self.each_has_an_answer(attempt, evaluation)?;
        let now = moves(attempt, evaluation, compared);
        let found = AsPlanned {
            planned: self.moves.len(),
            now: now.len(),
            differ: self.moves.symmetric_difference(&now).count(),
        };
        let [differ, planned] = [found.differ, found.planned].map(|count| count as u64);
        match self.within.is_exceeded_by(differ, planned) {
            false => Ok(found),
            true => Err(self.words(attempt, &now, found)),
        }
    }

    /// A movement caused by missing data must not count as caused by an edit.
    fn each_has_an_answer(
        &self,
        attempt: &Attempt<'_>,
        evaluation: &Evaluation,
    ) -> Result<(), String> {
        let segments = attempt.project.ir.segments.zip(&evaluation.segments);
        for (segment, found) in segments {
            if let Err(stale) = found
                && self.moves.iter().any(|(id, ..)| *id == segment.id)
            {
                let (id, reason) = (&segment.id, &stale.reason);
                return Err(format!("`{id}` of the plan has no result now: {reason}"));
            }
        }
        Ok(())
    }

    fn words(&self, attempt: &Attempt<'_>, now: &BTreeSet<Move>, found: AsPlanned) -> String {
        let marks = marks(attempt.project.config.locale);
        let mut segments: BTreeMap<&str, usize> = BTreeMap::new();
        for (segment, ..) in self.moves.symmetric_difference(now) {
            *segments.entry(segment).or_default() += 1;
        }
        let mut segments: Vec<(&str, usize)> = segments.into_iter().collect();
        segments.sort_by_key(|(_, differ)| std::cmp::Reverse(*differ));
        let most = segments.iter().take(3);
        let most = most.map(|(segment, differ)| format!("`{segment}` {}", marks.whole(*differ)));
        format!(
            "the edits do not make the planned movements: {} now, {} in the plan, {} in only one of the two (`--within` allows \
             {}%), most in {}; plan again",
            marks.counted(found.now, "movement"),
            marks.whole(found.planned),
            marks.whole(found.differ),
            marks.grouped(&self.within.in_percent()),
            most.collect::<Vec<_>>().join(", "),
        )
    }
}

/// The subjects moved by the rules now, leaving out movements by data since.
fn moves(attempt: &Attempt<'_>, evaluation: &Evaluation, compared: &Compared) -> BTreeSet<Move> {
    let subjects = &evaluation.subjects;
    let before = attempt.by_rules.iter().flat_map(|rules| rules.segments());
    let mut before: BTreeMap<&str, &[Key]> = before.collect();
    let stored = |id: &str| {
        let mut stored = compared.previous.segments.iter();
        stored.any(|stored| stored.segment.id == id)
    };
    let mut found = BTreeSet::new();
    let segments = attempt.project.ir.segments.zip(&evaluation.segments);
    for (segment, members) in segments {
        let earlier = before.remove(segment.id.as_str());
        let (Ok(members), Some(earlier)) = (
            members,
            earlier.or_else(|| (!stored(&segment.id)).then_some(&[][..])),
        ) else {
            continue;
        };
        let now = members
            .iter()
            .filter_map(|place| subjects.key(*place as usize));
        let now: Vec<Key> = now.collect();
        let mut add = |these: &[Key], those: &[Key], entered: bool| {
            let only = these.iter().filter(|key| those.binary_search(key).is_err());
            found.extend(only.map(|key| (segment.id.clone(), key.to_string(), entered)));
        };
        add(&now, earlier, true);
        add(earlier, &now, false);
    }
    for (id, members) in before {
        if attempt
            .project
            .ir
            .segments
            .iter()
            .all(|segment| segment.id != id)
        {
            found.extend(
                members
                    .iter()
                    .map(|key| (id.to_owned(), key.to_string(), false)),
            );
        }
    }
    found
}
