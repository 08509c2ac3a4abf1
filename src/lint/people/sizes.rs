//! Segments that hold nobody or everybody, and segments whose members are all in another one.

use super::People;
use crate::diagnostic::{Code, Finding};
use crate::language::typed::Kind;
use crate::lint::proved::closest;
use crate::lint::wording;
use crate::rules::{Segment, SegmentId};

/// Smaller segments lie within others by chance often enough.
const LEAST: usize = 20;
/// The probability below which it is no chance that all members of one segment are members of another.
const CHANCE: f64 = 1e-6;

impl People<'_, '_> {
    fn members(&self, id: SegmentId) -> Option<&[u32]> {
        self.evaluation.segments.get(id)?.as_deref().ok()
    }

    /// Segments with no members, and segments with everybody.
    pub(super) fn sizes(&self) -> Vec<Finding> {
        let segments = self.compiled.rules.segments.iter_enumerated();
        let open = segments.filter(|(id, _)| !self.proved.settled.contains(id));
        open.filter_map(|(id, segment)| {
            if let Some(Err(stale)) = self.evaluation.segments.get(id) {
                return self.stale(segment, &stale.reason);
            }
            let size = self.members(id)?.len();
            let all = self.evaluation.subjects.len();
            match size {
                0 => self.nobody(segment),
                size if size == all => Some(self.everybody(segment)),
                _ => None,
            }
        })
        .collect()
    }

    /// The finding that a segment is stale. Reports nothing if a table or column is missing, as that is reported already.
    fn stale(&self, segment: &Segment, reason: &str) -> Option<Finding> {
        if self.something_is_gone {
            return None;
        }
        let message = format!("`{}` cannot be evaluated now: {reason}", segment.id.value);
        let finding = Finding::new(Code::StaleSegment, message).at(segment.id.location);
        Some(finding.help("until that is put right, a run keeps its last members"))
    }

    /// The finding that a segment holds nobody. Reports nothing if it held somebody lately, as it may do so again.
    fn nobody(&self, segment: &Segment) -> Option<Finding> {
        let (id, who) = (&segment.id.value, &self.compiled.config.subject.name.value);
        if self.past.held.contains(id) {
            return None;
        }
        let since = match self.past.runs {
            0 | 1 => "now".to_owned(),
            runs => format!("now or in the last {runs} runs"),
        };
        let (code, what, help) = match segment.ladder {
            Some(_) => (
                Code::IdleRung,
                format!("no {who} is on the rung `{id}` {since}"),
                "see with `muster explain` which rung takes those whom you expect on it",
            ),
            None => (
                Code::NoMembers,
                format!("no {who} is in `{id}` {since}"),
                "see with `muster explain` which part keeps out those whom you expect in it",
            ),
        };
        Some(Finding::new(code, what).at(segment.id.location).help(help))
    }

    fn everybody(&self, segment: &Segment) -> Finding {
        let all = self.counted(self.evaluation.subjects.len());
        let message = format!("all {all} are in `{}`", segment.id.value);
        Finding::new(Code::AllMembers, message)
            .at(segment.id.location)
            .help("where that is meant, write `when: yes`")
    }

    /// Pairs of segments in which one has no members that the other lacks, which chance does not explain.
    pub(super) fn parts(&self) -> Vec<Finding> {
        let ids: Vec<SegmentId> = self.compiled.ir.segments.ids().collect();
        let proved = &self.proved.parts;
        let mut pairs = proved.clone();
        for inner in &ids {
            for outer in &ids {
                let known = self.compiled.are_related(*inner, *outer) || self.says_yes(*outer);
                if !known && self.is_part(*inner, *outer) {
                    pairs.insert((*inner, *outer));
                }
            }
        }
        let told = closest(&pairs).into_iter();
        let told = told.filter(|(inner, outer)| {
            !proved.contains(&(*inner, *outer)) && !proved.contains(&(*outer, *inner))
        });
        told.filter_map(|(inner, outer)| self.part(inner, outer, pairs.contains(&(outer, inner))))
            .collect()
    }

    fn says_yes(&self, id: SegmentId) -> bool {
        let condition = self.compiled.checked.segments.get(id);
        let condition = condition.and_then(Option::as_ref);
        condition.is_some_and(|condition| matches!(condition.kind, Kind::Constant(_)))
    }

    fn is_part(&self, inner: SegmentId, outer: SegmentId) -> bool {
        let (Some(inner), Some(outer)) = (self.members(inner), self.members(outer)) else {
            return false;
        };
        let (few, many) = (inner.len(), outer.len());
        let share = many as f64 / self.evaluation.subjects.len().max(1) as f64;
        few >= LEAST
            && few <= many
            && share.powf(few as f64) < CHANCE
            && inner.iter().all(|one| outer.binary_search(one).is_ok())
    }

    fn part(&self, inner: SegmentId, outer: SegmentId, same: bool) -> Option<Finding> {
        let segment = self.compiled.rules.segments.get(inner)?;
        let outer_segment = self.compiled.rules.segments.get(outer)?;
        let other = &outer_segment.id.value;
        let (one, members) = (&segment.id.value, self.members(inner)?);
        let all = self.counted(members.len());
        let message = match same {
            true => format!("`{one}` and `{other}` hold the same {all} now"),
            false => {
                let outer = self.members(outer)?.len();
                let example = members.first();
                let example = example.and_then(|place| usize::try_from(*place).ok());
                let example = self.example(example);
                format!("all {all} in `{one}` are among the {outer} in `{other}` now{example}")
            }
        };
        Some(wording::part(segment, same, message, [outer_segment]))
    }
}
