//! The compiler thread: of several states of the texts it compiles only the newest.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::Surroundings;
use super::database::{Answer, Database};
use super::folder::Folder;
use super::kept::Kept;
use super::looking::{Aside, Failed, Looker, Seen, Tests};
use super::proofs::Proofs;
use super::texts::Texts;
use super::trust::Options;
use super::world::{Variables, World};
use crate::config::Config;
use crate::diagnostic::{Code, Finding, sort};
use crate::lint::Effort;
use crate::mail;
use crate::project::{Asked, Known, Outputs, Project, compile_now, read};
use crate::source::Sources;
use crate::testing;

/// The delay before the database is tried again after it could not be read.
const AGAIN: Duration = Duration::from_secs(10);
/// Findings from data and tests are reported together with those of the texts if they arrive within this time.
const TOGETHER: Duration = Duration::from_millis(50);

/// A state of the texts to compile.
#[derive(Debug, Clone)]
pub struct Job {
    pub folder: Folder,
    pub texts: Texts,
    pub options: Options,
    /// The number of the state.
    pub state: u64,
}

/// A report from the thread.
#[derive(Debug)]
pub enum Told {
    /// The findings for a state of the texts; once or twice for each.
    Found(Arc<World>, Found),
    /// Compiling a state panicked.
    Failed(u64),
    /// Checking data and tests panicked.
    NotSeen,
}

/// The findings for a state of the texts.
#[derive(Debug, Default)]
pub struct Found {
    /// In file order.
    pub all: Vec<Finding>,
    /// Those among them that were found in the data for older texts.
    pub kept: Vec<Finding>,
}

impl Found {
    /// Findings that are all from the current state.
    fn anew(all: Vec<Finding>) -> Self {
        Self {
            all,
            kept: Vec::new(),
        }
    }
}

/// A handle to the thread.
#[derive(Debug)]
pub struct Compiler {
    works: Sender<Work>,
    /// The number of the newest compilation, finished or pending.
    newest: Arc<AtomicU64>,
}

/// A message to the thread.
#[derive(Debug)]
enum Work {
    Job(Box<Job>),
    /// The database has answered.
    Answered,
    Seen(Box<Result<Seen, Failed>>),
    /// The sender is gone.
    End,
}

impl Compiler {
    /// Starts the thread; it ends when the handle is dropped.
    pub fn start(around: Surroundings, tell: impl Fn(Told) + Send + 'static) -> Self {
        let (works, received) = channel();
        let newest = Arc::<AtomicU64>::default();
        let (of_database, of_looker) = (works.clone(), works.clone());
        // These fail only if the thread has ended.
        let wake = move || drop(of_database.send(Work::Answered));
        let seen = move |seen| drop(of_looker.send(Work::Seen(Box::new(seen))));
        let mut bench = Bench {
            environment: around.environment,
            database: Database::start(around.clone(), wake),
            looker: Looker::start(around, Arc::clone(&newest), seen),
            newest: Arc::clone(&newest),
            took: None,
            kept: None,
            untold: None,
            last: None,
        };
        std::thread::spawn(move || bench.work(&received, &tell));
        Self { works, newest }
    }

    /// Submits a state; work on an older one is abandoned.
    pub fn compile(&self, job: Job) {
        self.newest.fetch_add(1, Ordering::Relaxed);
        // If the thread has ended, so has the server.
        let _ = self.works.send(Work::Job(Box::new(job)));
    }
}

impl Drop for Compiler {
    fn drop(&mut self) {
        self.newest.fetch_add(1, Ordering::Relaxed);
        // It may have ended already.
        let _ = self.works.send(Work::End);
    }
}

/// Findings of the texts, with those kept from the last check of data and tests, held back while the next check runs.
struct Untold {
    world: Arc<World>,
    found: Found,
    /// When to report without waiting for data and tests.
    at: Instant,
}

/// The last state, with what was known when it was compiled.
struct Last {
    job: Job,
    /// The config that names the database, and its answer; `None` if it was not asked.
    known: Option<(Config, Answer)>,
    at: Instant,
    /// When to ask the database again, because its answer was older than the state; `None` if not needed.
    ask_at: Option<Instant>,
    /// The result. The same texts are compiled again if the database gives another answer.
    world: Arc<World>,
    /// The unsorted findings of its texts, while data and tests are being checked.
    of_texts: Option<Vec<Finding>>,
}

/// What the thread keeps between states.
struct Bench {
    environment: fn(&str) -> Option<String>,
    database: Database,
    looker: Looker,
    newest: Arc<AtomicU64>,
    /// The duration of the last check of data and tests; `None` before the first.
    took: Option<Duration>,
    /// Its findings, which are reported for unchanged lines until the next check is done.
    kept: Option<Kept>,
    untold: Option<Untold>,
    last: Option<Last>,
}

impl Bench {
    fn work(&mut self, works: &Receiver<Work>, tell: &impl Fn(Told)) {
        loop {
            let work = match self.until() {
                Some(until) => works.recv_timeout(until.saturating_duration_since(Instant::now())),
                None => works.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            let mut next = None;
            match work {
                Ok(Work::Job(job)) => next = Some(*job),
                Ok(Work::Answered) => next = self.known_better(),
                Ok(Work::Seen(seen)) => self.seen(*seen, tell),
                Err(RecvTimeoutError::Timeout) if self.untold.is_some() => self.tell(tell),
                Err(RecvTimeoutError::Timeout) => next = self.again(),
                Ok(Work::End) | Err(RecvTimeoutError::Disconnected) => return,
            }
            let Some(mut job) = next else { continue };
            while let Ok(work) = works.try_recv() {
                match work {
                    Work::Job(newer) => job = *newer,
                    Work::Seen(seen) => self.seen(*seen, tell),
                    // The job asks it again.
                    Work::Answered => {}
                    Work::End => return,
                }
            }
            // Someone who types without a pause must see findings, too.
            self.tell(tell);
            let state = job.state;
            let made = std::panic::AssertUnwindSafe(|| self.make(job, tell));
            if std::panic::catch_unwind(made).is_err() {
                tell(Told::Failed(state));
            }
        }
    }

    /// When to act even if no message arrives.
    fn until(&self) -> Option<Instant> {
        let untold = self.untold.as_ref().map(|untold| untold.at);
        let last = self.last.as_ref();
        let again = last.and_then(|last| match last.lacks_database() {
            true => Some(last.at + AGAIN),
            false => last.ask_at,
        });
        untold.or(again)
    }

    /// Recompiles the last state if the database could not be read. If the answer used was older than the state, the
    /// database is asked again, once.
    fn again(&mut self) -> Option<Job> {
        if let Some(last) = self.last.as_mut().filter(|last| !last.lacks_database())
            && let (Some(_), Some((config, _))) = (last.ask_at.take(), &last.known)
        {
            self.database.ask(config);
            return None;
        }
        self.last.take().map(|last| last.job)
    }

    /// Recompiles the last state if the database has since given another answer.
    fn known_better(&mut self) -> Option<Job> {
        let (config, then) = self.last.as_ref()?.known.as_ref()?;
        let knows_better = self.database.knows_better(config, then);
        let last = self.last.take_if(|_| knows_better);
        last.map(|last| last.job)
    }

    /// Compiles a state and reports the findings of the texts, unless those of data and tests arrive at once.
    fn make(&mut self, job: Job, tell: &impl Fn(Told)) {
        let began = Instant::now();
        let number = self.newest.fetch_add(1, Ordering::Relaxed) + 1;
        let hide_names = job.options.hide_names;
        let again = job.clone();
        let mut known = None;
        let (world, tests, mut findings) = self.world(job, &mut known);
        let world = Arc::new(world);
        let config = known.as_ref().map(|(config, _)| config);
        self.last = Some(Last {
            job: again,
            ask_at: config.and_then(|config| self.database.fresh_until(config, began)),
            known,
            at: Instant::now(),
            world: Arc::clone(&world),
            of_texts: None,
        });
        let is_whole = |project: &&Project| !project.findings.iter().any(Finding::is_error);
        let whole = world.project().filter(is_whole);
        let Some(project) = whole.filter(|_| world.texts_alone.is_none()) else {
            sort(&mut findings);
            return tell(Told::Found(world, Found::anew(findings)));
        };
        let kept = self.kept.as_ref();
        let kept = kept.map(|kept| kept.in_world(&world, hide_names));
        let kept = kept.unwrap_or_default();
        let shown = findings.iter().chain(&kept).cloned();
        let untold = Untold {
            world: Arc::clone(&world),
            found: Found {
                all: mail::told(project, shown.collect()),
                kept,
            },
            at: Instant::now() + TOGETHER,
        };
        if let Some(last) = &mut self.last {
            last.of_texts = Some(findings.clone());
        }
        self.looker.look(Aside {
            world,
            tests,
            findings,
            hide_names,
            number,
        });
        self.untold = Some(untold);
        if self.took.is_some_and(|took| took > TOGETHER) {
            self.tell(tell);
        }
    }

    /// Reports the findings held back.
    fn tell(&mut self, tell: &impl Fn(Told)) {
        if let Some(Untold { world, found, .. }) = self.untold.take() {
            tell(Told::Found(world, found));
        }
    }

    /// Reports the findings of data and tests, if they belong to the last compilation.
    fn seen(&mut self, seen: Result<Seen, Failed>, tell: &impl Fn(Told)) {
        let Ok(Seen {
            beside,
            findings,
            took,
        }) = seen
        else {
            self.kept = None;
            self.tell_of_texts(tell);
            return tell(Told::NotSeen);
        };
        self.took = Some(took);
        let world = Arc::clone(beside.world());
        self.kept = Some(beside);
        let last = self.last.as_mut();
        let Some(last) = last.filter(|last| Arc::ptr_eq(&last.world, &world)) else {
            return;
        };
        last.of_texts = None;
        self.untold = None;
        tell(Told::Found(world, Found::anew(findings)));
    }

    /// Reports only the findings of the texts, if earlier reports contained more that no check will renew.
    fn tell_of_texts(&mut self, tell: &impl Fn(Told)) {
        let Some(last) = &mut self.last else { return };
        if let Some(findings) = last.of_texts.take()
            && let Some(project) = last.world.project()
        {
            let world = Arc::clone(&last.world);
            let found = Found::anew(mail::told(project, findings));
            self.untold = None;
            tell(Told::Found(world, found));
        }
    }

    /// Compiles the texts of a job; returns the world, its tests, and the unsorted findings that `check` reports for
    /// the texts. `asked` receives the answer of the database, if it was asked.
    fn world(
        &mut self,
        job: Job,
        asked: &mut Option<(Config, Answer)>,
    ) -> (World, Tests, Vec<Finding>) {
        let Job {
            folder,
            texts,
            options,
            state,
        } = job;
        let sources = folder.sources(texts.of(&folder), &options);
        let mut world = World {
            folder,
            texts,
            state,
            compiled: Err(Sources::default()),
            texts_alone: None,
            variables: Variables {
                environment: self.environment,
                trusted: options.trusted,
            },
            proofs: Proofs::default(),
        };
        // Without a config, and without rules that would need one, the texts belong to another program.
        let is_named = options.config.is_some() || !world.folder.is_by_default();
        if !is_named && !world.folder.has_config(&sources) && !world.texts.has_rules() {
            return (world, Tests::default(), Vec::new());
        }
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
            // Untrusted: assumes that a list outside the folder exists, and that a variable has a suitable value.
            written.forgive(|finding, sources| {
                let is_list = finding.code == Code::FileUnreadable && finding.location.is_some();
                is_list || !is_of_texts(finding, sources)
            });
        }
        let known = match (options.trusted, suites.schema.clone()) {
            (_, Some(schema)) if written.config.database.is_missing() => {
                Ok(Arc::new(Known::by(schema)))
            }
            (true, _) => {
                let known = self.database.known(&written.config);
                *asked = Some((written.config.clone(), known.clone()));
                known
            }
            (false, _) => Err("the folder is not trusted yet".to_owned()),
        };
        let (known, reason) = match known {
            Ok(known) => (known, None),
            Err(reason) => (Arc::default(), Some(reason)),
        };
        world.texts_alone = reason;
        let further = Asked {
            with_reports: true,
            ..Asked::default()
        };
        let (compiled, mut findings) = match compile_now(written, &known, further) {
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
        findings.extend(of_tests);
        (world, Tests { suites, outputs }, findings)
    }
}

impl Last {
    fn lacks_database(&self) -> bool {
        let known = self.known.as_ref();
        known.is_some_and(|(_, known)| known.is_err())
    }
}

/// Whether a finding can be established from the texts alone: it concerns files or the syntax of conditions (which come
/// first in the registry of codes), or names in the texts.
pub(super) fn is_of_texts(finding: &Finding, sources: &Sources) -> bool {
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
