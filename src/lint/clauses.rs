//! The clauses of a segment's condition, each with the answers of other clauses under which it decides.

use super::Compiled;
use super::proof::Answers;
use crate::ir::NodeId;
use crate::language::ast::ExprId;
use crate::language::typed::{Kind, Typed};
use crate::language::without_comments;
use crate::rules::{Segment, SegmentId};
use crate::source::Location;

/// A part of an `and` or `or` that is not inside a `not`, so that only a certain yes of it counts.
#[derive(Debug, Clone)]
pub(super) struct Clause<'a> {
    pub(super) id: ExprId,
    pub(super) typed: &'a Typed,
    pub(super) node: NodeId,
    /// How it is joined with the others.
    pub(super) joined: Joined,
    /// The clauses that contain it.
    pub(super) inside: Vec<ExprId>,
    /// The answers of other clauses under which it decides: in an `and` all others hold, in an `or` none does.
    pub(super) decides_with: Vec<(ExprId, NodeId, Answers)>,
}

impl<'a> Clause<'a> {
    /// A whole condition as one clause: it decides for everybody.
    pub(super) fn whole(id: ExprId, node: NodeId, typed: &'a Typed) -> Self {
        Self {
            id,
            typed,
            node,
            joined: Joined::And,
            inside: Vec::new(),
            decides_with: Vec::new(),
        }
    }
}

/// How clauses are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    And,
    Or,
}

impl Joined {
    /// The answers of the other clauses under which one of them decides.
    fn others(self) -> Answers {
        match self {
            Self::And => Answers::YES,
            Self::Or => Answers::NOT_YES,
        }
    }

    /// The answers of a clause by which it decides, if the others leave the decision to it.
    pub(super) fn decisive(self) -> Answers {
        match self {
            Self::And => Answers::NOT_YES,
            Self::Or => Answers::YES,
        }
    }
}

impl<'a> Compiled<'a> {
    /// The clauses of a segment's own condition. A clause comes before the clauses that it contains.
    pub(super) fn clauses(&self, segment: SegmentId) -> Vec<Clause<'a>> {
        let mut found = Vec::new();
        let condition = self.checked.segments.get(segment);
        if let Some(condition) = condition.and_then(Option::as_ref) {
            self.clauses_of(condition, &[], &[], &mut found);
        }
        found
    }

    fn clauses_of(
        &self,
        typed: &'a Typed,
        inside: &[ExprId],
        decides_with: &[(ExprId, NodeId, Answers)],
        found: &mut Vec<Clause<'a>>,
    ) {
        let (joined, parts) = match &typed.kind {
            Kind::And(parts) => (Joined::And, parts),
            Kind::Or(parts) => (Joined::Or, parts),
            _ => return,
        };
        let known: Vec<_> = parts
            .iter()
            .filter_map(|part| Some((part.id?, self.ir.node_of(part.id?)?, part)))
            .collect();
        for (id, node, part) in &known {
            let others = known.iter().filter(|(other, ..)| other != id);
            let others = others.map(|(other, node, _)| (*other, *node, joined.others()));
            let decides_with: Vec<_> = decides_with.iter().copied().chain(others).collect();
            found.push(Clause {
                id: *id,
                typed: part,
                node: *node,
                joined,
                inside: inside.to_vec(),
                decides_with: decides_with.clone(),
            });
            let inside: Vec<_> = inside.iter().copied().chain([*id]).collect();
            self.clauses_of(part, &inside, &decides_with, found);
        }
    }

    /// The text of a condition, on one line.
    pub(super) fn words(&self, typed: &Typed) -> String {
        without_comments(self.checked.source_map.words(typed.span))
    }

    /// The place of an expression, or that of the segment if nobody wrote the expression.
    pub(super) fn place(&self, typed: &Typed, segment: &Segment) -> Location {
        let place = self.checked.source_map.locate(typed.span, self.sources);
        place.unwrap_or(segment.id.location)
    }

    /// Whether the author of one of two segments had the other in mind: they are rungs of one ladder, or one of them names the other.
    pub(super) fn are_related(&self, one: SegmentId, other: SegmentId) -> bool {
        let ladder = |id| {
            self.rules
                .segments
                .get(id)
                .and_then(|segment| segment.ladder)
        };
        let names = |one, other: &SegmentId| {
            let segment = self.ir.segments.get(one);
            segment.is_some_and(|segment| segment.needs.contains(other))
        };
        let same_ladder = ladder(one).is_some() && ladder(one) == ladder(other);
        one == other || same_ladder || names(one, &other) || names(other, &one)
    }
}
