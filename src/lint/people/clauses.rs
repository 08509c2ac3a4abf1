//! Clauses that decide for nobody.

use super::{People, truth};
use crate::diagnostic::{Code, Finding};
use crate::lint::clauses::Joined;
use crate::rules::{Segment, SegmentId};

/// A clause that has fewer people than this left to decide on may decide for nobody without a finding.
const LEAST: usize = 10;

impl People<'_, '_> {
    /// The clauses without which the segment would hold the same people.
    pub(super) fn idle_clauses(&self, id: SegmentId, segment: &Segment) -> Vec<Finding> {
        let mut found = Vec::new();
        for clause in self.compiled.clauses(id) {
            let told = clause.inside.iter().chain([&clause.id]);
            let known = told.clone().any(|id| self.proved.dead.contains(id));
            let Some(column) = self.column(clause.node).filter(|_| !known) else {
                continue;
            };
            let left = self.decided_by(segment, &clause);
            let decisive = clause.joined.decisive();
            let mut answers = left.iter().map(|place| truth(column, *place));
            if left.len() < LEAST || answers.any(|answer| decisive.has(answer.into())) {
                continue;
            }
            let words = self.compiled.words(clause.typed);
            let (count, name) = (self.counted(left.len()), &segment.id.value);
            let message = match clause.joined {
                Joined::And => format!(
                    "`{words}` makes no difference at the moment: it holds for all {count} for whom the rest of `{name}` does"
                ),
                Joined::Or => format!(
                    "`{words}` makes no difference at the moment: it holds for none of the {count} whom the rest of `{name}` leaves out"
                ),
            };
            let finding = Finding::new(Code::IdleClause, message);
            found.push(
                finding
                    .at(self.compiled.place(clause.typed, segment))
                    .help("leave it out, or correct it; where it is there to be safe, allow it"),
            );
        }
        found
    }
}
