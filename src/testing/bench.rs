//! The tests checked against the rules, with the people that each of them sees.

use std::collections::{HashMap, HashSet};

use super::TestError;
use super::load::{Suite, Suites, Test};
use super::moments;
use super::people::{People, nobody};
use super::values::value;
use crate::connector::Connector;
use crate::connector::memory::MemoryConnector;
use crate::diagnostic::{Code, Finding, sort, suggest};
use crate::engine::{Evaluation, Keep, Key, Unwatched};
use crate::index::Id;
use crate::ir::Ir;
use crate::language::typed::Typed;
use crate::project::Project;
use crate::project::columns::ColumnSource;
use crate::rules::SegmentId;
use crate::source::Scalar;
use crate::time::{Clock, moment};
use crate::value::{Type, Value};

/// Stands for all segments that are not under `in:`.
const OTHERS: &str = "others";

/// Everything that the tests need, prepared once.
pub(super) struct Bench<'a> {
    pub(super) cases: Vec<Case<'a>>,
    pub(super) situations: Vec<Situation>,
}

/// A test with its names resolved.
pub(super) struct Case<'a> {
    pub(super) suite: &'a Suite,
    pub(super) test: &'a Test,
    pub(super) within: Vec<SegmentId>,
    pub(super) outside: Vec<SegmentId>,
    /// The expected values, in the test's order.
    pub(super) values: Vec<Value>,
    /// The index of its situation.
    pub(super) situation: usize,
    /// The key of its person.
    pub(super) key: Key,
}

/// Some people at an instant.
pub(super) struct Situation {
    pub(super) clock: Clock,
    people: MemoryConnector,
}

impl Situation {
    /// People at an instant.
    pub(super) fn new(clock: Clock, people: MemoryConnector) -> Self {
        Self { clock, people }
    }

    /// Evaluates an IR over these people.
    pub(super) fn evaluate(&self, ir: &Ir, keep: Keep) -> Result<Evaluation, TestError> {
        let snapshot = self.people.snapshot()?;
        Ok(snapshot.evaluate(ir, &self.clock, keep, &Unwatched)?)
    }
}

impl<'a> Bench<'a> {
    /// Checks the tests against a project; prepares those that are `wanted`.
    pub(super) fn new(
        project: &'a Project,
        suites: &'a Suites,
        wanted: &[String],
    ) -> Result<Self, TestError> {
        let tests = suites.suites.iter().flat_map(|suite| &suite.tests);
        let mut making = Making {
            project,
            names: tests.map(|test| test.name.value.as_str()).collect(),
            bench: Self {
                cases: Vec::new(),
                situations: Vec::new(),
            },
            findings: Vec::new(),
        };
        for suite in &suites.suites {
            making.suite(suite, wanted);
        }
        match making.findings.is_empty() {
            true => Ok(making.bench),
            false => {
                sort(&mut making.findings);
                making.findings.dedup();
                Err(TestError::Wrong(making.findings))
            }
        }
    }
}

struct Making<'a> {
    project: &'a Project,
    /// The names of all tests.
    names: HashSet<&'a str>,
    bench: Bench<'a>,
    findings: Vec<Finding>,
}

impl<'a> Making<'a> {
    fn suite(&mut self, suite: &'a Suite, wanted: &[String]) {
        // By the instant that `given:` times are relative to.
        let mut seen: HashMap<i64, People<'a>> = HashMap::new();
        let mut made: HashMap<(i64, i64, Option<&str>), usize> = HashMap::new();
        for test in &suite.tests {
            let Some((base, clock)) = self.clocks(suite, test) else {
                continue;
            };
            let people = seen.entry(base.now).or_insert_with(|| {
                People::read(&self.project.catalog, suite, base, &mut self.findings)
            });
            let Some(key) = people.key(&test.person.value) else {
                let names = suite.given.iter().map(|(name, _)| name.value.as_str());
                self.findings.push(nobody(&test.person, names));
                continue;
            };
            if let Some(begins) = people.begins(&test.person.value)
                && clock.now < base.now
                && begins >= clock.now
            {
                let early = before_all(test, begins, &clock);
                self.findings.push(early);
            }
            let within = self.segments(&test.within);
            let outside = self.outside(test, &within);
            let values = self.values(test, &base);
            if !is_wanted(suite, test, wanted, &self.names) {
                continue;
            }
            let alone = test.alone.then_some(test.person.value.as_str());
            let situations = &mut self.bench.situations;
            let situation = *made.entry((base.now, clock.now, alone)).or_insert_with(|| {
                let there = people.tables(alone, &mut self.findings);
                situations.push(Situation::new(clock, there));
                situations.len() - 1
            });
            self.bench.cases.push(Case {
                suite,
                test,
                within,
                outside,
                values,
                situation,
                key,
            });
        }
    }

    /// The clock that `given:` times are relative to, and that of the test.
    fn clocks(&mut self, suite: &Suite, test: &Test) -> Option<(Clock, Clock)> {
        let Some(base) = suite.now.as_ref().or(test.now.as_ref()) else {
            let message = format!("the test `{}` has no instant", test.name.value);
            let finding = Finding::new(Code::MissingKey, message).at(test.name.location);
            self.findings.push(
                finding.help("add `now: 2026-03-15 06:00` to it, or at the head of the file"),
            );
            return None;
        };
        let base = self.clock(base)?;
        let clock = match &test.now {
            Some(now) => self.clock(now)?,
            None => base,
        };
        Some((base, clock))
    }

    fn clock(&mut self, now: &Scalar) -> Option<Clock> {
        let zone = self.project.config.timezone;
        let instant = crate::time::parse_instant(&now.value, zone);
        if instant.is_none() {
            let message = format!("`now` cannot be `{}`", now.value);
            let finding = Finding::new(Code::InvalidValue, message).at(now.location);
            self.findings
                .push(finding.help("write a day or an instant, such as `2026-03-15 06:00`"));
        }
        Some(Clock {
            now: instant?,
            zone,
        })
    }

    fn segments(&mut self, ids: &[Scalar]) -> Vec<SegmentId> {
        let segments = &self.project.rules.segments;
        let mut found = Vec::new();
        for id in ids {
            match segments.position(|segment| segment.id.value == id.value) {
                Some(segment) => found.push(segment),
                None => {
                    let message = format!("there is no segment `{}`", id.value);
                    let finding = Finding::new(Code::UnknownSegment, message).at(id.location);
                    let ids = segments.iter().map(|segment| segment.id.value.as_str());
                    let was = segments.iter().find(|segment| {
                        segment
                            .was
                            .as_ref()
                            .is_some_and(|was| was.value == id.value)
                    });
                    let near = suggest(&id.value, ids);
                    let help = match (was, near) {
                        (Some(now), _) => format!("it is called `{}` now", now.id.value),
                        (None, Some(near)) => format!("did you mean `{near}`?"),
                        (None, None) => {
                            "no rule file defines it: take it out of the test".to_owned()
                        }
                    };
                    self.findings.push(finding.help(help));
                }
            }
        }
        found
    }

    fn outside(&mut self, test: &Test, within: &[SegmentId]) -> Vec<SegmentId> {
        let segments = &self.project.rules.segments;
        let is_others = |id: &Scalar| {
            id.value == OTHERS && !segments.iter().any(|segment| segment.id.value == OTHERS)
        };
        if test.outside.iter().any(is_others) {
            let others = segments.ids().filter(|id| !within.contains(id));
            return others.collect();
        }
        let outside = self.segments(&test.outside);
        for id in &test.outside {
            if test.within.iter().any(|other| other.value == id.value) {
                let message = format!("`{}` stands under `in` and under `not_in`", id.value);
                let finding = Finding::new(Code::InvalidValue, message).at(id.location);
                self.findings
                    .push(finding.help("take it out of one of them"));
            }
        }
        outside
    }

    fn values(&mut self, test: &Test, clock: &Clock) -> Vec<Value> {
        let values = test.values.iter();
        let values = values.map(|expected| {
            let ty = match expected.source {
                ColumnSource::Output(output) => {
                    let outputs = &self.project.checked.outputs;
                    let output = outputs.get(output.index());
                    let output = output.and_then(|output| output.value());
                    output.map_or(Type::Text, |typed: &Typed| typed.ty)
                }
                ColumnSource::Score | ColumnSource::Health => Type::Number,
                _ => Type::Text,
            };
            value(&expected.text.value, ty, clock).unwrap_or_else(|must| {
                let (name, text) = (&expected.name.value, &expected.text);
                let message = format!("`{name}` cannot be `{}`", text.value);
                let finding = Finding::new(Code::InvalidValue, message).at(text.location);
                self.findings
                    .push(finding.help(format!("it must be {must}")));
                Value::Missing
            })
        });
        values.collect()
    }
}

/// The error that a test's clock is earlier than everything known about its person.
fn before_all(test: &Test, begins: i64, clock: &Clock) -> Finding {
    let person = &test.person.value;
    let message = format!(
        "at {} nothing of `{person}` has happened yet: it begins at {}",
        moment(clock.now, clock.zone),
        moment(begins, clock.zone)
    );
    let now = test.now.as_ref().unwrap_or(&test.name);
    let finding = Finding::new(Code::InvalidValue, message).at(now.location);
    finding.help(format!(
        "what is given counts from the file's `now`; write a later one here ({})",
        moments::EXPECTED
    ))
}

/// Whether a test was requested: by its name, or by a part of its name or of its file's name that is not another test's
/// name.
fn is_wanted(suite: &Suite, test: &Test, wanted: &[String], names: &HashSet<&str>) -> bool {
    let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
    wanted.is_empty()
        || wanted
            .iter()
            .any(|words| match names.contains(words.as_str()) {
                true => test.name.value == *words,
                false => {
                    holds(&test.name.value, words) || holds(&suite.path.to_string_lossy(), words)
                }
            })
}
