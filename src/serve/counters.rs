//! Counters of this process, for `/metrics` and `/healthz`.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Counts since the process began.
#[derive(Debug)]
pub(super) struct Counters {
    counts: Mutex<Counts>,
}

#[derive(Debug, Clone)]
pub(super) struct Counts {
    /// Runs by schedule and how they ended.
    pub runs: BTreeMap<(String, &'static str), u64>,
    /// Duration of the newest run of each schedule, in seconds.
    pub took: BTreeMap<String, f64>,
    /// Due times that were missed, by schedule.
    pub missed: BTreeMap<String, u64>,
    /// Whether the files on disk are valid.
    pub files_good: bool,
    /// Whether the publish destination has the latest results; `None` if config names no server.
    pub on_server: Option<bool>,
    /// When the planner last ran, by the monotonic clock.
    pub woke: Instant,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            counts: Mutex::new(Counts {
                runs: BTreeMap::new(),
                took: BTreeMap::new(),
                missed: BTreeMap::new(),
                files_good: true,
                on_server: None,
                woke: Instant::now(),
            }),
        }
    }
}

impl Counters {
    /// Counts a run of a schedule by how it ended.
    pub(super) fn run(&self, schedule: &str, status: &'static str) {
        self.change(|counts| {
            let key = (schedule.to_owned(), status);
            *counts.runs.entry(key).or_default() += 1;
        });
    }

    /// Records the duration of a schedule's newest run, in seconds.
    pub(super) fn took(&self, schedule: &str, seconds: f64) {
        self.change(|counts| {
            counts.took.insert(schedule.to_owned(), seconds);
        });
    }

    /// Adds missed due times of a schedule.
    pub(super) fn missed(&self, schedule: &str, count: usize) {
        self.change(|counts| {
            *counts.missed.entry(schedule.to_owned()).or_default() += count as u64;
        });
    }

    /// Records whether config and rules can be used as they stand.
    pub(super) fn files(&self, good: bool) {
        self.change(|counts| counts.files_good = good);
    }

    /// Records whether the publish destination has the latest results; `None` if config names no server.
    pub(super) fn on_server(&self, has: Option<bool>) {
        self.change(|counts| counts.on_server = has);
    }

    /// Records that the planner ran.
    pub(super) fn woke(&self) {
        self.change(|counts| counts.woke = Instant::now());
    }

    /// Time since the planner last ran.
    pub(super) fn asleep(&self) -> Duration {
        self.counts().woke.elapsed()
    }

    /// The current counts.
    pub(super) fn counts(&self) -> Counts {
        self.lock().clone()
    }

    fn change(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.lock());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counts> {
        // A panic while counting corrupts one number at most.
        self.counts
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
