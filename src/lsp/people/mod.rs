//! The thread that counts people: of the data as it is now, kept in memory for further questions.
//!
//! It reads the data once and again when it has changed. While it reads, everything else is answered.

mod answers;
mod clauses;
mod counter;
mod data;
mod known;
mod large;
mod published;
mod sizes;
mod texts;
mod waiting;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};

use lsp_server::RequestId;

use super::Surroundings;
use super::world::World;
use crate::language::typed::Typed;
use crate::source::Location;
use counter::Counter;
pub use waiting::GivenUp;

/// How many there are in each segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The number of the state of the texts that is counted.
    pub state: u64,
    /// By the segments' ids.
    pub segments: BTreeMap<String, Size>,
    /// Where each clause stands, and how many people answer it with yes, where the editor wants to know.
    pub clauses: Option<Vec<(Location, u64)>>,
    /// Why nothing is counted; none where it is.
    pub off: Option<String>,
}

/// How many there are in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// By the last published run, under this id or the one that it had before; none where that had no such segment.
    pub published: Option<u64>,
    /// By the rules as they are written, at the instant of that run; none where that cannot be known.
    pub written: Option<u64>,
}

/// A clause or a column that somebody points at.
#[derive(Debug, Clone)]
pub struct Question {
    /// The request that is answered.
    pub id: RequestId,
    pub world: Arc<World>,
    /// The clause; none where only a column is pointed at.
    pub clause: Option<Clause>,
    /// A column that is pointed at as well.
    pub column: Option<Column>,
    /// Whether nobody is called by name.
    pub hide_names: bool,
    pub given_up: GivenUp,
}

/// A condition of one person.
#[derive(Debug, Clone)]
pub struct Clause {
    pub condition: Typed,
    /// Where it stands.
    pub place: Location,
    /// Whether those are asked as well who do not take part, as what stands there decides on it.
    pub of_everyone: bool,
}

impl Question {
    fn place(&self) -> Option<Location> {
        self.clause.as_ref().map(|clause| clause.place)
    }

    /// Whether another one has the same answer, as long as the data stays what it is.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.world, &other.world)
            && self.place() == other.place()
            && self.column == other.column
            && self.hide_names == other.hide_names
    }
}

/// A column that is compared with a text which somebody begins to write.
#[derive(Debug)]
pub struct Compared {
    /// The request that is answered.
    pub id: RequestId,
    pub world: Arc<World>,
    pub column: Column,
    /// What is typed of the text.
    pub typed: String,
    /// Whether texts that people are called by are left out.
    pub hide_names: bool,
    pub given_up: GivenUp,
}

/// A column of the subject, or of a collection's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The collection; none for the subject.
    pub of: Option<String>,
    /// The lookup that the column is of; none for one of its own.
    pub lookup: Option<String>,
    pub name: String,
}

/// A text that a column has, with how many people have it, themselves or in a row; none where these are too many to count.
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

/// What is known of what somebody points at.
#[derive(Debug, Clone, Default)]
pub struct Answered {
    /// The answers to the clause, or why there are none; none where no clause was asked for.
    pub split: Option<Result<Split, String>>,
    /// Some texts of the column, the most frequent first.
    pub samples: Vec<Text>,
}

/// What the thread tells.
#[derive(Debug)]
pub enum Counted {
    Segments(Counts),
    /// The answer to a question.
    Pointed(RequestId, Answered),
    /// Texts of a column, and whether there are more.
    Texts(RequestId, Vec<Text>, bool),
}

/// What the thread is sent.
enum Ask {
    /// Whether clauses are counted, too.
    World(Arc<World>, bool),
    Question(Asked),
}

/// A question.
#[derive(Debug)]
enum Asked {
    Clause(Box<Question>),
    Texts(Box<Compared>),
}

impl Asked {
    fn given_up(&self) -> &GivenUp {
        match self {
            Self::Clause(question) => &question.given_up,
            Self::Texts(compared) => &compared.given_up,
        }
    }
}

/// The thread, by what is sent to it.
#[derive(Debug)]
pub struct People {
    asks: Sender<Ask>,
    newest: Arc<AtomicU64>,
    is_ready: Arc<AtomicBool>,
    /// How many questions are not answered yet.
    questions: Arc<AtomicU64>,
}

impl People {
    /// Starts the thread, which reads nothing yet; it ends when this is dropped.
    pub fn start(around: Surroundings, tell: impl Fn(Counted) + Send + 'static) -> Self {
        let (asks, received) = channel();
        let newest = Arc::<AtomicU64>::default();
        let is_ready = Arc::<AtomicBool>::default();
        let questions = Arc::<AtomicU64>::default();
        let shared = counter::Shared {
            newest: Arc::clone(&newest),
            questions: Arc::clone(&questions),
        };
        let mut counter = Counter::new(around, shared, Arc::clone(&is_ready));
        std::thread::spawn(move || counter.work(&received, &tell));
        Self {
            asks,
            newest,
            is_ready,
            questions,
        }
    }

    /// Has the segments of a world counted, and their clauses if these are wanted, unless a newer one comes. Of one whose data
    /// cannot be read nothing is counted, but whatever was being counted is given up.
    pub fn count(&self, world: Arc<World>, with_clauses: bool) {
        self.newest.store(world.state, Ordering::Relaxed);
        if world.texts_alone.is_none() {
            // Where the thread has ended, so does the server.
            let _ = self.asks.send(Ask::World(world, with_clauses));
        }
    }

    /// Asks how a clause is answered. False where the data is not read yet, and nobody can say.
    pub fn ask(&self, question: Question) -> bool {
        self.send(Asked::Clause(Box::new(question)))
    }

    /// Asks for the texts of a column, in the same way.
    pub fn ask_texts(&self, compared: Compared) -> bool {
        self.send(Asked::Texts(Box::new(compared)))
    }

    fn send(&self, question: Asked) -> bool {
        if !self.is_ready.load(Ordering::Relaxed) {
            return false;
        }
        self.questions.fetch_add(1, Ordering::Relaxed);
        self.asks.send(Ask::Question(question)).is_ok()
    }
}

impl Drop for People {
    fn drop(&mut self) {
        // Whatever is being counted is given up: no world has this number.
        self.newest.store(u64::MAX, Ordering::Relaxed);
    }
}
