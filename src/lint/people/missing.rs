//! People who are neither in a segment nor in its opposite because a value is missing.

use super::{People, truth};
use crate::diagnostic::{Code, Finding};
use crate::language::typed::{Comparison, Function, Kind, Typed};
use crate::lint::clauses::Clause;
use crate::rules::{Segment, SegmentId};
use crate::value::{Share, Truth};

/// The fewest people who are reported.
const LEAST: usize = 5;
/// The smallest share of the members that is reported.
const SHARE: Share = Share::percent(5);

impl People<'_, '_> {
    /// The clauses that ask that something is not so, or is long ago, and leave out the people about whom nothing is known.
    pub(super) fn missing(&self, id: SegmentId, segment: &Segment, members: usize) -> Vec<Finding> {
        let clauses = self.compiled.clauses_and_whole(id).into_iter();
        let traps = clauses.filter(|clause| takes_in_by_lack(clause.typed));
        traps
            .filter_map(|clause| self.trap(segment, members, &clause))
            .collect()
    }

    fn trap(&self, segment: &Segment, members: usize, clause: &Clause<'_>) -> Option<Finding> {
        let column = self.column(clause.node)?;
        let left = self.decided_by(segment, clause);
        let mut unknown = left
            .into_iter()
            .filter(|place| truth(column, *place) == Truth::Unknown);
        let first = unknown.next();
        let count = first.map_or(0, |_| 1 + unknown.count());
        if count < LEAST || !SHARE.is_reached_by(count as u64, members as u64) {
            return None;
        }
        let words = self.compiled.words(clause.typed);
        let message = format!(
            "{} are left out of `{}`, and of its opposite, because a value in `{words}` is missing{}",
            self.counted(count),
            segment.id.value,
            self.example(first)
        );
        let finding = Finding::new(Code::MissingTrap, message);
        let finding = finding.at(self.compiled.place(clause.typed, segment));
        Some(
            finding
                .help("say what they are: `or … is missing`, or `default(…, …)` around the value"),
        )
    }
}

/// Whether a condition reads as if it included those who lack something: `not …`, `!=`, `days_since(…) > 90`, `… < 90 days ago`.
fn takes_in_by_lack(typed: &Typed) -> bool {
    match &typed.kind {
        Kind::Not(of) => !matches!(
            of.kind,
            Kind::Member(_) | Kind::IsMissing(_) | Kind::Listed(..)
        ),
        Kind::Compare(Comparison::NotEqual, ..) => true,
        Kind::Compare(Comparison::Greater | Comparison::GreaterOrEqual, a, b) => {
            is_time_since(a) || is_moment(a) && !is_moment(b)
        }
        Kind::Compare(Comparison::Less | Comparison::LessOrEqual, a, b) => {
            is_time_since(b) || is_moment(b) && !is_moment(a)
        }
        _ => false,
    }
}

fn is_time_since(typed: &Typed) -> bool {
    matches!(
        &typed.kind,
        Kind::Call(Function::DaysSince | Function::HoursSince, _)
    )
}

fn is_moment(typed: &Typed) -> bool {
    matches!(&typed.kind, Kind::Moment(_))
}
