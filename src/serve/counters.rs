//! What this process has counted, for `/metrics` and `/healthz`.

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
    /// How long the newest run took, in seconds, by schedule.
    pub took: BTreeMap<String, f64>,
    /// Due times that were missed, by schedule.
    pub missed: BTreeMap<String, u64>,
    /// Whether the files are as good as those in use.
    pub files_good: bool,
    /// Whether the server that results are copied to has the last ones; none where config names no server.
    pub on_server: Option<bool>,
    /// When the planner last came round, by a clock that nobody sets.
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
    /// One more run of a schedule that ended so.
    pub(super) fn run(&self, schedule: &str, status: &'static str) {
        self.change(|counts| {
            let key = (schedule.to_owned(), status);
            *counts.runs.entry(key).or_default() += 1;
        });
    }

    /// A schedule's newest run took so many seconds.
    pub(super) fn took(&self, schedule: &str, seconds: f64) {
        self.change(|counts| {
            counts.took.insert(schedule.to_owned(), seconds);
        });
    }

    /// So many more due times were missed.
    pub(super) fn missed(&self, schedule: &str, count: usize) {
        self.change(|counts| {
            *counts.missed.entry(schedule.to_owned()).or_default() += count as u64;
        });
    }

    /// Whether config and rules can be used as they stand.
    pub(super) fn files(&self, good: bool) {
        self.change(|counts| counts.files_good = good);
    }

    /// Whether the server that results are copied to has the last ones; none where config names no server.
    pub(super) fn on_server(&self, has: Option<bool>) {
        self.change(|counts| counts.on_server = has);
    }

    /// The planner came round.
    pub(super) fn woke(&self) {
        self.change(|counts| counts.woke = Instant::now());
    }

    /// How long ago the planner came round.
    pub(super) fn asleep(&self) -> Duration {
        self.counts().woke.elapsed()
    }

    /// The counts as they stand.
    pub(super) fn counts(&self) -> Counts {
        self.lock().clone()
    }

    fn change(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.lock());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counts> {
        // A panic while counting spoils one number at most.
        self.counts
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
