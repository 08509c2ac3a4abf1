//! Bounds at which many people's values lie.

use super::People;
use crate::diagnostic::{Code, Finding};
use crate::engine::Column;
use crate::language::typed::{Comparison, Kind, Typed};
use crate::rules::{Segment, SegmentId};
use crate::value::{Share, Value};

/// The fewest people at a bound for it to be reported.
const LEAST: usize = 10;
/// The smallest share of the members at a bound for it to be reported.
const SHARE: Share = Share::percent(10);
/// How many steps around a bound are examined.
const AROUND: f64 = 10.0;
/// If there are fewer different values than this around it, many people share each of them anyway.
const DIFFERENT: usize = 8;
/// How many times more people have to be at a bound than elsewhere around it for the bound to be reported.
const TIMES: f64 = 3.0;

/// The order comparisons of a condition with a constant, as pairs of the value and the constant.
pub(super) fn compared(typed: &Typed) -> impl Iterator<Item = (&Typed, &Typed)> {
    let (pair, low, high) = match &typed.kind {
        Kind::Compare(by, a, b) if !matches!(by, Comparison::Equal | Comparison::NotEqual) => {
            (Some((&**a, &**b)), None, None)
        }
        Kind::Between(x, low, high) => (None, Some((&**x, &**low)), Some((&**x, &**high))),
        _ => (None, None, None),
    };
    let turned = pair.map(|(a, b)| (b, a));
    let all = [pair, turned, low, high].into_iter().flatten();
    all.filter(|(value, bound)| {
        let constant = |typed: &Typed| matches!(typed.kind, Kind::Constant(_));
        constant(bound) && !constant(value)
    })
}

impl People<'_, '_> {
    /// The bounds at which a step to either side would move many people in or out at once.
    pub(super) fn cliffs(&self, id: SegmentId, segment: &Segment, members: usize) -> Vec<Finding> {
        let mut found = Vec::new();
        for clause in self.compiled.clauses_and_whole(id) {
            let left = self.decided_by(segment, &clause);
            for (value, bound) in compared(clause.typed) {
                let finding = self.cliff(segment, members, &left, (value, bound));
                found.extend(finding.map(|f| f.at(self.compiled.place(clause.typed, segment))));
            }
        }
        found
    }

    fn cliff(
        &self,
        segment: &Segment,
        members: usize,
        left: &[usize],
        (value, bound): (&Typed, &Typed),
    ) -> Option<Finding> {
        let column = self.column(self.compiled.ir.node_of(value.id?)?)?;
        let words = self.compiled.words(bound);
        let at = match &bound.kind {
            Kind::Constant(Value::Number(number)) => *number,
            Kind::Constant(Value::Money(amount)) => amount.to_f64(),
            _ => return None,
        };
        let (step, step_words) = match (&bound.kind, words.ends_with('%')) {
            (_, true) => (0.01, "1%"),
            (Kind::Constant(Value::Money(_)), _) => (1.0, "1 unit of money"),
            _ if at.trunc() == at => (1.0, "1"),
            _ => return None,
        };
        // If values end at zero, many people are there anyway.
        if at.abs() < AROUND * step {
            return None;
        }
        let numbers = left
            .iter()
            .filter_map(|place| Some((*place, number(column, *place)?)));
        // Values computed from decimals are off by very little.
        let within = |steps: f64, number: f64| (number - at).abs() <= steps * step * (1.0 + 1e-9);
        let near: Vec<(usize, f64)> = numbers
            .filter(|(_, number)| within(AROUND, *number))
            .collect();
        let mut edge = near.iter().filter(|(_, number)| within(1.0, *number));
        let first = edge.next()?;
        let count = 1 + edge.count();
        let mut different: Vec<f64> = near.iter().map(|(_, number)| *number).collect();
        different.sort_by(f64::total_cmp);
        different.dedup();
        let expected = near.len() as f64 * 3.0 / (2.0 * AROUND + 1.0);
        if count < LEAST
            || different.len() < DIFFERENT
            || !SHARE.is_reached_by(count as u64, members as u64)
            || (count as f64) < TIMES * expected
        {
            return None;
        }
        let on = near
            .iter()
            .filter(|(_, number)| (number - at).abs() < step * 1e-6);
        let message = format!(
            "{} are within {step_words} of the bound `{words}` of `{}` in `{}`, {} of them on it{}",
            self.counted(count),
            self.compiled.words(value),
            segment.id.value,
            on.count(),
            self.example(Some(first.0))
        );
        let finding = Finding::new(Code::Cliff, message);
        Some(finding.help(
            "check whether those on the bound are meant to be in: `>=` takes them in, `>` does not",
        ))
    }
}

fn number(column: &Column, place: usize) -> Option<f64> {
    match column.value(place) {
        Value::Number(number) => Some(number),
        Value::Money(amount) => Some(amount.to_f64()),
        _ => None,
    }
}
