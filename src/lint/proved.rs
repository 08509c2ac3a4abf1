//! Proofs about the segments' conditions: the lints that use the prover.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::clauses::{Clause, Joined};
use super::proof::{Answers, Effort, Formula, Prover, Topic, by_itself};
use super::{Compiled, wording};
use crate::diagnostic::{Code, Finding};
use crate::ir::NodeId;
use crate::language::ast::ExprId;
use crate::language::typed::{Kind, Typed};
use crate::rules::{Segment, SegmentId};
use crate::source::Location;

/// Conflicts of more clauses than this are not listed.
const TOGETHER: usize = 3;

/// What is proved of the segments, and so need not be looked for among people.
#[derive(Debug, Clone, Default)]
pub(super) struct Proved {
    /// Segments that hold nobody or everybody: nothing else about them is worth reporting.
    pub(super) settled: BTreeSet<SegmentId>,
    /// Clauses that never decide.
    pub(super) dead: BTreeSet<ExprId>,
    /// Pairs of segments of which the first is part of the second.
    pub(super) parts: BTreeSet<(SegmentId, SegmentId)>,
}

struct Proofs<'c, 'a> {
    compiled: &'c Compiled<'a>,
    prover: Prover<'a>,
    proved: Proved,
}

/// Proves which segments nobody or everybody is in, which are part of another or the same, and which clauses never decide. Returns what is proved,
/// and the findings about it.
pub(super) fn prove(compiled: &Compiled<'_>, effort: Effort) -> (Proved, Vec<Finding>) {
    let mut proofs = Proofs {
        compiled,
        prover: Prover::new(compiled.ir, compiled.rules, effort),
        proved: Proved::default(),
    };
    let ids: Vec<SegmentId> = compiled.ir.segments.ids().collect();
    let mut found: Vec<Finding> = Vec::new();
    for id in &ids {
        found.extend(proofs.never_or_always(*id));
    }
    for id in &ids {
        if !proofs.proved.settled.contains(id) {
            found.extend(proofs.dead_clauses(*id));
        }
    }
    found.extend(proofs.inside());
    (proofs.proved, found)
}

impl<'a> Proofs<'_, 'a> {
    fn segment(&self, id: SegmentId) -> Option<(&'a Segment, NodeId)> {
        let node = self.compiled.ir.segments.get(id)?.node;
        Some((self.compiled.rules.segments.get(id)?, node))
    }

    fn condition(&self, id: SegmentId) -> Option<&'a Typed> {
        self.compiled.checked.segments.get(id)?.as_ref()
    }

    /// Whether it is certain that nodes never give these answers for one subject.
    fn never(&mut self, answers: impl IntoIterator<Item = (NodeId, Answers)>) -> bool {
        let answers = answers.into_iter();
        let statements: Vec<Rc<Formula>> = answers
            .map(|(node, wanted)| self.prover.answers(node, wanted))
            .collect();
        self.prover.are_impossible(&statements)
    }

    fn never_or_always(&mut self, id: SegmentId) -> Option<Finding> {
        let (segment, node) = self.segment(id)?;
        let (name, who) = (&segment.id.value, &self.compiled.config.subject.name.value);
        // An author who writes `yes` or `no` knows this.
        let is_said = |condition: &Typed| matches!(condition.kind, Kind::Constant(_));
        let is_said = self.condition(id).is_some_and(is_said);
        if self.never([(node, Answers::YES)]) {
            self.proved.settled.insert(id);
            let is_told = !is_said || segment.ladder.is_some();
            return is_told.then(|| self.never_true(id, segment, node));
        }
        let condition = self.condition(id)?;
        if !self.never([(node, Answers::NOT_YES)]) {
            return None;
        }
        self.proved.settled.insert(id);
        if is_said {
            return None;
        }
        let message = format!("every {who} is in `{name}`, whatever the data");
        let finding =
            Finding::new(Code::AlwaysTrue, message).at(self.compiled.place(condition, segment));
        Some(finding.help("where that is meant, write `when: yes`"))
    }

    fn never_true(&mut self, id: SegmentId, segment: &Segment, node: NodeId) -> Finding {
        let (name, who) = (&segment.id.value, &self.compiled.config.subject.name.value);
        let (asked, taken) = by_itself(self.compiled.ir, node);
        let by_itself = asked.iter().map(|node| (*node, Answers::YES));
        let ladder = segment
            .ladder
            .and_then(|l| self.compiled.rules.ladders.get(l));
        let is_below = ladder.is_some_and(|ladder| ladder.rungs.first() != Some(&id));
        let is_possible = is_below && !self.never(by_itself.collect::<Vec<_>>());
        if taken.is_some() && is_possible {
            let message = format!(
                "no {who} can reach the rung `{name}`: the rungs above already take everyone who would qualify"
            );
            return Finding::new(Code::NeverTrue, message)
                .at(segment.id.location)
                .help("put it further up, or take it out");
        }
        let message = format!("no {who} can ever be in `{name}`, whatever the data");
        let finding = Finding::new(Code::NeverTrue, message);
        let Some(condition) = self.condition(id) else {
            return finding.at(segment.id.location);
        };
        let clauses = self.conflicting(condition);
        match clauses.split_last() {
            Some((last, others)) if !others.is_empty() && clauses.len() <= TOGETHER => {
                let places = others.iter().map(|part| self.compiled.place(part, segment));
                let places: Vec<Location> = places.collect();
                let others = others.iter().map(|part| self.compiled.words(part));
                let others: Vec<String> = others.map(|words| format!("`{words}`")).collect();
                let label = format!("never together with {}", others.join(" and "));
                let finding = places
                    .into_iter()
                    .fold(finding, |finding, place| finding.related(place, "this one"));
                finding
                    .at(self.compiled.place(last, segment))
                    .label(label)
                    .help("correct one of them; where either is meant, write `or`")
            }
            _ => {
                let place = clauses.last().copied().unwrap_or(condition);
                finding
                    .at(self.compiled.place(place, segment))
                    .help("correct the condition, or take the segment out")
            }
        }
    }

    /// The clauses of an `and` that exclude each other: without any one of them the rest could hold.
    fn conflicting(&mut self, condition: &'a Typed) -> Vec<&'a Typed> {
        let mut flat = vec![condition];
        while let Some(at) = flat.iter().position(|t| matches!(t.kind, Kind::And(_))) {
            let Kind::And(parts) = &flat.remove(at).kind else {
                break;
            };
            for (offset, part) in parts.iter().enumerate() {
                flat.insert(at + offset, part);
            }
        }
        let node = |part: &Typed| self.compiled.ir.node_of(part.id?);
        let mut clauses: Vec<(&Typed, NodeId)> = flat
            .into_iter()
            .filter_map(|part| Some((part, node(part)?)))
            .collect();
        let mut at = 0;
        while at < clauses.len() {
            let kept = clauses.iter().enumerate().filter(|(index, _)| *index != at);
            let without: Vec<_> = kept.map(|(_, (_, node))| (*node, Answers::YES)).collect();
            match self.never(without) {
                true => drop(clauses.remove(at)),
                false => at += 1,
            }
        }
        clauses.into_iter().map(|(part, _)| part).collect()
    }

    /// Clauses that can be left out; each is tested with those found before it already left out.
    fn dead_clauses(&mut self, id: SegmentId) -> Vec<Finding> {
        let segment = self.segment(id).filter(|_| !self.prover.is_exhausted());
        let Some((segment, _)) = segment else {
            return Vec::new();
        };
        let compiled = self.compiled;
        let among = segment.ladder.and_then(|ladder| {
            let among = compiled.checked.among.get(ladder)?.as_ref()?;
            Some((compiled.ir.node_of(among.id?)?, Answers::YES))
        });
        let clauses = compiled.clauses(id);
        let mut dead: Vec<&Clause<'_>> = Vec::new();
        let mut left_out: Vec<ExprId> = Vec::new();
        // Clauses that have lost a part, so that their nodes say more than what is left of them.
        let mut changed: BTreeSet<ExprId> = BTreeSet::new();
        // Of two clauses that say the same, the later one is redundant.
        for clause in clauses.iter().rev() {
            let others = clause.decides_with.iter();
            if others.clone().any(|(id, ..)| changed.contains(id)) {
                continue;
            }
            let others = others
                .filter(|(id, ..)| !left_out.contains(id))
                .map(|(_, node, answers)| (*node, *answers));
            let decisive = (clause.node, clause.joined.decisive());
            let all: Vec<_> = others.chain(among).chain([decisive]).collect();
            if self.never(all) {
                left_out.push(clause.id);
                changed.extend(&clause.inside);
                dead.push(clause);
            }
        }
        self.proved.dead.extend(&left_out);
        let outermost = dead
            .iter()
            .filter(|clause| !clause.inside.iter().any(|id| left_out.contains(id)));
        outermost
            .map(|clause| self.dead_clause(clause, segment))
            .collect()
    }

    fn dead_clause(&mut self, clause: &Clause<'_>, segment: &Segment) -> Finding {
        let words = self.compiled.words(clause.typed);
        let (why, help) = match clause.joined {
            Joined::And => (
                "wherever the rest holds, it holds too",
                "leave it out, or correct what was meant to exclude somebody",
            ),
            Joined::Or if self.never([(clause.node, Answers::YES)]) => (
                "it never holds",
                "leave it out, or correct what was meant to take somebody in",
            ),
            Joined::Or => (
                "wherever it decides, it does not hold",
                "leave it out, or correct what was meant to take somebody in",
            ),
        };
        let message = format!(
            "`{words}` never decides who is in `{}`: {why}",
            segment.id.value
        );
        Finding::new(Code::DeadClause, message)
            .at(self.compiled.place(clause.typed, segment))
            .help(help)
    }

    /// Segments that are part of another, and segments that are the same.
    fn inside(&mut self) -> Vec<Finding> {
        let pairs = self.pairs();
        let mut outers: BTreeMap<SegmentId, Vec<SegmentId>> = BTreeMap::new();
        for (inner, outer) in closest(&pairs) {
            outers.entry(inner).or_default().push(outer);
        }
        let found = outers.into_iter();
        let found = found.filter_map(|(inner, outers)| {
            let is_same = |outer: &SegmentId| pairs.contains(&(*outer, inner));
            let same = outers.iter().copied().find(is_same);
            self.part(inner, &outers, same)
        });
        let found = found.collect();
        self.proved.parts = pairs;
        found
    }

    fn part(
        &self,
        inner: SegmentId,
        outers: &[SegmentId],
        same: Option<SegmentId>,
    ) -> Option<Finding> {
        let name = |id| Some(self.segment(id)?.0.id.value.as_str());
        let (segment, _) = self.segment(inner)?;
        let one = &segment.id.value;
        let message = match same {
            Some(same) => format!(
                "`{one}` is the same as `{}`, whatever the data",
                name(same)?
            ),
            None => {
                let outers: Vec<&str> = outers.iter().filter_map(|id| name(*id)).collect();
                let outers = wording::examples(&outers);
                format!("everyone in `{one}` is in {outers} too, whatever the data")
            }
        };
        let others = match &same {
            Some(same) => std::slice::from_ref(same),
            None => outers,
        };
        let others = others.iter().filter_map(|id| Some(self.segment(*id)?.0));
        Some(wording::part(segment, same.is_some(), message, others))
    }

    /// Pairs of segments of which the first is part of the second. A pair is tried only if the first segment's condition shares a topic with each
    /// way of being outside the second.
    fn pairs(&mut self) -> BTreeSet<(SegmentId, SegmentId)> {
        let mut pairs = BTreeSet::new();
        let ids = self.compiled.ir.segments.ids();
        let open: Vec<SegmentId> = ids.filter(|id| !self.proved.settled.contains(id)).collect();
        let ways: BTreeMap<SegmentId, Vec<BTreeSet<Topic>>> = open
            .iter()
            .filter_map(|id| Some((*id, self.ways_out(*id)?)))
            .collect();
        let mut by_topic: BTreeMap<Topic, Vec<SegmentId>> = BTreeMap::new();
        for (outer, ways) in &ways {
            for topic in ways.first().into_iter().flatten() {
                by_topic.entry(*topic).or_default().push(*outer);
            }
        }
        for inner in open {
            let Some((_, node)) = self.segment(inner) else {
                continue;
            };
            let holds = self.prover.answers(node, Answers::YES);
            let said = self.prover.topics_with_always(&holds);
            let near = said.iter().filter_map(|topic| by_topic.get(topic));
            let near: BTreeSet<SegmentId> = near.flatten().copied().collect();
            for outer in near {
                let ways = ways.get(&outer).map_or(&[][..], Vec::as_slice);
                if !self.prover.spend(1 + ways.len()) {
                    return pairs;
                }
                let meets = ways.iter().all(|way| !way.is_disjoint(&said));
                let outside = self.segment(outer).filter(|_| meets);
                if let Some((_, outside)) = outside
                    && !self.compiled.are_related(inner, outer)
                    && self.never([(node, Answers::YES), (outside, Answers::NOT_YES)])
                {
                    pairs.insert((inner, outer));
                }
            }
        }
        pairs
    }

    /// The topics of each way in which somebody is outside a segment.
    fn ways_out(&mut self, id: SegmentId) -> Option<Vec<BTreeSet<Topic>>> {
        let (_, node) = self.segment(id)?;
        let outside = self.prover.answers(node, Answers::NOT_YES);
        Some(self.prover.topics_of_ways(&outside))
    }
}

/// Of pairs in which the first is part of the second, those with no segment in between; of two that are the same, one pair.
pub(super) fn closest(pairs: &BTreeSet<(SegmentId, SegmentId)>) -> Vec<(SegmentId, SegmentId)> {
    let mut beyond: BTreeMap<SegmentId, Vec<SegmentId>> = BTreeMap::new();
    let mut found = Vec::new();
    for (inner, outer) in pairs.iter().copied() {
        if !pairs.contains(&(outer, inner)) {
            beyond.entry(inner).or_default().push(outer);
        } else if inner > outer {
            found.push((inner, outer));
        }
    }
    for (inner, outers) in &beyond {
        let further = |id: &SegmentId| beyond.get(id).map_or(&[][..], Vec::as_slice);
        let mut nearest_first = outers.clone();
        nearest_first.sort_by_key(|outer| std::cmp::Reverse(further(outer).len()));
        // If B is beyond A and C is beyond B, C is beyond A too.
        let mut passed: BTreeSet<SegmentId> = BTreeSet::new();
        for outer in nearest_first {
            if !passed.contains(&outer) {
                passed.extend(further(&outer));
                found.push((*inner, outer));
            }
        }
    }
    found.sort_unstable();
    found
}
