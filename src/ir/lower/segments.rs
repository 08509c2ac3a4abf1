//! Lowers segments, including the rungs of ladders, to nodes.

use std::collections::BTreeSet;

use super::order::on_ladder;
use super::{Frame, Lowering};
use crate::ir::{IrSegment, NodeId, Op};
use crate::rules::SegmentId;
use crate::value::Type;

impl Lowering<'_> {
    /// Lowers a segment; those that it needs must be lowered already. `unknown_subjects` is the reason if it cannot be
    /// decided who is a subject; then every segment is stale.
    pub(super) fn segment(&mut self, id: SegmentId, unknown_subjects: Option<&str>) {
        let (rules, checked) = (self.rules, self.checked);
        let Some(segment) = rules.segments.get(id) else {
            return;
        };
        let condition = checked.segments.get(id).and_then(Option::as_ref);
        let (among, before) = on_ladder(rules, checked, id);
        let mut all: Vec<NodeId> = among
            .into_iter()
            .chain(condition)
            .map(|expression| self.lower(Frame::Subject, expression))
            .collect();
        if let Some(taken) = self.taken_before(before) {
            all.push(self.node(Frame::Subject, Op::Not(taken), Type::Truth));
            self.taken.insert(id, taken);
        }
        let node = match unknown_subjects {
            None => self.join(Frame::Subject, all, Op::And),
            Some(reason) => self.node(Frame::Subject, Op::Gone(reason.to_owned()), Type::Truth),
        };
        let mut needs: BTreeSet<SegmentId> = before.iter().copied().collect();
        for expression in among.into_iter().chain(condition) {
            needs.extend(self.names.segments_behind(self.checked, expression));
        }
        let planned = IrSegment {
            id: segment.id.value.clone(),
            node,
            needs: needs.into_iter().collect(),
        };
        self.segments.insert(id, planned);
    }

    /// Whether an earlier rung took the subject. Being on a rung is yes or no, so an unknown rung takes nobody.
    fn taken_before(&mut self, before: &[SegmentId]) -> Option<NodeId> {
        let last = *before.last()?;
        let member = self.node(Frame::Subject, Op::Member(last), Type::Truth);
        Some(match self.taken.get(&last).copied() {
            None => member,
            Some(earlier) => self.node(Frame::Subject, Op::Or(vec![earlier, member]), Type::Truth),
        })
    }
}
