//! The config and rules that pages use, reloaded once they have changed.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::refusal::Refusal;
use crate::config::{Config, Database};
use crate::connector::Connect;
use crate::engine::EngineError;
use crate::mail;
use crate::project::{LoadError, Project, digest};
use crate::view::wrong_in_words;

/// How long config, rules, and the tables of a database file are assumed unchanged.
const BELIEVED: Duration = Duration::from_secs(1);
/// How long the tables of a database server are assumed unchanged: each check opens a connection.
const SERVER_BELIEVED: Duration = Duration::from_secs(30);
/// How long a page waits for a reload before it uses the previous files: a database server may not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Config and rules as on disk, or the last valid ones.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) config: Arc<Config>,
    /// The rules; `None` if they were never valid, or if the database could not be asked.
    pub(super) project: Option<Arc<Project>>,
    /// Why they differ from what is on disk, in words.
    pub(super) wrong: Option<String>,
}

/// Reads config and rules, and caches them.
#[derive(Debug)]
pub(super) struct Reader {
    config: PathBuf,
    connect: Connect,
    /// Held while reading: one reader at a time.
    turn: tokio::sync::Mutex<()>,
    known: Mutex<Known>,
}

/// The state of the cache.
#[derive(Debug, Default)]
struct Known {
    last: Option<Believed>,
    /// The start of the reload in progress.
    reading: Option<Instant>,
    /// The number of writes from this page: a reload that began before the last write is not cached as fresh.
    writes: u64,
}

/// A cached state.
#[derive(Debug, Clone)]
struct Believed {
    /// When it was read; `None` if it must be read again.
    at: Option<Instant>,
    /// When the tables of the data were last checked.
    tables_at: Instant,
    digest: String,
    files: Arc<Files>,
}

impl Believed {
    fn stale(files: Files, digest: String) -> Self {
        Self {
            at: None,
            tables_at: Instant::now(),
            digest,
            files: Arc::new(files),
        }
    }
}

impl Reader {
    /// Makes a reader with an empty cache.
    pub(super) fn new(config: PathBuf, connect: Connect) -> Self {
        Self {
            config,
            connect,
            turn: tokio::sync::Mutex::default(),
            known: Mutex::default(),
        }
    }

    /// Config and rules, reloaded once they, or the tables and columns behind them, have changed. If the reload takes
    /// too long, returns the previous ones.
    ///
    /// # Errors
    /// Config was never valid, or is still being read for the first time.
    pub(super) async fn files(self: &Arc<Self>) -> Result<Arc<Files>, Refusal> {
        if let Some(files) = self.believed() {
            return Ok(files);
        }
        let since = self.with(|known| known.reading);
        let reader = Arc::clone(self);
        // Runs as a task of its own: the next page can use the result even if this request is dropped.
        let reading = tokio::spawn(async move { reader.read().await });
        let patience = PATIENCE.saturating_sub(since.map_or(Duration::ZERO, |at| at.elapsed()));
        if let Ok(read) = tokio::time::timeout(patience, reading).await {
            return read.map_err(|error| Refusal::broken(error.to_string()))?;
        }
        let last = self.with(|known| known.last.as_ref().map(|last| Arc::clone(&last.files)));
        last.ok_or_else(|| Refusal::not_now("config is being read; try again in a moment"))
    }

    /// Invalidates the cache after a write.
    pub(super) fn forget(&self) {
        self.with(|known| {
            known.writes += 1;
            if let Some(last) = &mut known.last {
                last.at = None;
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        work(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn believed(&self) -> Option<Arc<Files>> {
        self.with(|known| {
            let last = known.last.as_ref()?;
            let is_fresh = last.at.is_some_and(|at| at.elapsed() < BELIEVED);
            is_fresh.then(|| Arc::clone(&last.files))
        })
    }

    async fn read(&self) -> Result<Arc<Files>, Refusal> {
        let _turn = self.turn.lock().await;
        if let Some(files) = self.believed() {
            return Ok(files);
        }
        let (last, writes) = self.with(|known| {
            known.reading = Some(Instant::now());
            (known.last.clone(), known.writes)
        });
        let read = self.read_after(last).await;
        self.with(|known| {
            known.reading = None;
            let read = read?;
            let files = Arc::clone(&read.files);
            known.last = Some(Believed {
                at: (known.writes == writes).then(Instant::now),
                ..read
            });
            Ok(files)
        })
    }

    /// The last state if it still holds; otherwise a fresh one.
    async fn read_after(&self, last: Option<Believed>) -> Result<Believed, Refusal> {
        let path = self.config.clone();
        let written = tokio::task::spawn_blocking(move || digest(&path)).await;
        let (digest, config) = written.map_err(|error| Refusal::broken(error.to_string()))?;
        let last = match last {
            Some(last) if last.digest == digest && last.files.wrong.is_none() => {
                match self.held_against_tables(last).await {
                    (last, true) => return Ok(last),
                    (last, false) => Some(last),
                }
            }
            last => last,
        };
        if let (None, Some(config)) = (&last, &config) {
            let files = Files {
                config: Arc::new(config.clone()),
                project: None,
                wrong: Some("the database has not answered so far".to_owned()),
            };
            self.with(|known| known.last = Some(Believed::stale(files, digest.clone())));
        }
        let files = self.load(config, last.map(|last| last.files)).await?;
        Ok(Believed::stale(files, digest))
    }

    /// Whether the last state still fits the tables in the data. If the tables cannot be read, the state is kept:
    /// whatever needs the data reports the error.
    async fn held_against_tables(&self, last: Believed) -> (Believed, bool) {
        let Some(project) = last.files.project.clone() else {
            return (last, false);
        };
        let believed = match project.config.database {
            Database::File(_) => BELIEVED,
            Database::Server(_) | Database::Spark(_) => SERVER_BELIEVED,
        };
        if last.tables_at.elapsed() < believed {
            return (last, true);
        }
        let connect = self.connect;
        let look = tokio::task::spawn_blocking(move || {
            let snapshot = connect(&project.config).snapshot()?;
            Ok::<_, EngineError>(snapshot.schema()? == project.schema)
        });
        let holds = !matches!(look.await, Ok(Ok(false)));
        let last = Believed {
            tables_at: Instant::now(),
            ..last
        };
        (last, holds)
    }

    /// Loads the files; if they are invalid, keeps the last valid ones.
    async fn load(
        &self,
        config: Option<Config>,
        last: Option<Arc<Files>>,
    ) -> Result<Files, Refusal> {
        let error = match mail::load(&self.config, self.connect).await {
            Ok(project) => {
                return Ok(Files {
                    config: Arc::new(project.config.clone()),
                    project: Some(Arc::new(project)),
                    wrong: None,
                });
            }
            Err(error) => error,
        };
        let wrong = match &error {
            LoadError::World(reason) => reason.clone(),
            LoadError::Refused(sources, findings) => {
                wrong_in_words("config or rules are", sources, findings)
            }
        };
        let known = last.as_ref().map(|last| Arc::clone(&last.config));
        let Some(config) = config.map(Arc::new).or(known) else {
            return Err(error.into());
        };
        Ok(Files {
            config,
            project: last.and_then(|last| last.project.clone()),
            wrong: Some(wrong),
        })
    }
}
