//! Using the lease: taking it, renewing it, returning it, and taking it over from a dead process.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::process::{Process, draw};
use crate::store::{LeaseHolder, Store, StoreError};

/// The interval of heartbeats.
const BEAT: Duration = Duration::from_secs(5);
/// How long a holder whose process cannot be inspected may show no heartbeat before it counts as dead, by the
/// observer's monotonic clock.
const SILENCE: Duration = Duration::from_secs(60);
/// How long to wait for a lock before work that can be done a little later.
const SHORT: Duration = Duration::from_millis(250);
/// How many attempts to return a lease; each waits some seconds for a lock.
const RELEASES: u32 = 12;

/// The lease of a results database, ours until it is returned or the process ends.
#[derive(Debug)]
pub struct Lease {
    results: PathBuf,
    owner: String,
    lost: Arc<AtomicBool>,
    beats: JoinHandle<()>,
    is_given_back: bool,
}

/// A process that wants the lease, with what it saw of the holder.
#[derive(Debug)]
pub struct Contender {
    own: Process,
    silence: Duration,
    seen: Option<(String, i64, Instant)>,
    /// The owner ids under which this process has held the lease: if a lease still names one of them, it was not
    /// returned.
    mine: Vec<String>,
}

/// The result of wanting the lease.
#[derive(Debug)]
pub enum Wanted {
    /// The lease is ours; with the dead holder that it was taken from, if any.
    Ours(Lease, Option<LeaseHolder>),
    /// Another process is at work.
    Theirs(LeaseHolder),
}

/// Whether the process that holds a lease is alive; `None` if that cannot be seen from here.
pub fn holder_lives(holder: &LeaseHolder) -> Option<bool> {
    Process::own().sees_alive(&holder.machine, holder.pid, holder.process_start)
}

impl Default for Contender {
    fn default() -> Self {
        Self::patient(SILENCE)
    }
}

impl Contender {
    /// A contender that considers a holder dead after another time without heartbeat than the usual 60 seconds.
    pub fn patient(silence: Duration) -> Self {
        Self {
            own: Process::own(),
            silence,
            seen: None,
            mine: Vec::new(),
        }
    }

    /// Takes the lease if nobody has it or the holder is dead. `create` creates the file; `work` is shown to others;
    /// `now` is for display, in microseconds.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub async fn want(
        &mut self,
        results: &Path,
        create: bool,
        work: &str,
        now: i64,
    ) -> Result<Wanted, StoreError> {
        let mut store = Store::open_writer(results, create).await?;
        let wanted = self.want_of(&mut store, results, work, now).await;
        store.close().await?;
        wanted
    }

    async fn want_of(
        &mut self,
        store: &mut Store,
        results: &Path,
        work: &str,
        now: i64,
    ) -> Result<Wanted, StoreError> {
        loop {
            let holder = store.lease().await?;
            if let Some(holder) = &holder {
                if !self.is_dead(holder) {
                    return Ok(Wanted::Theirs(holder.clone()));
                }
                store.wait_for_locks(SHORT).await?;
            }
            let taker = self.taker(work, now);
            let taken = store.take_lease(&taker, holder.as_ref()).await;
            if taken == Ok(false) {
                // Another process was faster: look again.
                continue;
            }
            // While it reads, a holder cannot send a heartbeat, and keeps the file from being written. That is a sign
            // of life, too.
            self.seen = None;
            taken?;
            self.mine.push(taker.owner.clone());
            return Ok(Wanted::Ours(Lease::ours(results, taker), holder));
        }
    }

    fn taker(&self, work: &str, now: i64) -> LeaseHolder {
        LeaseHolder {
            owner: draw(),
            host: self.own.host.clone(),
            machine: self.own.machine.clone(),
            pid: self.own.pid,
            process_start: self.own.start,
            work: work.to_owned(),
            taken_at: now,
            beats: 0,
            beat_at: now,
        }
    }

    /// True if its process has ended, or has shown no heartbeat for long enough.
    fn is_dead(&mut self, holder: &LeaseHolder) -> bool {
        if self.mine.contains(&holder.owner) {
            return true;
        }
        let alive = self
            .own
            .sees_alive(&holder.machine, holder.pid, holder.process_start);
        if let Some(alive) = alive {
            return !alive;
        }
        match &self.seen {
            Some((owner, beats, since)) if (owner, *beats) == (&holder.owner, holder.beats) => {
                since.elapsed() >= self.silence
            }
            _ => {
                self.seen = Some((holder.owner.clone(), holder.beats, Instant::now()));
                false
            }
        }
    }
}

impl Lease {
    fn ours(results: &Path, taker: LeaseHolder) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let owner = taker.owner.clone();
        let beats = tokio::spawn(beat(results.to_path_buf(), taker, Arc::clone(&lost)));
        Self {
            results: results.to_path_buf(),
            owner,
            lost,
            beats,
            is_given_back: false,
        }
    }

    /// The owner id of the lease, which fences everything written under it.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Becomes true when another process has taken the lease over.
    pub fn lost(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.lost)
    }

    /// Returns the lease. If another program keeps the file from being written, retries for a minute. As long as this
    /// process lives, others consider an unreturned lease to be in use.
    pub async fn release(mut self) {
        self.beats.abort();
        give_back(&self.results, &self.owner).await;
        self.is_given_back = true;
    }
}

/// Work that was aborted returns the lease, too, as long as the process lives.
impl Drop for Lease {
    fn drop(&mut self) {
        self.beats.abort();
        if !self.is_given_back
            && let Ok(runtime) = Handle::try_current()
        {
            let (results, owner) = (self.results.clone(), self.owner.clone());
            runtime.spawn(async move { give_back(&results, &owner).await });
        }
    }
}

async fn give_back(results: &Path, owner: &str) {
    for _ in 0..RELEASES {
        match give_back_once(results, owner).await {
            Err(StoreError::Locked(_)) => {}
            _ => return,
        }
    }
}

async fn give_back_once(results: &Path, owner: &str) -> Result<(), StoreError> {
    let mut store = Store::open_writer(results, false).await?;
    let released = store.release_lease(owner).await;
    store.close().await?;
    released
}

/// Sends heartbeats. A single missed beat does no harm; only a long silence does.
async fn beat(results: PathBuf, taker: LeaseHolder, lost: Arc<AtomicBool>) {
    let began = Instant::now();
    loop {
        tokio::time::sleep(BEAT).await;
        let gone = i64::try_from(began.elapsed().as_micros()).unwrap_or(0);
        if let Ok(mut store) = Store::open_writer(&results, false).await {
            let patience = store.wait_for_locks(SHORT).await;
            let beaten = store.beat(&taker.owner, taker.taken_at + gone).await;
            store.close().await.ok();
            if patience.is_ok() && beaten == Ok(false) {
                lost.store(true, Ordering::Relaxed);
                return;
            }
        }
    }
}
