//! Generates a test from a real client: it asserts what is true of them, and reveals as little else about them as
//! possible.
//!
//! Values are first replaced or shifted as far as possible, and then less, until every answer matches the client's. The
//! check uses the same evaluation that runs the test later.

mod draft;
mod file;
mod rows;
mod stand_ins;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::bench::Situation;
use super::load::{Suite, Suites};
use super::people::People;
use super::{TestError, Wanted, run};
use crate::connector::Snapshot;
use crate::engine::{Evaluation, Keep, Key};
use crate::project::Project;
use crate::rules::SegmentId;
use crate::source::Scalar;
use crate::time::Clock;
use draft::Draft;
use file::{NAME, Says, file};
use rows::RowSource;
use stand_ins::StandIns;

/// The answer of each segment for a person: yes, no, or `None` if unknown.
type Answers = BTreeMap<SegmentId, Option<bool>>;

/// The maximum number of evaluations; values not replaced by then stay as they are.
const MOST_TRIES: usize = 600;

/// The source of a generated test.
pub struct Real<'a> {
    /// One state of the data.
    pub snapshot: &'a dyn Snapshot,
    /// Its evaluation.
    pub evaluation: &'a Evaluation,
    /// The client's key.
    pub key: &'a Key,
    /// The segments that the test should cover.
    pub segments: Vec<SegmentId>,
}

/// A generated test file.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The text of the file.
    pub text: String,
    /// The number of rows in each collection.
    pub rows: Vec<(String, usize)>,
    /// Collections with more rows, of which only the last were taken.
    pub cut: Vec<String>,
    /// The number of original values kept for each column, because an answer depends on them.
    pub kept: BTreeMap<String, usize>,
    /// Segments that it does not cover, and why.
    pub left_out: Vec<(String, String)>,
}

/// Why no test was generated.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// The test cannot be run.
    #[error(transparent)]
    Test(#[from] TestError),
    /// Nothing can be asserted: each segment, and why.
    #[error("there is nothing that a test of this client could say")]
    Nothing(Vec<(String, String)>),
    /// Whether they take part depends on replaced values.
    #[error(
        "whether this client takes part depends on their key, on a name or on a text, and a test does not contain those"
    )]
    TakingPart,
}

/// Generates a test file from a client. From then on the project reads every column plainly.
///
/// # Errors
/// The client's rows cannot be read, or no test can assert anything about them.
pub fn of_client(project: &mut Project, real: &Real<'_>) -> Result<Made, NotMade> {
    let clock = real.evaluation.clock;
    let place = real.evaluation.subjects.place(real.key);
    let mut left_out = Vec::new();
    let mut answers = Answers::new();
    if let Some(place) = place {
        for id in &real.segments {
            match why_not(project, real.evaluation, *id) {
                None => {
                    answers.insert(*id, is_in(real.evaluation, *id, place));
                }
                Some(why) => left_out.push((id_of(project, *id), why)),
            }
        }
    }
    let nodes = answers.keys().filter_map(|id| project.ir.segments.get(*id));
    let read = project.ir.columns_read(nodes.map(|segment| segment.node));
    let source = RowSource {
        catalog: &project.catalog,
        snapshot: real.snapshot,
        zone: clock.zone,
    };
    let key = real.key.to_string();
    let client = source.client(&key, &read).map_err(TestError::Engine)?;
    project.read_plainly();
    let mut stand_ins = StandIns::new(clock, &read.constants);
    let mut making = Making {
        draft: Draft::new(&project.catalog, &client, &mut stand_ins),
        project: &*project,
        clock,
        takes_part: place.is_some(),
        answers,
        tries: MOST_TRIES,
    };
    let lost = making.settle()?;
    left_out.extend(
        lost.into_iter()
            .map(|id| (id_of(project, id), REPLACED.to_owned())),
    );
    if place.is_some() && making.answers.is_empty() {
        return Err(NotMade::Nothing(left_out));
    }
    let all = 0..making.draft.values.len();
    making.move_away(all)?;
    let text = making.text();
    let Making { draft, .. } = making;
    holds(project, &text)?;
    let mut kept = BTreeMap::new();
    for value in draft.values.iter().filter(|value| value.is_itself()) {
        *kept.entry(value.column.clone()).or_insert(0) += 1;
    }
    let collections = &project.catalog.collections;
    let cut = client.cut.iter().filter_map(|id| collections.get(*id));
    Ok(Made {
        text,
        rows: draft.counts(),
        cut: cut.map(|collection| collection.name.clone()).collect(),
        kept,
        left_out,
    })
}

/// Why a segment that depends on replaced values is left out.
const REPLACED: &str =
    "it depends on a key, a name, a text or a row that the test does not contain";

/// Why a test cannot cover a segment.
fn why_not(project: &Project, evaluation: &Evaluation, id: SegmentId) -> Option<String> {
    let node = project.ir.segments.get(id)?.node;
    if project.ir.ranges_over_subjects(node) {
        let subject = &project.config.subject.name.value;
        return Some(format!(
            "it depends on who else is there, and a test has one {subject}"
        ));
    }
    match evaluation.segments.get(id)? {
        Ok(_) => None,
        Err(stale) => Some(stale.reason.clone()),
    }
}

fn is_in(evaluation: &Evaluation, id: SegmentId, place: usize) -> Option<bool> {
    let members = evaluation.segments.get(id)?.as_ref().ok()?;
    let place = u32::try_from(place).ok()?;
    Some(members.binary_search(&place).is_ok())
}

fn id_of(project: &Project, id: SegmentId) -> String {
    let segment = project.rules.segments.get(id);
    segment.map_or_else(String::new, |segment| segment.id.value.clone())
}

/// Runs a generated file, as written.
fn holds(project: &mut Project, text: &str) -> Result<(), TestError> {
    let path = Path::new("the test that was made");
    let suites = Suites::of_text(path, text, project).map_err(TestError::Wrong)?;
    match run(project, &suites, &Wanted::default())?.failed() {
        0 => Ok(()),
        _ => Err(TestError::Unlike),
    }
}

/// A draft, and the answers that it must reproduce.
struct Making<'p> {
    project: &'p Project,
    draft: Draft,
    clock: Clock,
    takes_part: bool,
    answers: Answers,
    /// The number of evaluations left.
    tries: usize,
}

impl Making<'_> {
    /// Drops the segments whose answers even the draft closest to the client does not reproduce.
    fn settle(&mut self) -> Result<Vec<SegmentId>, NotMade> {
        let Some(found) = self.found()? else {
            return Err(NotMade::TakingPart);
        };
        let lost = self
            .answers
            .iter()
            .filter(|(id, answer)| found.get(id) != Some(answer));
        let lost: Vec<SegmentId> = lost.map(|(id, _)| *id).collect();
        self.answers.retain(|id, _| !lost.contains(id));
        Ok(lost)
    }

    /// Replaces some values, all together if no answer changes, otherwise by bisection.
    fn move_away(&mut self, places: Range<usize>) -> Result<(), TestError> {
        let before = self.steps(places.clone());
        let most = before.iter().max().copied().unwrap_or(0);
        if most == 0 {
            return Ok(());
        }
        let steps = match places.len() {
            1 => 0..most,
            // A single value is replaced by a closer one if the farthest fails; several are tried only at their
            // farthest.
            _ => 0..most.min(1),
        };
        for step in steps {
            if self.tries == 0 {
                return Ok(());
            }
            self.tries -= 1;
            self.take(places.clone(), |known| known.min(step));
            if self.found()?.as_ref() == Some(&self.answers) {
                return Ok(());
            }
            let mut known = before.iter();
            self.take(places.clone(), |_| known.next().copied().unwrap_or(0));
        }
        let middle = places.start + places.len() / 2;
        if middle > places.start {
            self.move_away(places.start..middle)?;
            self.move_away(middle..places.end)?;
        }
        Ok(())
    }

    fn steps(&self, places: Range<usize>) -> Vec<usize> {
        let values = self.draft.values.get(places).unwrap_or_default();
        values.iter().map(|value| value.step).collect()
    }

    fn take(&mut self, places: Range<usize>, mut step: impl FnMut(usize) -> usize) {
        for value in self.draft.values.get_mut(places).unwrap_or_default() {
            value.step = step(value.step);
        }
    }

    /// The answers for the draft; `None` if the person takes part but must not, or the other way round.
    fn found(&self) -> Result<Option<Answers>, TestError> {
        let catalog = &self.project.catalog;
        let mut findings = Vec::new();
        let suite = Suite {
            path: PathBuf::new(),
            now: None,
            given: vec![(Scalar::detached(NAME), self.draft.person())],
            crowds: Vec::new(),
            tests: Vec::new(),
        };
        let people = People::read(catalog, &suite, self.clock, &mut findings);
        let situation = Situation::new(self.clock, people.tables(None, &mut findings));
        if !findings.is_empty() {
            return Err(TestError::Wrong(findings));
        }
        let evaluation = situation.evaluate(&self.project.ir, Keep::Outputs)?;
        let key = people.key(NAME);
        let place = key.and_then(|key| evaluation.subjects.place(&key));
        let answers = self.answers.keys();
        Ok(match place {
            Some(place) if self.takes_part => {
                let found = answers.map(|id| (*id, is_in(&evaluation, *id, place)));
                Some(found.collect())
            }
            None if !self.takes_part => Some(Answers::new()),
            _ => None,
        })
    }

    /// The draft as a file.
    fn text(&self) -> String {
        let of = |wanted: bool| {
            let ids = self.answers.iter();
            let ids = ids.filter(|(_, answer)| **answer == Some(wanted));
            ids.map(|(id, _)| id_of(self.project, *id))
                .collect::<Vec<_>>()
        };
        let says = match self.takes_part {
            false => Says::LeftOut,
            true if self.answers.len() == self.project.rules.segments.len() => {
                Says::In(of(true), vec!["others".to_owned()])
            }
            true => Says::In(of(true), of(false)),
        };
        let subject = &self.project.config.subject.name.value;
        file(subject, &self.draft.person(), &self.clock, &says)
    }
}
