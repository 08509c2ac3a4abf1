//! Which answers of which conditions no test covers.
//!
//! A condition is a part of a rule that can be answered with yes or no. A condition made of others must be answered yes
//! and no; one that is not must also be answered unknown, unless that is proved impossible. An answer counts only in a
//! test that asserts a segment depending on it: a crowd alone covers nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::TestError;
use super::bench::{Bench, Case};
use crate::engine::{Evaluation, Keep};
use crate::ir::{Ir, Request};
use crate::language::ast::ExprId;
use crate::language::typed::{Comparison, Kind, Typed};
use crate::language::without_comments;
use crate::project::Project;
use crate::rules::SegmentId;
use crate::value::{Share, Truth, Type, Value};

/// How much of the conditions the tests cover.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Coverage {
    /// The number of covered answers.
    pub covered: usize,
    /// The number of possible answers.
    pub possible: usize,
    /// The answers not covered, in file order.
    pub gaps: Vec<Gap>,
}

/// An answer that no test covers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gap {
    /// The location of the condition, as `rules/a.yaml:12`; empty if it was generated.
    pub place: String,
    /// The condition as written.
    pub condition: String,
    /// The answer.
    pub answer: Answer,
    /// Why it is not covered.
    pub reason: String,
    /// A person who would cover it.
    pub suggestion: String,
}

/// An answer to a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// A value is missing, and the answer depends on it.
    Unknown,
}

impl Answer {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

impl Coverage {
    /// Whether the covered share is at least `least`.
    pub fn reaches(&self, least: Share) -> bool {
        least.is_reached_by(self.covered as u64, self.possible as u64)
    }
}

/// A condition, and the segments that depend on it.
struct Condition<'p> {
    typed: &'p Typed,
    /// Its possible answers.
    possible: Vec<Answer>,
    /// The segments that depend on it; all of them if it decides who takes part.
    segments: Decides,
    seen: BTreeSet<Answer>,
    /// The number of tests that evaluate it.
    asked: usize,
}

#[derive(Debug, Clone)]
enum Decides {
    All,
    These(BTreeSet<SegmentId>),
}

/// Computes the coverage from the evaluation of each situation.
pub(super) fn coverage(
    project: &Project,
    bench: &Bench<'_>,
    evaluations: &[Evaluation],
) -> Result<Coverage, TestError> {
    let mut conditions = Conditions {
        project,
        by_id: BTreeMap::new(),
    };
    for (id, condition) in project.checked.segments.iter_enumerated() {
        let segments = Decides::These(BTreeSet::from([id]));
        condition
            .iter()
            .for_each(|one| conditions.add(one, &segments));
    }
    for (ladder, among) in project.rules.ladders.zip(&project.checked.among) {
        let segments = Decides::These(ladder.rungs.iter().copied().collect());
        among.iter().for_each(|one| conditions.add(one, &segments));
    }
    for case in bench.cases.iter().filter(|case| case.test.active) {
        if let Some(evaluation) = evaluations.get(case.situation) {
            conditions.see(&project.ir, evaluation, case);
        }
    }
    if let Some(active) = &project.checked.active {
        // An evaluation otherwise omits those who are not active.
        let mut request = Request::outputs().of_everyone();
        request.ask(active);
        let ir = project.lower(&request);
        let mut of_active = Conditions {
            project,
            by_id: BTreeMap::new(),
        };
        of_active.add(active, &Decides::All);
        let everyone = bench
            .situations
            .iter()
            .map(|one| one.evaluate(&ir, Keep::Everything));
        let everyone: Vec<Evaluation> = everyone.collect::<Result<_, _>>()?;
        for case in &bench.cases {
            if let Some(evaluation) = everyone.get(case.situation) {
                of_active.see(&ir, evaluation, case);
            }
        }
        for (id, condition) in of_active.by_id {
            conditions.by_id.entry(id).or_insert(condition);
        }
    }
    Ok(conditions.told())
}

struct Conditions<'p> {
    project: &'p Project,
    by_id: BTreeMap<ExprId, Condition<'p>>,
}

impl<'p> Conditions<'p> {
    /// Adds a condition and its parts. A name that refers to a condition counts as that condition.
    fn add(&mut self, typed: &'p Typed, segments: &Decides) {
        let parts: &[Typed] = match &typed.kind {
            Kind::Not(inner) => return self.add(inner, segments),
            Kind::Metric(name) if typed.ty == Type::Truth => {
                let definition = self.project.metric(name);
                return definition.map_or((), |definition| self.add(definition, segments));
            }
            Kind::Constant(_) | Kind::Gone(_) => return,
            Kind::And(parts) | Kind::Or(parts) => parts,
            _ => &[],
        };
        let mut possible = vec![Answer::Yes, Answer::No];
        if parts.is_empty() && self.project.may_be_missing(typed) {
            possible.push(Answer::Unknown);
        }
        if let Some(id) = typed.id {
            let known = self.by_id.entry(id).or_insert_with(|| Condition {
                typed,
                possible,
                segments: segments.clone(),
                seen: BTreeSet::new(),
                asked: 0,
            });
            known.segments.add(segments);
        }
        parts.iter().for_each(|part| self.add(part, segments));
    }

    /// Records the answers of a test's person.
    fn see(&mut self, ir: &Ir, evaluation: &Evaluation, case: &Case<'_>) {
        let Some(place) = evaluation.subjects.place(&case.key) else {
            return;
        };
        for (id, condition) in &mut self.by_id {
            let column = ir.node_of(*id).and_then(|node| evaluation.kept.get(&node));
            let Some(Ok(column)) = column.filter(|_| condition.segments.include(case)) else {
                continue;
            };
            condition.asked += 1;
            condition.seen.insert(match column.value(place) {
                Value::Truth(Truth::Yes) => Answer::Yes,
                Value::Truth(Truth::No) => Answer::No,
                _ => Answer::Unknown,
            });
        }
    }

    fn told(&self) -> Coverage {
        let mut coverage = Coverage::default();
        let mut gaps = Vec::new();
        for (id, condition) in &self.by_id {
            coverage.possible += condition.possible.len();
            let missed = condition.possible.iter();
            let missed: Vec<Answer> = missed
                .copied()
                .filter(|answer| !condition.seen.contains(answer))
                .collect();
            coverage.covered += condition.possible.len() - missed.len();
            let at = self.project.location_of(*id);
            gaps.extend(missed.into_iter().map(|answer| {
                let place = at.map_or_else(String::new, |at| self.project.sources.place(at));
                (at, self.gap(place, condition, answer))
            }));
        }
        gaps.sort_by_key(|(at, gap)| (*at, gap.answer));
        coverage.gaps = gaps.into_iter().map(|(_, gap)| gap).collect();
        coverage
    }

    fn gap(&self, place: String, condition: &Condition<'_>, answer: Answer) -> Gap {
        Gap {
            place,
            condition: self.words(condition.typed),
            answer,
            reason: self.reason(condition),
            suggestion: self.suggestion(condition.typed, answer),
        }
    }

    fn reason(&self, condition: &Condition<'_>) -> String {
        let seen: Vec<&str> = condition.seen.iter().map(|answer| answer.word()).collect();
        if condition.asked > 0 {
            let tests = match condition.asked {
                1 => "the one test that asks it has".to_owned(),
                asked => format!("the {asked} tests that ask it have"),
            };
            return format!("{tests} {}", seen.join(" and "));
        }
        match &condition.segments {
            Decides::All => "no test asks it".to_owned(),
            Decides::These(ids) => {
                let rules = &self.project.rules.segments;
                let ids = ids.iter().filter_map(|id| rules.get(*id));
                let ids: Vec<String> = ids.map(|rule| format!("`{}`", rule.id.value)).collect();
                format!("no test says anything of {}", ids.join(" or "))
            }
        }
    }

    /// A person who would give an answer.
    fn suggestion(&self, typed: &Typed, answer: Answer) -> String {
        let words = self.words(typed);
        match (answer, &typed.kind) {
            (Answer::Unknown, Kind::Population(population)) if population.scope.is_some() => {
                let scope = population
                    .scope
                    .and_then(|id| self.project.catalog.scopes.get(id));
                let scope = scope.map_or("", |(name, _)| name);
                format!("somebody whose `{scope}` is missing")
            }
            (Answer::Unknown, _) => {
                let mut operands = typed.operands().into_iter();
                let missing = operands.find(|operand| self.project.may_be_missing(operand));
                let missing = missing.map_or(words, |operand| self.words(operand));
                format!("somebody for whom `{missing}` is missing")
            }
            (_, Kind::Compare(comparison, a, b)) => {
                let relation = relation(*comparison, answer == Answer::Yes);
                let (a, b) = (self.words(a), self.words(b));
                format!("somebody whose `{a}` is {relation} `{b}`")
            }
            (Answer::Yes, _) => format!("somebody for whom `{words}` holds"),
            (Answer::No, _) => format!("somebody for whom `{words}` does not hold"),
        }
    }

    fn words(&self, typed: &Typed) -> String {
        without_comments(self.project.checked.source_map.words(typed.span))
    }
}

impl Decides {
    fn add(&mut self, others: &Self) {
        match (self, others) {
            (Self::These(own), Self::These(others)) => own.extend(others),
            (own, _) => *own = Self::All,
        }
    }

    /// Whether a test asserts something that depends on it.
    fn include(&self, case: &Case<'_>) -> bool {
        match self {
            Self::All => true,
            Self::These(ids) => {
                let mut named = case.within.iter().chain(&case.outside);
                named.any(|id| ids.contains(id))
            }
        }
    }
}

/// A comparison, or its opposite, in words.
fn relation(comparison: Comparison, holds: bool) -> &'static str {
    match (comparison, holds) {
        (Comparison::Equal, true) | (Comparison::NotEqual, false) => "equal to",
        (Comparison::NotEqual, true) | (Comparison::Equal, false) => "other than",
        (Comparison::Less, true) | (Comparison::GreaterOrEqual, false) => "less than",
        (Comparison::LessOrEqual, true) | (Comparison::Greater, false) => "at most",
        (Comparison::Greater, true) | (Comparison::LessOrEqual, false) => "more than",
        (Comparison::GreaterOrEqual, true) | (Comparison::Less, false) => "at least",
    }
}
