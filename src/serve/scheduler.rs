//! What `serve` does at each wake and `run --due` does once: look at the clock, write down what is outstanding, do it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::counters::Counters;
use super::files::Files;
use super::log_throttle::LogThrottle;
use super::look::{Entry, Noticed, look};
use super::news::{self, News};
use super::published::Published;
use super::time::WallClock;
use super::work::choose;
use crate::config::Config;
use crate::run::{Contender, Lease, Wanted};
use crate::store::{LeaseHolder, Store, StoreError, Timetable};

/// How many due times of each schedule to look at; more than are ever written at once.
const RECENT: u32 = 64;

/// How long to wait for a lock before a write that can also be made at the next wake.
const SHORT: Duration = Duration::from_millis(250);

/// Everything that one process needs to notice what is due and do it.
#[derive(Debug)]
pub(super) struct Scheduler {
    pub clock: Arc<dyn WallClock>,
    pub files: Mutex<Files>,
    pub counters: Counters,
    /// Problems with mail.
    pub mail_trouble: LogThrottle,
    /// Problems with notices to the owner.
    pub notice_trouble: LogThrottle,
    /// Problems with the publish destination.
    pub publish_trouble: LogThrottle,
    pub published: Mutex<Published>,
    /// Cancelled to begin no new work.
    pub stop: CancellationToken,
    /// Cancelled to stop the work in progress, too.
    pub halt: CancellationToken,
    /// The name of this process's work, shown to others.
    pub name: &'static str,
    contender: Mutex<Contender>,
    noticed: Mutex<Noticed>,
    told: Mutex<BTreeSet<(String, i64)>>,
}

/// The result of a look at the clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looked {
    /// Whether work is outstanding.
    pub owed: bool,
    /// Whether due times were missed that should not have been.
    pub missed: bool,
}

/// The result of the work.
#[derive(Debug, Default)]
pub(super) struct Worked {
    /// How many due times were done.
    pub done: usize,
    /// The attempts that failed, and why the last one did.
    pub failed: Vec<String>,
    /// True if an operator should look: a stale segment, a due time given up.
    pub attention: bool,
}

/// Whether this process could work.
#[derive(Debug)]
pub(super) enum Chance {
    Worked,
    /// Another process is at work.
    Busy(LeaseHolder),
}

impl Scheduler {
    pub(super) fn new(
        clock: Arc<dyn WallClock>,
        files: Files,
        (stop, halt): (CancellationToken, CancellationToken),
        name: &'static str,
    ) -> Self {
        Self {
            clock,
            files: Mutex::new(files),
            counters: Counters::default(),
            mail_trouble: LogThrottle::default(),
            notice_trouble: LogThrottle::default(),
            publish_trouble: LogThrottle::default(),
            published: Mutex::default(),
            stop,
            halt,
            name,
            contender: Mutex::default(),
            noticed: Mutex::default(),
            told: Mutex::default(),
        }
    }

    /// Looks at the clock and writes down what is outstanding now, no matter which process does it.
    pub(super) async fn look(&self) -> Result<Looked, StoreError> {
        loop {
            if let Some(looked) = self.look_once().await? {
                return Ok(looked);
            }
        }
    }

    /// Looks once. Returns `None` if another process wrote in the meantime: the findings may be outdated.
    async fn look_once(&self) -> Result<Option<Looked>, StoreError> {
        let now = self.clock.now();
        let (results, create, entries) = self.place().await;
        let timetable = self.timetable().await?;
        let mut noticed = self.noticed.lock().await;
        let seen = look(&entries, &timetable, &mut noticed, now);
        drop(noticed);
        let nothing = Default::default();
        if seen.findings != nothing {
            let mut store = Store::open_writer(&results, create).await?;
            // A run in progress may keep the file from being written. It is better to try again later than to keep the
            // file's readers waiting.
            store.wait_for_locks(SHORT).await?;
            let noted = store.note(&seen.findings, (&timetable, RECENT), now).await;
            store.close().await?;
            if !noted? {
                return Ok(None);
            }
        }
        self.tell(&seen.news).await;
        let waits = choose(&entries, &timetable, now);
        let found = &seen.findings.found;
        Ok(Some(Looked {
            owed: !found.is_empty() || waits.next.is_some() || !waits.over.is_empty(),
            missed: seen.news.iter().any(News::is_unwanted),
        }))
    }

    /// Does what is outstanding, under the lease; `worked` also counts what was done before an error.
    pub(super) async fn work(&self, worked: &mut Worked) -> Result<Chance, StoreError> {
        let (results, create, _) = self.place().await;
        let mut contender = self.contender.lock().await;
        let wanted = contender.want(&results, create, self.name, self.clock.now());
        let lease = match wanted.await? {
            Wanted::Theirs(holder) => return Ok(Chance::Busy(holder)),
            Wanted::Ours(lease, dead) => {
                if let Some(dead) = dead {
                    news::took_over(&dead);
                }
                lease
            }
        };
        let ended = self.work_off(&lease, worked).await;
        lease.release().await;
        ended.map(|()| Chance::Worked)
    }

    async fn work_off(&self, lease: &Lease, worked: &mut Worked) -> Result<(), StoreError> {
        while !self.stop.is_cancelled() {
            let (_, _, entries) = self.place().await;
            let timetable = self.timetable().await?;
            let choice = choose(&entries, &timetable, self.clock.now());
            for due in &choice.over {
                self.pass_over(lease, due, worked).await?;
            }
            let Some(due) = choice.next else {
                return Ok(());
            };
            let entry = entries.iter().find(|e| e.schedule.id.value == due.schedule);
            let Some(entry) = entry else {
                return Ok(());
            };
            if !self.attempt(lease, &entry.schedule, &due, worked).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads the timetable from the store.
    pub(super) async fn timetable(&self) -> Result<Timetable, StoreError> {
        let (results, ..) = self.place().await;
        let Some(mut store) = Store::open_reader(&results).await? else {
            return Ok(Timetable::default());
        };
        let timetable = store.timetable(RECENT).await;
        store.close().await?;
        timetable
    }

    /// The path of the results, whether that file may be created, and the schedules in use.
    pub(super) async fn place(&self) -> (PathBuf, bool, Vec<Entry>) {
        let files = self.files.lock().await;
        let config = &files.config;
        let results = config.results_path().to_path_buf();
        (results, config.results.is_some(), files.entries.clone())
    }

    /// The config in use.
    pub(super) async fn config(&self) -> Config {
        self.files.lock().await.config.clone()
    }

    /// Reports what was not reported before.
    async fn tell(&self, news: &[News]) {
        let mut told = self.told.lock().await;
        for news in news {
            match news {
                News::Ahead { schedule, due } if !told.insert((schedule.clone(), *due)) => continue,
                News::Missed {
                    schedule, count, ..
                } => self.counters.missed(schedule, *count),
                _ => {}
            }
            news.tell();
        }
    }
}
