//! Config and rules while the process runs: read again for each run, checked for changes in between, with the last
//! valid version kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::import::import;
use super::look::Entry;
use super::stop::Stop;
use crate::config::{Config, marks};
use crate::connector::{Connect, Connector};
use crate::diagnostic::Finding;
use crate::mail;
use crate::project::{LoadError, Project, digest, load_kept};
use crate::schedule::Calendar;
use crate::source::Sources;

/// How often the files are checked.
const LOOK: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Files {
    path: PathBuf,
    connect: Connect,
    /// The config in use.
    pub config: Config,
    /// The schedules in use.
    pub entries: Vec<Entry>,
    good: Option<Good>,
    /// The digest of the files in use.
    used: String,
    /// A digest that is not in use, and whether it has been judged.
    other: Option<(String, bool)>,
    looked: (Instant, i64),
}

/// Files that were loaded and are valid.
#[derive(Debug)]
struct Good {
    texts: Sources,
    at: i64,
}

/// The input of a run.
#[derive(Debug)]
pub(super) struct ForRun {
    pub project: Project,
    /// The connector to the run's data.
    pub connector: Box<dyn Connector>,
    /// If the files have errors: what was used instead, in words.
    pub note: Option<String>,
}

impl Files {
    /// Reads the files for the first time; `now` is in microseconds. A database that cannot be read yet does not
    /// prevent this; the reason is returned. A database that does not exist is imported first. `None` if `halt` stopped it.
    ///
    /// # Errors
    /// The files have errors: every finding.
    pub(super) async fn open(
        path: &Path,
        connect: Connect,
        now: i64,
        halt: &CancellationToken,
    ) -> Result<Option<(Self, Option<String>)>, LoadError> {
        let (used, config) = digest(path);
        let missing = config
            .as_ref()
            .filter(|config| config.database.is_missing());
        if let Some(config) = missing.cloned() {
            let stop = Stop {
                halt: halt.clone(),
                lost: Arc::new(AtomicBool::new(false)),
            };
            // The run that needs the database reports why it could not be made.
            if let Err(error) = import(config, stop).await {
                warn!(reason = %error, "the files of `import:` cannot be imported yet");
            }
        }
        let loaded = tokio::select! {
            biased;
            () = halt.cancelled() => return Ok(None),
            loaded = load(path, connect) => loaded,
        };
        let (good, world) = match loaded {
            Ok(project) => (Some(project), None),
            Err(LoadError::World(reason)) => (None, Some(reason)),
            Err(refused) => return Err(refused),
        };
        let config = good
            .as_ref()
            .map(|project| project.config.clone())
            .or(config);
        let Some(config) = config else {
            // The files changed between two looks.
            return Err(LoadError::World(format!(
                "`{}` changes as it is read",
                path.display()
            )));
        };
        let files = Self {
            path: path.to_path_buf(),
            connect,
            entries: entries(&config),
            config,
            good: good.map(|project| Good {
                texts: project.sources,
                at: now,
            }),
            used,
            other: None,
            looked: (Instant::now(), now),
        };
        Ok(Some((files, world)))
    }

    /// Config as it is on disk now; if it cannot be read, the config in use.
    pub(super) fn written(&self) -> Config {
        digest(&self.path).1.unwrap_or_else(|| self.config.clone())
    }

    /// Loads the files for a run: as they are or, if they have errors, as they last were valid.
    ///
    /// # Errors
    /// See [`LoadError`]; invalid files only if none were valid before.
    pub(super) async fn for_run(&mut self, now: i64) -> Result<ForRun, LoadError> {
        let refused = match load(&self.path, self.connect).await {
            Ok(project) => {
                let texts = project.sources.clone();
                self.good = Some(Good { texts, at: now });
                return Ok(self.for_run_of(project, None));
            }
            Err(LoadError::Refused(sources, findings)) => (sources, findings),
            Err(world) => return Err(world),
        };
        let Some(good) = &self.good else {
            return Err(LoadError::Refused(refused.0, refused.1));
        };
        let place = first_error(&refused.0, &refused.1);
        let project = load_kept(&self.path, &good.texts, self.connect).await?;
        let note = format!(
            "the files are wrong ({place}; `muster check` tells more): those of {} were used",
            marks(self.config.locale).moment(good.at, self.config.timezone)
        );
        Ok(self.for_run_of(project, Some(note)))
    }

    fn for_run_of(&self, project: Project, note: Option<String>) -> ForRun {
        ForRun {
            connector: (self.connect)(&project.config),
            project,
            note,
        }
    }

    /// Checks whether the files have changed, about once a minute by the monotonic clock or by the wall clock. A change
    /// is adopted when a second look finds it unchanged, so that a half-written file does not count. Returns whether
    /// the files can be used as they stand.
    pub(super) async fn look(&mut self, now: i64) -> Option<bool> {
        let gone = (now - self.looked.1).unsigned_abs();
        let pending = self.other.as_ref().is_some_and(|(_, judged)| !judged);
        if !pending && self.looked.0.elapsed() < LOOK && u128::from(gone) < LOOK.as_micros() {
            return None;
        }
        self.looked = (Instant::now(), now);
        let (found, _) = digest(&self.path);
        if found == self.used {
            let (_, judged) = self.other.take()?;
            if judged {
                info!("config or rules are right again: they are those in use");
            }
            return Some(true);
        }
        if self.other.as_ref().is_none_or(|(other, _)| *other != found) {
            self.other = Some((found, false));
            return None;
        }
        if !pending {
            return Some(false);
        }
        self.judge(found, now).await
    }

    async fn judge(&mut self, found: String, now: i64) -> Option<bool> {
        match load(&self.path, self.connect).await {
            Ok(project) => {
                info!("config or rules have changed: they are right, and used from now on");
                self.entries = entries(&project.config);
                self.config = project.config;
                self.good = Some(Good {
                    texts: project.sources,
                    at: now,
                });
                self.used = found;
                self.other = None;
                Some(true)
            }
            Err(LoadError::Refused(sources, findings)) => {
                warn!(
                    first = first_error(&sources, &findings),
                    "config or rules have changed and are wrong: the last good ones stay in use; \
                     `muster check` tells more"
                );
                self.other = Some((found, true));
                Some(false)
            }
            // The files cannot be judged before the database can be read.
            Err(LoadError::World(_)) => None,
        }
    }
}

/// Loads them on a task of its own: loading blocks its thread while a server is slow to answer, and whoever waits for it must
/// still hear a signal.
async fn load(path: &Path, connect: Connect) -> Result<Project, LoadError> {
    let path = path.to_path_buf();
    let loading = tokio::spawn(async move { mail::load(&path, connect).await });
    match loading.await {
        Ok(loaded) => loaded,
        Err(error) => Err(LoadError::World(error.to_string())),
    }
}

/// Where the first error is and its kind. Its text is left out, because it may quote anything.
fn first_error(sources: &Sources, findings: &[Finding]) -> String {
    let error = findings.iter().find(|finding| finding.is_error());
    error.map_or_else(String::new, |error| {
        let place = error.location.map(|location| sources.place(location));
        format!("{} {}", place.unwrap_or_default(), error.code.name())
            .trim()
            .to_owned()
    })
}

/// The schedules with a calendar: `load` refuses a cron expression that cannot be read.
fn entries(config: &Config) -> Vec<Entry> {
    let entry = |schedule: &crate::config::Schedule| {
        let calendar = Calendar::new(&schedule.cron.value, schedule.timezone);
        match calendar {
            Ok(calendar) => Some(Entry {
                schedule: schedule.clone(),
                calendar,
            }),
            Err(refused) => {
                warn!(schedule = schedule.id.value, "{refused}");
                None
            }
        }
    };
    config.schedules.iter().filter_map(entry).collect()
}
