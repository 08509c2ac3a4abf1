//! Where a subject stands in its group.

use std::cmp::Ordering;

use super::figures::position;
use crate::engine::{Column, Evaluation};
use crate::ir::{NodeId, Op};
use crate::language::typed::Typed;
use crate::project::Project;
use crate::value::{Truth, Value, number};

/// The groups that a population function compares within.
struct Group<'a> {
    project: &'a Project,
    evaluation: &'a Evaluation,
    /// The column that separates groups; `None` if all subjects are one group.
    scope: Option<&'a Column>,
}

impl<'a> Group<'a> {
    fn of(project: &'a Project, evaluation: &'a Evaluation, whole: &Typed) -> Option<Self> {
        let scope = match &project
            .ir
            .program
            .nodes
            .get(project.ir.node_of(whole.id?)?)?
            .op
        {
            Op::Population { scope, .. } => *scope,
            _ => None,
        };
        let scope = match scope {
            Some(scope) => Some(kept(evaluation, scope)?),
            None => None,
        };
        Some(Self {
            project,
            evaluation,
            scope,
        })
    }

    fn column(&self, typed: &Typed) -> Option<&'a Column> {
        kept(self.evaluation, self.project.ir.node_of(typed.id?)?)
    }

    fn of_place(&self, place: usize) -> Option<Value> {
        self.scope.map(|scope| scope.value(place))
    }
}

fn kept(evaluation: &Evaluation, node: NodeId) -> Option<&Column> {
    evaluation.kept.get(&node)?.as_ref().ok()
}

/// How many of the subject's group have a larger (smaller) value, and how many have a value at all. `of` is the
/// compared expression, `whole` the `top` or `bottom` around it.
pub(super) fn beyond_it(
    project: &Project,
    evaluation: &Evaluation,
    subject: usize,
    (of, whole): (&Typed, &Typed),
    larger: bool,
) -> Option<(usize, usize)> {
    let group = Group::of(project, evaluation, whole)?;
    let values = group.column(of)?;
    let own = position(&values.value(subject))?;
    let mine = group.of_place(subject);
    let wanted = if larger {
        Ordering::Greater
    } else {
        Ordering::Less
    };
    let (mut ahead, mut n) = (0, 0);
    for place in 0..evaluation.subjects.len() {
        if let Some(other) = position(&values.value(place))
            && group.of_place(place) == mine
        {
            n += 1;
            ahead += usize::from(number::order(other, own) == Some(wanted));
        }
    }
    Some((ahead, n))
}

/// The value at which a `top` or `bottom` begins in the subject's group: that of the last member to make it. `None` if
/// nobody is in it.
pub(super) fn boundary(
    project: &Project,
    evaluation: &Evaluation,
    subject: usize,
    (of, whole): (&Typed, &Typed),
    top: bool,
) -> Option<f64> {
    let group = Group::of(project, evaluation, whole)?;
    let values = group.column(of)?;
    let chosen = group.column(whole)?;
    let mine = group.of_place(subject);
    let inside = (0..evaluation.subjects.len()).filter(|place| {
        chosen.value(*place) == Value::Truth(Truth::Yes) && group.of_place(*place) == mine
    });
    let inside = inside.filter_map(|place| position(&values.value(place)));
    match top {
        true => inside.reduce(f64::min),
        false => inside.reduce(f64::max),
    }
}
