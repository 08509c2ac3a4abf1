//! What is known of the database, asked on a thread of its own: a database that does not answer holds nobody up.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::Surroundings;
use crate::config::Config;
use crate::project::{Known, known};

/// What is known is asked anew after this long.
const FRESH: Duration = Duration::from_secs(5);
/// How long an answer is waited for, once for each question. A database at hand answers within it, so that nothing is told
/// of the texts alone first.
const PATIENCE: Duration = Duration::from_millis(100);
/// What is said meanwhile.
const SILENT: &str = "the database has not answered yet";
/// What is said where asking it panicked.
const FAILED: &str = "asking the database failed; this should not happen";

/// What is known, or why nothing is.
pub type Answer = Result<Arc<Known>, String>;

/// The database by what it said last.
pub struct Database {
    around: Surroundings,
    wake: Wake,
    asking: Asking,
    /// When the question was asked that is not answered yet, and of which database.
    asked: Option<(Instant, Config)>,
    last: Option<Last>,
}

/// Called after each answer.
type Wake = Arc<dyn Fn() + Send + Sync>;

/// A thread that asks.
struct Asking {
    questions: Sender<Config>,
    answers: Receiver<(Config, Answer)>,
}

impl Asking {
    fn start(around: &Surroundings, wake: &Wake) -> Self {
        let (around, wake) = (around.clone(), Arc::clone(wake));
        let (questions, received) = channel::<Config>();
        let (answered, answers) = channel();
        std::thread::spawn(move || {
            for config in received {
                let ask = std::panic::AssertUnwindSafe(|| {
                    let connector = (around.connect)(&config);
                    let known = around.runtime.block_on(known(&config, &*connector));
                    known.map(Arc::new)
                });
                let answer = std::panic::catch_unwind(ask);
                let answer = answer.unwrap_or_else(|_| Err(FAILED.to_owned()));
                if answered.send((config, answer)).is_err() {
                    return;
                }
                wake();
            }
        });
        Self { questions, answers }
    }
}

/// Whether two configs name one database, and the same results.
fn is_same(one: &Config, other: &Config) -> bool {
    one.database == other.database && one.results_path() == other.results_path()
}

/// What was said last.
#[derive(Debug)]
struct Last {
    /// The config that named the database.
    config: Config,
    at: Instant,
    answer: Answer,
}

impl Database {
    /// Starts a thread, which calls `wake` after each answer; it ends when this is dropped.
    pub fn start(around: Surroundings, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let wake: Wake = Arc::new(wake);
        Self {
            asking: Asking::start(&around, &wake),
            around,
            wake,
            asked: None,
            last: None,
        }
    }

    /// What is known of the database that a config names: what it said last, after a short wait where that is old.
    pub fn known(&mut self, config: &Config) -> Answer {
        self.listen(Duration::ZERO);
        if !self.is_fresh(config) {
            self.ask(config);
        }
        if let Some((asked, _)) = &self.asked {
            self.listen(PATIENCE.saturating_sub(asked.elapsed()));
        }
        self.said(config)
    }

    /// Asks, unless an answer of the same database is waited for; what another one still owes is waited for no longer.
    pub fn ask(&mut self, config: &Config) {
        if let Some((_, of)) = &self.asked {
            if is_same(of, config) {
                return;
            }
            self.asking = Asking::start(&self.around, &self.wake);
        }
        // Where the thread has ended, nothing is ever known.
        let asked = self.asking.questions.send(config.clone());
        self.asked = asked.is_ok().then(|| (Instant::now(), config.clone()));
    }

    /// When what was said before some time, of the database that a config names, becomes old; none where it has been asked since.
    pub fn fresh_until(&self, config: &Config, before: Instant) -> Option<Instant> {
        let last = self.of(config).filter(|_| self.asked.is_none())?;
        (last.at < before).then(|| last.at + FRESH)
    }

    /// Whether something else is known by now than was known then.
    pub fn knows_better(&mut self, config: &Config, then: &Answer) -> bool {
        self.listen(Duration::ZERO);
        // A question about another database held this one up.
        if self.asked.is_none() && self.of(config).is_none() {
            return true;
        }
        match (&self.said(config), then) {
            (Ok(now), Ok(then)) => {
                !Arc::ptr_eq(now, then)
                    && (now.schema != then.schema || now.remembered != then.remembered)
            }
            (Err(now), Err(then)) => now != then,
            _ => true,
        }
    }

    /// Takes in what was answered, and waits for it at most so long.
    fn listen(&mut self, wait: Duration) {
        let answered = match wait.is_zero() {
            true => self.asking.answers.try_recv().ok(),
            false => self.asking.answers.recv_timeout(wait).ok(),
        };
        if let Some((config, answer)) = answered {
            self.asked = None;
            let at = Instant::now();
            self.last = Some(Last { config, at, answer });
        }
    }

    fn is_fresh(&self, config: &Config) -> bool {
        let last = self.of(config);
        last.is_some_and(|last| last.at.elapsed() < FRESH)
    }

    /// What was said last of the database that a config names.
    fn of(&self, config: &Config) -> Option<&Last> {
        let last = self.last.as_ref();
        last.filter(|last| is_same(&last.config, config))
    }

    fn said(&self, config: &Config) -> Answer {
        match self.of(config) {
            Some(last) => last.answer.clone(),
            None => Err(SILENT.to_owned()),
        }
    }
}
