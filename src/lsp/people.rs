//! The thread that counts people: of the data as it is now, kept in memory for further questions.
//!
//! It reads the data once and again when it has changed. While it reads, everything else is answered.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use lsp_server::RequestId;

use super::Surroundings;
use super::world::World;
use crate::catalog::{Catalog, ColumnRef, ColumnState};
use crate::config::{Config, Database, bytes};
use crate::connector::{Connector, KeptSnapshot};
use crate::engine::{EngineError, Keep, Unwatched, Watch};
use crate::ir::Request;
use crate::language::typed::{Kind, Typed};
use crate::project::Project;
use crate::store::{Store, StoreError};
use crate::time::Clock;
use crate::value::{Truth, Type, Value};

/// How many bytes of the data may be kept; counts before config's `memory:`.
const MEMORY: &str = "MUSTER_LSP_MEMORY";
/// Nobody counts before nothing was typed for so long.
const QUIET: Duration = Duration::from_millis(250);
/// So many are named.
const NAMED: usize = 3;
/// So many texts of a column are offered, and those of rows only where there are no more rows than this.
const LISTED: usize = 200;
const MOST_ROWS: usize = 1_000_000;

/// How many there are in each segment.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// By the segments' ids.
    pub segments: BTreeMap<String, Size>,
    /// Why nothing is counted; none where it is.
    pub off: Option<String>,
}

/// How many there are in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// By the last published run; none where that had no such segment.
    pub published: Option<u64>,
    /// By the rules as they are written, at the instant of that run; none where that cannot be known.
    pub written: Option<u64>,
}

/// A clause that somebody points at.
#[derive(Debug)]
pub struct Question {
    /// The request that is answered.
    pub id: RequestId,
    pub world: Arc<World>,
    pub clause: Typed,
}

/// A column that is compared with a text which somebody begins to write.
#[derive(Debug)]
pub struct Compared {
    /// The request that is answered.
    pub id: RequestId,
    pub world: Arc<World>,
    pub column: Column,
}

/// A column of the subject, or of a collection's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The collection; none for the subject.
    pub of: Option<String>,
    pub name: String,
}

/// A text that a column has, with how many people have it; none where rows have it.
pub type Text = (String, Option<u64>);

/// The answers of everybody to a clause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Split {
    pub yes: usize,
    pub no: usize,
    pub unknown: usize,
    /// Some of those for whom it holds, by their labels; nobody where these are private.
    pub named: Vec<String>,
}

/// What the thread tells.
#[derive(Debug)]
pub enum Counted {
    Segments(Counts),
    /// The answer to a question; none where it cannot be given, and why.
    Clause(RequestId, Result<Split, String>),
    Texts(RequestId, Vec<Text>),
}

enum Ask {
    World(Arc<World>),
    Clause(Box<Question>),
    Texts(Box<Compared>),
}

/// The thread, by what is sent to it.
#[derive(Debug)]
pub struct People {
    asks: Sender<Ask>,
    newest: Arc<AtomicU64>,
    is_ready: Arc<AtomicBool>,
}

impl People {
    /// Starts the thread, which reads nothing yet; it ends when this is dropped.
    pub fn start(around: Surroundings, tell: impl Fn(Counted) + Send + 'static) -> Self {
        let (asks, received) = channel();
        let newest = Arc::<AtomicU64>::default();
        let is_ready = Arc::<AtomicBool>::default();
        let mut counter = Counter {
            around,
            newest: Arc::clone(&newest),
            is_ready: Arc::clone(&is_ready),
            kept: None,
            too_large: None,
        };
        std::thread::spawn(move || counter.work(&received, &tell));
        Self {
            asks,
            newest,
            is_ready,
        }
    }

    /// Has the segments of a world counted, unless a newer one comes.
    pub fn count(&self, world: Arc<World>) {
        self.newest.store(world.state, Ordering::Relaxed);
        // Where the thread has ended, so does the server.
        let _ = self.asks.send(Ask::World(world));
    }

    /// Asks how a clause is answered. False where the data is not read yet, and nobody can say.
    pub fn ask(&self, question: Question) -> bool {
        self.send(Ask::Clause(Box::new(question)))
    }

    /// Asks for the texts of a column, in the same way.
    pub fn ask_texts(&self, compared: Compared) -> bool {
        self.send(Ask::Texts(Box::new(compared)))
    }

    fn send(&self, ask: Ask) -> bool {
        self.is_ready.load(Ordering::Relaxed) && self.asks.send(ask).is_ok()
    }
}

/// Whether a newer world has come.
struct Newest<'n> {
    state: u64,
    newest: &'n AtomicU64,
}

impl Watch for Newest<'_> {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}

    fn cancelled(&self) -> bool {
        self.newest.load(Ordering::Relaxed) != self.state
    }
}

/// What was read, and of which database.
struct Kept {
    database: Database,
    data: KeptSnapshot<Box<dyn Connector>>,
    most: u64,
}

struct Counter {
    around: Surroundings,
    newest: Arc<AtomicU64>,
    is_ready: Arc<AtomicBool>,
    kept: Option<Kept>,
    /// The database that does not fit into so many bytes, and why nobody is counted in it.
    too_large: Option<(Database, u64, String)>,
}

impl Counter {
    fn work(&mut self, asks: &Receiver<Ask>, tell: &impl Fn(Counted)) {
        let mut world: Option<Arc<World>> = None;
        let mut questions = VecDeque::new();
        loop {
            let ask = match (&world, questions.is_empty()) {
                (_, false) => asks.try_recv().map_err(|_| RecvTimeoutError::Timeout),
                (Some(_), true) => asks.recv_timeout(QUIET),
                (None, true) => asks.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match ask {
                Ok(Ask::World(newer)) => world = Some(newer),
                Ok(Ask::Clause(question)) => questions.push_back(question),
                Ok(Ask::Texts(compared)) => {
                    let Compared { id, world, column } = *compared;
                    let texts = guarded(|| self.texts(&world, &column));
                    // Without them the list is empty.
                    tell(Counted::Texts(id, texts.unwrap_or_default()));
                }
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(question) = questions.pop_front() {
                        let Question { id, world, clause } = *question;
                        let split = guarded(|| self.split(&world, &clause));
                        tell(Counted::Clause(id, split));
                    } else if let Some(world) = world.take() {
                        match guarded(|| self.segments(&world)) {
                            Ok(Some(counts)) => tell(Counted::Segments(counts)),
                            // A newer one has come.
                            Ok(None) => {}
                            Err(off) => tell(Counted::Segments(Counts {
                                off: Some(off),
                                ..Counts::default()
                            })),
                        }
                    }
                }
            }
        }
    }

    /// Counts all segments; none where a newer world has come.
    fn segments(&mut self, world: &World) -> Result<Option<Counts>, String> {
        let Some(project) = world.project().filter(|_| world.texts_alone.is_none()) else {
            return Ok(Some(Counts::default()));
        };
        let most = self.most(&project.config);
        if let Some((database, allowed, reason)) = &self.too_large
            && (database, *allowed) == (&project.config.database, most)
        {
            return Err(reason.clone());
        }
        let (clock, published) = self.published(&project.config)?;
        let newest = Arc::clone(&self.newest);
        let watch = Newest {
            state: world.state,
            newest: &newest,
        };
        let kept = self.kept(&project.config);
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
            self.is_ready.store(false, Ordering::Relaxed);
            let database = project.config.database.clone();
            self.too_large = Some((database, most, reason.clone()));
            return Err(reason);
        }
        self.is_ready.store(true, Ordering::Relaxed);
        let mut counts = Counts::default();
        for (segment, members) in project.rules.segments.iter().zip(&evaluation.segments) {
            let size = Size {
                published: published.get(&segment.id.value).copied(),
                written: members.as_ref().ok().map(|members| members.len() as u64),
            };
            counts.segments.insert(segment.id.value.clone(), size);
        }
        Ok(Some(counts))
    }

    /// How everybody answers a clause.
    fn split(&mut self, world: &World, clause: &Typed) -> Result<Split, String> {
        let project = world.project().ok_or("the rules cannot be read")?;
        let (clock, _) = self.published(&project.config)?;
        let mut request = Request::outputs();
        let output = request.ask(clause);
        let ir = project.lower(&request);
        let kept = self.kept(&project.config);
        let evaluation = kept.data.evaluate(&ir, &clock, Keep::Outputs, &Unwatched);
        let evaluation = evaluation.map_err(|error| error.to_string())?;
        let column = evaluation.output(output).map_err(|stale| stale.reason)?;
        let names = names_may_be_shown(project);
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

    /// The texts of a column, the most frequent first; none of a private one.
    fn texts(&mut self, world: &World, column: &Column) -> Result<Vec<Text>, String> {
        let project = world.project().ok_or("the rules cannot be read")?;
        let catalog = &project.catalog;
        let collection = column.of.as_ref().map(|of| {
            let mut collections = catalog.collections.iter();
            collections.find(|collection| collection.name == *of)
        });
        let entity = match collection {
            None => &catalog.subject,
            Some(found) => &found.ok_or("there is no such collection")?.entity,
        };
        let mut columns = entity.columns.iter();
        let known = columns.find(|(name, _)| name.eq_ignore_ascii_case(&column.name));
        let Some((name, ColumnState::Present(ty))) = known else {
            return Ok(Vec::new());
        };
        let reference = ColumnRef {
            lookup: None,
            column: name.clone(),
        };
        if ty.value_type() != Type::Text || catalog.is_private_of(entity, &reference) {
            return Ok(Vec::new());
        }
        if column.of.is_some() {
            let connector = (self.around.connect)(&project.config);
            let snapshot = connector.snapshot().map_err(|error| error.to_string())?;
            let texts = snapshot.distinct_texts(&entity.table, name, LISTED, MOST_ROWS);
            let texts = texts
                .map_err(|error| error.to_string())?
                .unwrap_or_default();
            return Ok(texts.into_iter().map(|text| (text, None)).collect());
        }
        let column = Typed::made(Kind::Subject(reference), Type::Text);
        let (clock, _) = self.published(&project.config)?;
        let mut request = Request::outputs();
        let output = request.ask(&column);
        let ir = project.lower(&request);
        let kept = self.kept(&project.config);
        let evaluation = kept.data.evaluate(&ir, &clock, Keep::Outputs, &Unwatched);
        let evaluation = evaluation.map_err(|error| error.to_string())?;
        let column = evaluation.output(output).map_err(|stale| stale.reason)?;
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for place in 0..evaluation.subjects.len() {
            if let Value::Text(text) = column.value(place) {
                *counts.entry(text.to_string()).or_default() += 1;
            }
        }
        let mut texts: Vec<Text> = counts.into_iter().map(|(t, n)| (t, Some(n))).collect();
        texts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        texts.truncate(LISTED);
        Ok(texts)
    }

    /// The instant that is counted at, and the published sizes: those of the last run, so that they can be compared.
    fn published(&self, config: &Config) -> Result<(Clock, BTreeMap<String, u64>), String> {
        let stored = self.around.runtime.block_on(stored(config));
        let stored = stored.map_err(|error| error.to_string())?;
        let (as_of, sizes) = stored.unwrap_or_else(|| (self.around.clock.now(), BTreeMap::new()));
        let clock = Clock {
            now: as_of,
            zone: config.timezone,
        };
        Ok((clock, sizes))
    }

    /// How many bytes of the data may be kept.
    fn most(&self, config: &Config) -> u64 {
        let said = (self.around.environment)(MEMORY).and_then(|text| bytes(&text));
        said.unwrap_or(config.memory)
    }

    /// The data of a config's database.
    fn kept(&mut self, config: &Config) -> &mut Kept {
        let most = self.most(config);
        let same = |kept: &Kept| kept.database == config.database && kept.most == most;
        if !self.kept.as_ref().is_some_and(same) {
            self.kept = None;
        }
        let connect = self.around.connect;
        self.kept.get_or_insert_with(|| Kept {
            database: config.database.clone(),
            data: KeptSnapshot::new(connect(config), most),
            most,
        })
    }
}

/// What work gives, or that it failed: the thread goes on in any case.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let work = std::panic::AssertUnwindSafe(work);
    let failed = |_| Err("counting failed; this should not happen".to_owned());
    std::panic::catch_unwind(work).unwrap_or_else(failed)
}

/// When the last published run was, and how large each segment was then; none before the first.
async fn stored(config: &Config) -> Result<Option<(i64, BTreeMap<String, u64>)>, StoreError> {
    let Some(mut store) = Store::open_reader(config.results_path()).await? else {
        return Ok(None);
    };
    let run = store.last_published().await?;
    let segments = store.segments().await?;
    store.close().await?;
    let sizes = segments.into_iter().map(|s| (s.id, s.size));
    Ok(run.map(|run| (run.as_of, sizes.collect())))
}

/// Whether what people are called by is no private column.
fn names_may_be_shown(project: &Project) -> bool {
    let catalog: &Catalog = &project.catalog;
    let shown = match catalog.label.is_empty() {
        true => std::slice::from_ref(&catalog.key),
        false => catalog.label.as_slice(),
    };
    !shown.iter().any(|column| {
        let column = ColumnRef {
            lookup: None,
            column: column.clone(),
        };
        catalog.is_private_of(&catalog.subject, &column)
    })
}
