//! The thread that counts people in the current data, which it keeps in memory for further questions.
//!
//! It reads the data once, and again when it has changed. While it reads, all other requests are answered.

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

/// The sizes of the segments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The number of the counted state of the texts.
    pub state: u64,
    /// By segment id.
    pub segments: BTreeMap<String, Size>,
    /// The location of each clause and the number of people that it matches, if the editor wants it.
    pub clauses: Option<Vec<(Location, u64)>>,
    /// Why nothing is counted; `None` if it is.
    pub off: Option<String>,
}

/// The size of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// In the last published run, under this id or the previous one; `None` if the run had no such segment.
    pub published: Option<u64>,
    /// By the current rules, at the instant of that run; `None` if unknown.
    pub written: Option<u64>,
}

/// A question about the clause or column under the cursor.
#[derive(Debug, Clone)]
pub struct Question {
    /// The request to answer.
    pub id: RequestId,
    pub world: Arc<World>,
    /// The clause; `None` if only a column is under the cursor.
    pub clause: Option<Clause>,
    /// The column under the cursor.
    pub column: Option<Column>,
    /// Whether names of people are hidden.
    pub hide_names: bool,
    pub given_up: GivenUp,
}

/// A condition about one person.
#[derive(Debug, Clone)]
pub struct Clause {
    pub condition: Typed,
    /// Its location.
    pub place: Location,
    /// Whether it is also evaluated for excluded people, because it decides on the exclusion.
    pub of_everyone: bool,
}

impl Question {
    fn place(&self) -> Option<Location> {
        self.clause.as_ref().map(|clause| clause.place)
    }

    /// Whether another clause has the same answer, as long as the data is unchanged.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.world, &other.world)
            && self.place() == other.place()
            && self.column == other.column
            && self.hide_names == other.hide_names
    }
}

/// A column that is compared with a text being typed.
#[derive(Debug)]
pub struct Compared {
    /// The request to answer.
    pub id: RequestId,
    pub world: Arc<World>,
    pub column: Column,
    /// The typed part of the text.
    pub typed: String,
    /// Whether texts that are labels of people are left out.
    pub hide_names: bool,
    pub given_up: GivenUp,
}

/// A column of the subject, or of a collection's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The collection; `None` for the subject.
    pub of: Option<String>,
    /// The lookup that has the column; `None` for a column of the rows themselves.
    pub lookup: Option<String>,
    pub name: String,
}

/// A text in a column, with the number of people who have it, themselves or in a row; `None` if there are too many to
/// count.
pub type Text = (String, Option<u64>);

/// Everybody's answers to a clause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Split {
    pub yes: usize,
    pub no: usize,
    pub unknown: usize,
    /// The labels of some people for whom it holds; empty if labels are private.
    pub named: Vec<String>,
}

/// The answer about what is under the cursor.
#[derive(Debug, Clone, Default)]
pub struct Answered {
    /// The answers to the clause, or why there are none; `None` if no clause was asked for.
    pub split: Option<Result<Split, String>>,
    /// Some texts of the column, most frequent first.
    pub samples: Vec<Text>,
}

/// A report from the thread.
#[derive(Debug)]
pub enum Counted {
    Segments(Counts),
    /// The answer to a question.
    Pointed(RequestId, Answered),
    /// Texts of a column, and whether there are more.
    Texts(RequestId, Vec<Text>, bool),
}

/// A message to the thread.
enum Ask {
    /// The flag tells whether clauses are counted, too.
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

/// A handle to the thread.
#[derive(Debug)]
pub struct People {
    asks: Sender<Ask>,
    newest: Arc<AtomicU64>,
    is_ready: Arc<AtomicBool>,
    /// The number of unanswered questions.
    questions: Arc<AtomicU64>,
}

impl People {
    /// Starts the thread without reading anything; it ends when the handle is dropped.
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

    /// Requests counts for the segments of a world, and for their clauses if wanted, until a newer world arrives. If
    /// its data cannot be read, nothing is counted, but any running count is abandoned.
    pub fn count(&self, world: Arc<World>, with_clauses: bool) {
        self.newest.store(world.state, Ordering::Relaxed);
        if world.texts_alone.is_none() {
            // If the thread has ended, so has the server.
            let _ = self.asks.send(Ask::World(world, with_clauses));
        }
    }

    /// Asks how a clause is answered; `false` if the data has not been read yet, so that there is no answer.
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
        // Abandons any running count: no world has this number.
        self.newest.store(u64::MAX, Ordering::Relaxed);
    }
}
