//! The thread that compiles: of several states of the texts only the newest.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::Surroundings;
use super::folder::Folder;
use super::texts::Texts;
use super::trust::Options;
use super::world::{Found, Variables, World};
use crate::config::Config;
use crate::diagnostic::{Code, Finding, sort};
use crate::engine::Watch;
use crate::lint::{Effort, Look};
use crate::mail;
use crate::project::{Asked, Known, Outputs, Project, Written, compile_now, known, read};
use crate::rules;
use crate::source::Sources;
use crate::testing::{self, Suites};
use crate::time::Clock;

/// Where the database could not be read it is tried again after so long.
const AGAIN: Duration = Duration::from_secs(10);
/// What is known of the database is asked anew after so long.
const FRESH: Duration = Duration::from_secs(5);
/// What data and tests show is told together with what the texts show where it took no longer than this last time.
const TOGETHER: Duration = Duration::from_millis(50);

/// A state of the texts to compile.
#[derive(Debug, Clone)]
pub struct Job {
    pub folder: Folder,
    pub texts: Texts,
    pub options: Options,
    /// Its number.
    pub state: u64,
}

/// What the thread tells.
#[derive(Debug)]
pub enum Told {
    /// What was found in a state of the texts; once or twice for each.
    Found(Arc<World>, Found),
    /// Compiling failed, which it never should.
    Failed(u64),
}

/// The thread, by what is sent to it.
#[derive(Debug)]
pub struct Compiler {
    jobs: Sender<Job>,
    newest: Arc<AtomicU64>,
}

impl Compiler {
    /// Starts the thread; it ends when this is dropped.
    pub fn start(around: Surroundings, tell: impl Fn(Told) + Send + 'static) -> Self {
        let (jobs, received) = channel();
        let newest = Arc::<AtomicU64>::default();
        let mut bench = Bench {
            around,
            newest: Newest {
                state: 0,
                newest: Arc::clone(&newest),
            },
            known: None,
            took: Duration::ZERO,
        };
        std::thread::spawn(move || bench.work(&received, &tell));
        Self { jobs, newest }
    }

    /// Hands a state over; what is being made of an older one is given up.
    pub fn compile(&self, job: Job) {
        self.newest.store(job.state, Ordering::Relaxed);
        // Where the thread has ended, so does the server.
        let _ = self.jobs.send(job);
    }
}

/// Whether a newer state has come.
#[derive(Debug)]
struct Newest {
    state: u64,
    newest: Arc<AtomicU64>,
}

impl Watch for Newest {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}

    fn cancelled(&self) -> bool {
        self.newest.load(Ordering::Relaxed) != self.state
    }
}

/// What the thread keeps from one state to the next.
struct Bench {
    around: Surroundings,
    newest: Newest,
    known: Option<(Config, Instant, Result<Known, String>)>,
    /// How long the last look at data and tests took.
    took: Duration,
}

impl Bench {
    fn work(&mut self, jobs: &Receiver<Job>, tell: &impl Fn(Told)) {
        // The last job, where it lacked the database.
        let mut lacking: Option<Job> = None;
        loop {
            let job = match &lacking {
                Some(_) => jobs.recv_timeout(AGAIN),
                None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            let mut job = match (job, lacking.take()) {
                (Ok(job), _) => job,
                (Err(RecvTimeoutError::Timeout), Some(job)) => job,
                _ => return,
            };
            while let Ok(newer) = jobs.try_recv() {
                job = newer;
            }
            let state = job.state;
            let again = job.clone();
            self.newest.state = state;
            let made = std::panic::AssertUnwindSafe(|| self.make(job, tell));
            if std::panic::catch_unwind(made).is_err() {
                tell(Told::Failed(state));
            }
            let is_known = self.known.as_ref().is_none_or(|(.., known)| known.is_ok());
            lacking = (again.options.trusted && !is_known).then_some(again);
        }
    }

    /// Compiles a state, and tells what the texts show; then what data and tests show, too.
    fn make(&mut self, job: Job, tell: &impl Fn(Told)) {
        let (world, tests, mut findings) = self.world(job);
        let world = Arc::new(world);
        let is_whole = |project: &&Project| !project.findings.iter().any(Finding::is_error);
        let whole = world.project().filter(is_whole);
        let Some(project) = whole.filter(|_| world.texts_alone.is_none()) else {
            sort(&mut findings);
            let found = Found { findings };
            return tell(Told::Found(world, found));
        };
        if self.took > TOGETHER {
            let findings = mail::told(project, findings.clone());
            let found = Found { findings };
            tell(Told::Found(Arc::clone(&world), found));
        }
        let began = Instant::now();
        findings.extend(self.beside(project));
        if self.newest.cancelled() && self.took > TOGETHER {
            return;
        }
        let mut findings = mail::told(project, findings);
        findings.extend(tests.found(project));
        sort(&mut findings);
        self.took = began.elapsed();
        let found = Found { findings };
        tell(Told::Found(world, found));
    }

    /// What the texts of a job come to, the tests in them, and what `check` tells of the texts; not sorted.
    fn world(&mut self, job: Job) -> (World, Tests, Vec<Finding>) {
        let Job {
            folder,
            texts,
            options,
            state,
        } = job;
        let sources = Sources::in_editor(texts.of(&folder), options.within(folder.root()));
        let mut world = World {
            folder,
            texts,
            state,
            compiled: Err(Sources::default()),
            texts_alone: None,
            variables: Variables {
                environment: self.around.environment,
                trusted: options.trusted,
            },
        };
        let variables = world.variables;
        let variable = |name: &str| variables.get(name);
        let read = read(sources, world.folder.config(), &variable, None);
        let mut written = match read {
            Ok(written) => written,
            Err((sources, mut findings)) => {
                if !options.trusted {
                    findings.retain(|finding| is_of_texts(finding, &sources));
                }
                world.compiled = Err(sources);
                return (world, Tests::default(), findings);
            }
        };
        let of_rules = written.findings.len();
        let mut outputs = Outputs::default();
        let suites = testing::load(&mut written, &mut outputs);
        let of_tests = written.findings.split_off(of_rules);
        if !options.trusted {
            // A list outside the folder is there, and a variable has a value that fits, for all that is known.
            written.forgive(|finding, sources| {
                let is_list = finding.code == Code::FileUnreadable && finding.location.is_some();
                is_list || !is_of_texts(finding, sources)
            });
        }
        let unread = written.is_incomplete().then(|| written.findings.clone());
        let known = match (options.trusted, suites.schema.clone()) {
            (_, Some(schema)) if written.config.database.is_missing() => Ok(Known::by(schema)),
            (true, _) => self.known(&written.config),
            (false, _) => Err("the folder is not trusted yet".to_owned()),
        };
        let (known, reason) = match known {
            Ok(known) => (known, None),
            Err(reason) => (Known::default(), Some(reason)),
        };
        world.texts_alone = reason;
        let asked = Asked {
            with_reports: true,
            ..Asked::default()
        };
        let (compiled, mut findings) = match compile_now(written, &known, asked) {
            Ok(project) => {
                let findings = match project.findings.iter().any(Finding::is_error) {
                    false if world.texts_alone.is_none() => {
                        mail::found_in_texts(&project, Effort::Check)
                    }
                    _ => project.findings.clone(),
                };
                (Ok(project), findings)
            }
            Err((sources, findings)) => (Err(sources), findings),
        };
        world.compiled = compiled;
        if world.texts_alone.is_some() {
            findings.retain(|finding| is_of_texts(finding, world.sources()));
        }
        // What follows from a file that cannot be read is not told.
        let mut findings = unread.unwrap_or(findings);
        findings.extend(of_tests);
        (world, Tests { suites, outputs }, findings)
    }

    /// What is known of the database that a config names.
    fn known(&mut self, config: &Config) -> Result<Known, String> {
        let same = |of: &Config| {
            of.database == config.database && of.results_path() == config.results_path()
        };
        if let Some((of, at, known)) = &self.known
            && same(of)
            && at.elapsed() < FRESH
        {
            return known.clone();
        }
        let connector = (self.around.connect)(config);
        let known = self.around.runtime.block_on(known(config, &*connector));
        self.known = Some((config.clone(), Instant::now(), known.clone()));
        known
    }

    /// What the data shows; nothing where it cannot be read, or a newer state has come.
    fn beside(&self, project: &Project) -> Vec<Finding> {
        let clock = Clock {
            now: self.around.clock.now(),
            zone: project.config.timezone,
        };
        let look = Look {
            connector: &*(self.around.connect)(&project.config),
            clock: &clock,
            watch: &self.newest,
            beside_a_run: false,
        };
        mail::found_beside(project, &look).unwrap_or_default()
    }
}

/// The test files, and the values that they speak of.
#[derive(Default)]
struct Tests {
    suites: Suites,
    outputs: Outputs,
}

impl Tests {
    /// What `muster test` would refuse in the test files of a project without errors.
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

/// Whether a finding is known where only the texts are: it is about files or about the syntax of conditions, which
/// come first in the registry of codes, or about names that stand in the texts.
fn is_of_texts(finding: &Finding, sources: &Sources) -> bool {
    let named = matches!(
        finding.code,
        Code::UnknownFunction
            | Code::UnknownScope
            | Code::UnknownSegment
            | Code::UnknownList
            | Code::Cycle
    );
    let words = finding.location.map_or("", |place| sources.slice(place));
    (finding.code < Code::UnknownName || named) && !words.contains("${")
}
