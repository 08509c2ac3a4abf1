//! The thread that checks what the texts alone do not show: the data and the tests. Of several states it checks only
//! the newest.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::Surroundings;
use super::kept::Kept;
use super::world::World;
use crate::diagnostic::{Finding, sort};
use crate::engine::Watch;
use crate::lint::{Compiled, Look};
use crate::mail;
use crate::project::{Asked, Known, Outputs, Project, Written, compile_now};
use crate::rules;
use crate::testing::{self, Suites};
use crate::time::Clock;

/// A state to check.
#[derive(Debug)]
pub struct Aside {
    pub world: Arc<World>,
    pub tests: Tests,
    /// The unsorted findings of the texts.
    pub findings: Vec<Finding>,
    /// Whether names of people are hidden.
    pub hide_names: bool,
    /// The number of the compilation.
    pub number: u64,
}

/// The result of a check.
#[derive(Debug)]
pub struct Seen {
    /// The findings beyond those of the texts, including allowed ones.
    pub beside: Kept,
    /// All findings, sorted.
    pub findings: Vec<Finding>,
    /// The duration.
    pub took: Duration,
}

/// A check panicked.
#[derive(Debug, Clone, Copy)]
pub struct Failed;

/// A handle to the thread.
#[derive(Debug)]
pub struct Looker(Sender<Aside>);

impl Looker {
    /// Starts the thread; it ends when the handle is dropped. `newest` is the number of the newest compilation: a check
    /// for an earlier one is abandoned.
    pub fn start(
        around: Surroundings,
        newest: Arc<AtomicU64>,
        tell: impl Fn(Result<Seen, Failed>) + Send + 'static,
    ) -> Self {
        let (sender, received) = channel();
        std::thread::spawn(move || work(&around, &newest, &received, &tell));
        Self(sender)
    }

    /// Submits a state.
    pub fn look(&self, aside: Aside) {
        // If the thread has ended, so has the server.
        let _ = self.0.send(aside);
    }
}

fn work(
    around: &Surroundings,
    newest: &Arc<AtomicU64>,
    received: &Receiver<Aside>,
    tell: &impl Fn(Result<Seen, Failed>),
) {
    while let Ok(mut aside) = received.recv() {
        while let Ok(newer) = received.try_recv() {
            aside = newer;
        }
        let watch = Newest::of(aside.number, newest);
        let look = std::panic::AssertUnwindSafe(|| seen(around, &watch, aside));
        match std::panic::catch_unwind(look) {
            Ok(Some(seen)) => tell(Ok(seen)),
            Ok(None) => {}
            Err(_) => tell(Err(Failed)),
        }
    }
}

/// The findings of data and tests; `None` if there is a newer state.
fn seen(around: &Surroundings, watch: &Newest, aside: Aside) -> Option<Seen> {
    let began = Instant::now();
    let Aside {
        world,
        tests,
        mut findings,
        hide_names,
        ..
    } = aside;
    let project = world.project()?;
    let clock = Clock {
        now: around.clock.now(),
        zone: project.config.timezone,
    };
    let look = Look {
        connector: &*(around.connect)(&project.config),
        clock: &clock,
        watch,
        beside_a_run: false,
    };
    let unnamed = hide_names.then(|| project.catalog.without_names());
    let compiled = project.compiled();
    let compiled = match &unnamed {
        Some(catalog) => Compiled {
            catalog,
            ..compiled
        },
        None => compiled,
    };
    // If the data cannot be read, there are no findings about it.
    let mut beside = mail::found_beside(&compiled, &look).unwrap_or_default();
    if watch.cancelled() {
        return None;
    }
    findings.extend(beside.iter().cloned());
    let mut findings = mail::told(project, findings);
    let of_tests = tests.found(project);
    findings.extend(of_tests.iter().cloned());
    beside.extend(of_tests);
    sort(&mut findings);
    Some(Seen {
        beside: Kept::new(world, beside, hide_names),
        findings,
        took: began.elapsed(),
    })
}

/// Detects a newer compilation.
#[derive(Debug)]
struct Newest {
    number: u64,
    newest: Arc<AtomicU64>,
}

impl Newest {
    fn of(number: u64, newest: &Arc<AtomicU64>) -> Self {
        Self {
            number,
            newest: Arc::clone(newest),
        }
    }
}

impl Watch for Newest {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}

    fn cancelled(&self) -> bool {
        self.newest.load(Ordering::Relaxed) != self.number
    }
}

/// The test files, and the values that they mention.
#[derive(Debug, Default)]
pub struct Tests {
    pub suites: Suites,
    pub outputs: Outputs,
}

impl Tests {
    /// What `muster test` would reject in the test files of a project without errors.
    fn found(self, project: &Project) -> Vec<Finding> {
        let Self { suites, outputs } = self;
        let written = Written::of(
            project.sources.clone(),
            project.config.clone(),
            project.rules.clone(),
            project.lists.clone(),
        );
        let known = Known {
            schema: project.schema.clone(),
            remembered: project.remembered.clone(),
        };
        let asked = Asked {
            outputs,
            ..Asked::default()
        };
        let mut found = match compile_now(written, &known, asked) {
            Err((_, findings)) => findings,
            Ok(tested) if tested.findings.iter().any(Finding::is_error) => tested.findings,
            Ok(mut tested) => {
                let mut found = std::mem::take(&mut tested.findings);
                found.extend(testing::findings(&mut tested, &suites));
                found
            }
        };
        found.retain(|finding| {
            let file = finding.location.and_then(|l| project.sources.get(l.file));
            file.is_some_and(|file| rules::is_test(&project.config, &file.path))
        });
        found
    }
}
