//! What is known about the database, asked on a separate thread, so that an unresponsive database blocks nobody.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::Surroundings;
use crate::config::Config;
use crate::project::{Known, known};

/// How long an answer is considered fresh.
const FRESH: Duration = Duration::from_secs(5);
/// How long to wait for an answer, once for each question. A local database answers in time, so that findings of the
/// texts alone need not be shown first.
const PATIENCE: Duration = Duration::from_millis(100);
/// The reason given while there is no answer.
const SILENT: &str = "the database has not answered yet";
/// The reason given if asking panicked.
const FAILED: &str = "asking the database failed; this should not happen";

/// The answer, or why there is none.
pub type Answer = Result<Arc<Known>, String>;

/// The database, with its last answer.
pub struct Database {
    around: Surroundings,
    wake: Wake,
    asking: Asking,
    /// When the pending question was asked, and about which database.
    asked: Option<(Instant, Config)>,
    last: Option<Last>,
}

/// A callback after each answer.
type Wake = Arc<dyn Fn() + Send + Sync>;

/// A handle to the thread that asks.
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

/// Whether two configs name the same database and the same results.
fn is_same(one: &Config, other: &Config) -> bool {
    one.database == other.database && one.results_path() == other.results_path()
}

/// The last answer.
#[derive(Debug)]
struct Last {
    /// The config that named the database.
    config: Config,
    at: Instant,
    answer: Answer,
}

impl Database {
    /// Starts a thread that calls `wake` after each answer; it ends when the handle is dropped.
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

    /// The answer for the database of a config: the last one, after a short wait for a new one if it is stale.
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

    /// Asks, unless an answer from the same database is pending; a pending answer from another one is no longer
    /// awaited.
    pub fn ask(&mut self, config: &Config) {
        if let Some((_, of)) = &self.asked {
            if is_same(of, config) {
                return;
            }
            self.asking = Asking::start(&self.around, &self.wake);
        }
        // If the thread has ended, there will be no answer.
        let asked = self.asking.questions.send(config.clone());
        self.asked = asked.is_ok().then(|| (Instant::now(), config.clone()));
    }

    /// When an answer from before `before`, for the database of a config, becomes stale; `None` if it has been asked
    /// since.
    pub fn fresh_until(&self, config: &Config, before: Instant) -> Option<Instant> {
        let last = self.of(config).filter(|_| self.asked.is_none())?;
        (last.at < before).then(|| last.at + FRESH)
    }

    /// Whether the current answer differs from `then`.
    pub fn knows_better(&mut self, config: &Config, then: &Answer) -> bool {
        self.listen(Duration::ZERO);
        // A question about another database delayed this one.
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

    /// Receives answers, waiting at most this long.
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

    /// The last answer for the database of a config.
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
