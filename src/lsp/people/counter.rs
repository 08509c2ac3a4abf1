//! What the thread does: reads, counts, answers questions.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use super::published::{Published, stored};
use super::waiting::Counting;
use super::{Answered, Ask, Compared, Counted, Counts, Question, Size, Split};
use crate::catalog::ColumnRef;
use crate::config::{Config, Database, bytes};
use crate::connector::{Connector, KeptSnapshot};
use crate::engine::{EngineError, Keep, Watch};
use crate::ir::Request;
use crate::language::typed::Typed;
use crate::lsp::Surroundings;
use crate::lsp::world::World;
use crate::project::Project;
use crate::source::Location;
use crate::time::Clock;
use crate::value::{Truth, Value};

/// How many bytes of the data may be kept; counts before config's `memory:`.
const MEMORY: &str = "MUSTER_LSP_MEMORY";
/// Counting starts after this long without typing.
const QUIET: Duration = Duration::from_millis(250);
/// How often the data is looked at for changes.
const LOOK: Duration = Duration::from_secs(2);
/// What one person's answer to one expression takes in memory while it is evaluated, in bytes: a number and what it is made of.
const ANSWER: u64 = 32;
/// How many people are named.
const NAMED: usize = 3;

/// What was read, and of which database.
pub(super) struct Kept {
    database: Database,
    pub(super) data: KeptSnapshot<Box<dyn Connector>>,
    most: u64,
}

/// What the thread shares with whoever asks it.
pub(super) struct Shared {
    /// The number of the newest world.
    pub newest: Arc<AtomicU64>,
    /// Whether a question is answered without reading the data first.
    pub is_ready: Arc<AtomicBool>,
    /// How many questions are not answered yet.
    pub questions: Arc<AtomicU64>,
}

pub(super) struct Counter {
    pub(super) around: Surroundings,
    shared: Shared,
    kept: Option<Kept>,
    /// The database that does not fit into so many bytes, and why nobody is counted in it.
    too_large: Option<(Database, u64, String)>,
    /// The last published run, when it was asked for last.
    published: Option<Published>,
    /// Whether the last count failed.
    has_failed: bool,
    /// Whether counting was put off for a question: the next time it is not.
    has_given_way: bool,
    /// How many people there are, as counted last.
    people: usize,
    /// The last question and its answer: whoever was told to ask again finds it here.
    answered: Option<(Box<Question>, Answered)>,
}

/// A world, and whether its clauses are counted, too.
type Wanted = (Arc<World>, bool);

impl Counter {
    pub(super) fn new(around: Surroundings, shared: Shared) -> Self {
        Self {
            around,
            shared,
            kept: None,
            too_large: None,
            published: None,
            has_failed: false,
            has_given_way: false,
            people: 0,
            answered: None,
        }
    }

    pub(super) fn work(&mut self, asks: &Receiver<Ask>, tell: &impl Fn(Counted)) {
        let mut world: Option<Wanted> = None;
        // What was counted last: again when the data or the published run has changed.
        let mut counted: Option<Wanted> = None;
        let mut questions = VecDeque::new();
        loop {
            let ask = match (&world, questions.is_empty()) {
                (_, false) => asks.try_recv().map_err(|_| RecvTimeoutError::Timeout),
                (Some(_), true) => asks.recv_timeout(QUIET),
                (None, true) if counted.is_some() => asks.recv_timeout(LOOK),
                (None, true) => asks.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match ask {
                Ok(Ask::World(newer, with_clauses)) => world = Some((newer, with_clauses)),
                Ok(question @ (Ask::Clause(_) | Ask::Texts(_))) => questions.push_back(question),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(question) = questions.pop_front() {
                        if !self.question(question, tell) {
                            // The data is read while nobody waits.
                            world = world.or_else(|| counted.clone());
                        }
                        self.shared.questions.fetch_sub(1, Ordering::Relaxed);
                    } else if let Some(wanted) = world.take() {
                        match self.count(&wanted, tell) {
                            true => counted = Some(wanted),
                            false => world = Some(wanted),
                        }
                    } else if let Some(of) = &counted {
                        let changed = guarded(|| Ok(self.has_changed(&of.0)));
                        world = changed.unwrap_or_default().then(|| of.clone());
                    }
                }
            }
        }
    }

    /// Answers a question. False where it was given up before there was an answer.
    fn question(&mut self, question: Ask, tell: &impl Fn(Counted)) -> bool {
        let given_up = match question {
            Ask::Clause(question) => {
                let answered = match self.known(&question) {
                    Some(known) => known,
                    None => self.answer(&question),
                };
                let given_up = question.given_up.clone();
                if !given_up.is_given_up() {
                    tell(Counted::Pointed(question.id.clone(), answered.clone()));
                    self.answered = Some((question, answered));
                }
                given_up
            }
            Ask::Texts(compared) => {
                let texts = guarded(|| self.texts(&compared));
                // Without them the list is empty.
                let (texts, is_cut) = texts.unwrap_or_default();
                if !compared.given_up.is_given_up() {
                    tell(Counted::Texts(compared.id, texts, is_cut));
                }
                compared.given_up
            }
            Ask::World(..) => return true,
        };
        !given_up.is_given_up()
    }

    /// Counts a world and tells it, unless a newer one has come. False where it was put off for a question.
    fn count(&mut self, (world, with_clauses): &Wanted, tell: &impl Fn(Counted)) -> bool {
        let counts = guarded(|| self.segments(world, *with_clauses));
        self.has_failed = counts.is_err();
        match counts {
            Ok(Some(counts)) => tell(Counted::Segments(counts)),
            Ok(None) => {
                let is_newest = self.shared.newest.load(Ordering::Relaxed) == world.state;
                self.has_given_way = is_newest;
                return !is_newest;
            }
            Err(off) => tell(Counted::Segments(Counts {
                off: Some(off),
                ..Counts::default()
            })),
        }
        self.has_given_way = false;
        true
    }

    /// Counts all segments; none where a newer world has come, or a question.
    fn segments(&mut self, world: &World, with_clauses: bool) -> Result<Option<Counts>, String> {
        let Some(project) = world.project().filter(|_| world.texts_alone.is_none()) else {
            return Ok(Some(Counts::default()));
        };
        let most = self.most(&project.config)?;
        if let Some((database, allowed, reason)) = &self.too_large
            && (database, *allowed) == (&project.config.database, most)
        {
            return Err(reason.clone());
        }
        let (clock, published) = self.published(&project.config)?;
        // What was read is not thrown away for a question, which would have to read it, too.
        let is_changed = self.kept(&project.config)?.data.has_changed();
        if is_changed {
            self.shared.is_ready.store(false, Ordering::Relaxed);
        }
        let gives_way = !self.has_given_way && self.shared.is_ready.load(Ordering::Relaxed);
        let (newest, questions) = (
            Arc::clone(&self.shared.newest),
            Arc::clone(&self.shared.questions),
        );
        let watch = Counting {
            state: world.state,
            newest: &newest,
            questions: gives_way.then_some(&*questions),
        };
        let kept = self.kept(&project.config)?;
        let evaluation = match kept
            .data
            .evaluate(&project.ir, &clock, Keep::Outputs, &watch)
        {
            Ok(evaluation) => evaluation,
            Err(EngineError::Cancelled) => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        if let Some(large) = kept.data.too_large().into_iter().next() {
            let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
            let (needed, allowed) = (megabytes(large.bytes), megabytes(large.most));
            let table = large.table;
            let reason = format!(
                "`{table}` would take {needed} MB of memory, and {MEMORY} allows {allowed} MB"
            );
            self.kept = None;
            self.shared.is_ready.store(false, Ordering::Relaxed);
            let database = project.config.database.clone();
            self.too_large = Some((database, most, reason.clone()));
            return Err(reason);
        }
        self.people = evaluation.subjects.len();
        let mut counts = Counts {
            state: world.state,
            ..Counts::default()
        };
        let wrong = project.findings.iter().filter(|finding| finding.is_error());
        let wrong: Vec<Location> = wrong.filter_map(|finding| finding.location).collect();
        for (segment, members) in project.rules.segments.iter().zip(&evaluation.segments) {
            // What is wrong in a segment is left out of it, and whoever it would leave out is in it.
            let is_wrong = wrong.iter().any(|place| segment.place.touches(*place));
            let written = members.as_ref().ok().filter(|_| !is_wrong);
            let size = Size {
                published: published.get(&segment.id.value).copied(),
                written: written.map(|members| members.len() as u64),
            };
            counts.segments.insert(segment.id.value.clone(), size);
        }
        drop(evaluation);
        if self.shared.newest.load(Ordering::Relaxed) == world.state {
            self.shared.is_ready.store(true, Ordering::Relaxed);
        }
        if with_clauses {
            match self.clauses(project, &watch) {
                Ok(clauses) => counts.clauses = Some(clauses),
                Err(_) if watch.cancelled() => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(Some(counts))
    }

    /// Whether a world would be counted otherwise now: the data is another, or a run was published. What failed is tried
    /// again.
    fn has_changed(&mut self, world: &World) -> bool {
        let Some(project) = world.project().filter(|_| self.too_large.is_none()) else {
            return false;
        };
        let stored = self.around.runtime.block_on(stored(&project.config));
        let data = self
            .kept
            .as_mut()
            .is_some_and(|kept| kept.data.has_changed());
        data || self.has_failed || stored.is_ok_and(|stored| stored != self.published)
    }

    /// The answer to a question that was answered last, of data that has not changed since.
    fn known(&mut self, question: &Question) -> Option<Answered> {
        let (_, answered) = self
            .answered
            .as_ref()
            .filter(|(of, _)| of.is_same(question))?;
        let kept = self.kept.as_mut()?;
        (!kept.data.has_changed()).then(|| answered.clone())
    }

    /// What is known of what somebody points at.
    fn answer(&mut self, question: &Question) -> Answered {
        let clause = question.clause.as_ref();
        let split = clause.map(|clause| guarded(|| self.split(question, clause)));
        let samples = question.column.as_ref().map(|column| {
            let compared = Compared {
                id: question.id.clone(),
                world: Arc::clone(&question.world),
                column: column.clone(),
                typed: String::new(),
                hide_names: question.hide_names,
                given_up: question.given_up.clone(),
            };
            // Without them the column is told by its type alone.
            guarded(|| self.samples(&compared)).unwrap_or_default()
        });
        Answered {
            split,
            samples: samples.unwrap_or_default(),
        }
    }

    /// How everybody answers a clause.
    fn split(&mut self, question: &Question, clause: &Typed) -> Result<Split, String> {
        let project = question.world.project().ok_or("the rules cannot be read")?;
        let (clock, _) = self.published(&project.config)?;
        let mut request = Request::outputs();
        let output = request.ask(clause);
        let ir = project.lower(&request);
        let kept = self.kept(&project.config)?;
        let evaluation = kept
            .data
            .evaluate(&ir, &clock, Keep::Outputs, &question.given_up);
        let evaluation = evaluation.map_err(|error| error.to_string())?;
        let column = evaluation.output(output).map_err(|stale| stale.reason)?;
        let names = !question.hide_names && names_may_be_shown(project);
        let mut split = Split::default();
        for place in 0..evaluation.subjects.len() {
            match column.value(place) {
                Value::Truth(Truth::Yes) => {
                    split.yes += 1;
                    if names && split.named.len() < NAMED {
                        split.named.push(evaluation.subjects.label(place));
                    }
                }
                Value::Truth(Truth::No) => split.no += 1,
                _ => split.unknown += 1,
            }
        }
        Ok(split)
    }

    /// The instant that is counted at, and the published sizes: those of the last run, so that they can be compared.
    pub(super) fn published(
        &mut self,
        config: &Config,
    ) -> Result<(Clock, BTreeMap<String, u64>), String> {
        let stored = self.around.runtime.block_on(stored(config));
        self.published = stored.map_err(|error| error.to_string())?;
        let published = self.published.clone();
        let (as_of, sizes) =
            published.unwrap_or_else(|| (self.around.clock.now(), BTreeMap::new()));
        let clock = Clock {
            now: as_of,
            zone: config.timezone,
        };
        Ok((clock, sizes))
    }

    /// How many bytes of the data may be kept.
    fn most(&self, config: &Config) -> Result<u64, String> {
        let Some(text) = (self.around.environment)(MEMORY) else {
            return Ok(config.memory);
        };
        let unread = || format!("`{MEMORY}` is an amount from 1 MB to 1,000 GB, such as `512 MB`");
        bytes(&text).ok_or_else(unread)
    }

    /// How many expressions are evaluated for everybody at once; one at least.
    pub(super) fn affordable(&mut self, config: &Config) -> Result<usize, String> {
        let most = self.most(config)?;
        let kept = self.kept(config)?.data.kept().bytes();
        let of_one = (self.people as u64).saturating_mul(ANSWER).max(1);
        let affordable = most.saturating_sub(kept) / of_one;
        Ok(usize::try_from(affordable).unwrap_or(usize::MAX).max(1))
    }

    /// The data of a config's database.
    pub(super) fn kept(&mut self, config: &Config) -> Result<&mut Kept, String> {
        let most = self.most(config)?;
        let same = |kept: &Kept| kept.database == config.database && kept.most == most;
        if !self.kept.as_ref().is_some_and(same) {
            self.kept = None;
            self.shared.is_ready.store(false, Ordering::Relaxed);
        }
        let connect = self.around.connect;
        Ok(self.kept.get_or_insert_with(|| Kept {
            database: config.database.clone(),
            data: KeptSnapshot::new(connect(config), most),
            most,
        }))
    }
}

/// What work gives, or that it failed: the thread goes on in any case.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let work = std::panic::AssertUnwindSafe(work);
    let failed = |_| Err("counting failed; this should not happen".to_owned());
    std::panic::catch_unwind(work).unwrap_or_else(failed)
}

/// Whether what people are called by is no private column.
fn names_may_be_shown(project: &Project) -> bool {
    let catalog = &project.catalog;
    !catalog.called_by().iter().any(|column| {
        let column = ColumnRef {
            lookup: None,
            column: column.clone(),
        };
        catalog.is_private_of(&catalog.subject, &column)
    })
}
