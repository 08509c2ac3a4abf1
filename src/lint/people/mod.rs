//! What one evaluation shows about rules that are legal: lints over the people.

mod clauses;
mod cliff;
mod missing;
mod returning;
mod sizes;

use std::collections::BTreeSet;

use super::proved::Proved;
use super::{Compiled, Look, clauses::Clause};
use crate::diagnostic::Finding;
use crate::engine::{Column, EngineError, Evaluation, Keep};
use crate::ir::{self, NodeId, Op, Request};
use crate::language::typed::{Kind, Typed};
use crate::rules::{Segment, SegmentId};
use crate::store::Returns;
use crate::value::Truth;

/// What the last runs left behind that lints use.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// How many runs that covers.
    pub runs: usize,
    /// The ids of segments that held somebody in at least one of these runs.
    pub held: BTreeSet<String>,
    /// People who left a segment and came back, and how often.
    pub returns: Vec<Returns>,
}

/// The people, and what is evaluated about them.
struct People<'c, 'a> {
    compiled: &'c Compiled<'a>,
    evaluation: &'c Evaluation,
    proved: &'c Proved,
    past: &'c Past,
    with_names: bool,
    /// Whether a table or column is missing.
    something_is_gone: bool,
}

/// All findings that the people show, apart from what is proved: takes one evaluation.
pub(super) fn find(
    compiled: &Compiled<'_>,
    look: &Look<'_>,
    proved: &Proved,
    (past, with_names): (&Past, bool),
) -> Result<Vec<Finding>, EngineError> {
    let mut request = Request::rules();
    for (id, _) in compiled.rules.segments.iter_enumerated() {
        for part in asked(compiled, id) {
            request.ask(part);
        }
    }
    let ir = ir::lower(compiled.rules, compiled.checked, compiled.catalog, &request);
    let snapshot = look.connector.snapshot()?;
    let evaluation = snapshot.evaluate(&ir, look.clock, Keep::Outputs, look.watch)?;
    let compiled = Compiled {
        ir: &ir,
        ..*compiled
    };
    let people = People {
        compiled: &compiled,
        evaluation: &evaluation,
        proved,
        past,
        with_names,
        something_is_gone: ir
            .program
            .nodes
            .iter()
            .any(|node| matches!(node.op, Op::Gone(_))),
    };
    if evaluation.subjects.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = people.sizes();
    found.extend(people.parts());
    for (id, segment) in compiled.rules.segments.iter_enumerated() {
        let Some(Ok(members)) = evaluation.segments.get(id) else {
            continue;
        };
        // If everybody or nobody is in a segment, the finding covers its parts too.
        let parts_tell = !members.is_empty() && members.len() < evaluation.subjects.len();
        if parts_tell && !proved.settled.contains(&id) {
            found.extend(people.idle_clauses(id, segment));
            found.extend(people.missing(id, segment, members.len()));
            found.extend(people.cliffs(id, segment, members.len()));
        }
    }
    found.extend(people.returning());
    Ok(found)
}

/// What is evaluated of a segment besides its members: its clauses, and the values that they compare with constants.
fn asked<'a>(compiled: &Compiled<'a>, id: SegmentId) -> Vec<&'a Typed> {
    let mut asked: Vec<&Typed> = Vec::new();
    for clause in compiled.clauses_and_whole(id) {
        asked.push(clause.typed);
        asked.extend(cliff::compared(clause.typed).map(|(value, ..)| value));
    }
    let ladder = compiled.rules.segments.get(id).and_then(|s| s.ladder);
    let among = ladder.and_then(|ladder| compiled.checked.among.get(ladder)?.as_ref());
    asked.extend(among);
    asked
}

impl<'a> Compiled<'a> {
    /// The clauses of a segment's condition, and the whole condition as one clause.
    fn clauses_and_whole(&self, id: SegmentId) -> Vec<Clause<'a>> {
        let condition = self.checked.segments.get(id).and_then(Option::as_ref);
        let whole = condition.and_then(|condition| {
            let id = condition.id?;
            let node = self.ir.node_of(id)?;
            Some(Clause::whole(id, node, condition))
        });
        let leaf = |typed: &Typed| !matches!(typed.kind, Kind::And(_) | Kind::Or(_));
        let all = whole.into_iter().chain(self.clauses(id));
        all.filter(|clause| leaf(clause.typed)).collect()
    }
}

impl People<'_, '_> {
    fn column(&self, node: NodeId) -> Option<&Column> {
        self.evaluation.kept.get(&node)?.as_ref().ok()
    }

    /// The indices of the people for whom a clause decides whether they are in the segment; on a ladder, only among those who are on it.
    fn decided_by(&self, segment: &Segment, clause: &Clause<'_>) -> Vec<usize> {
        let compiled = self.compiled;
        let among = segment.ladder.and_then(|ladder| {
            let among = compiled.checked.among.get(ladder)?.as_ref()?;
            let node = compiled.ir.node_of(among.id?)?;
            Some((node, super::proof::Answers::YES))
        });
        let with = clause.decides_with.iter();
        let with = with
            .map(|(_, node, answers)| (*node, *answers))
            .chain(among);
        let with: Option<Vec<_>> = with
            .map(|(node, answers)| Some((self.column(node)?, answers)))
            .collect();
        let Some(with) = with else {
            return Vec::new();
        };
        let places = 0..self.evaluation.subjects.len();
        places
            .filter(|place| {
                let mut with = with.iter();
                with.all(|(column, answers)| answers.has(truth(column, *place).into()))
            })
            .collect()
    }

    /// `; for example Ada Lovelace`, with the key if others have the same name; empty if names are left out.
    fn example(&self, place: Option<usize>) -> String {
        let Some(place) = place.filter(|_| self.with_names) else {
            return String::new();
        };
        let subjects = &self.evaluation.subjects;
        let name = subjects.label(place);
        let mut others = (0..subjects.len()).filter(|other| *other != place);
        match subjects.key(place) {
            Some(key) if others.any(|other| subjects.label(other) == name) => {
                format!("; for example {name} ({key})")
            }
            _ => format!("; for example {name}"),
        }
    }

    /// `1 client`, `12 clients`.
    fn counted(&self, count: usize) -> String {
        let config = self.compiled.config;
        config
            .subject
            .counted(count, &crate::config::marks(config.locale))
    }
}

/// The answer for a row; a column with a single answer gives it for all rows.
fn truth(column: &Column, place: usize) -> Truth {
    match column {
        Column::Truth(answers) => {
            let place = if answers.len() == 1 { 0 } else { place };
            answers.get(place).copied().unwrap_or(Truth::Unknown)
        }
        _ => Truth::Unknown,
    }
}
