//! Config and rules while the process goes on: read anew for each run, looked at in between, and the last
//! good ones kept.

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

/// How often the files are looked at.
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
    /// A digest that is not in use, and whether it was judged already.
    other: Option<(String, bool)>,
    looked: (Instant, i64),
}

/// What was loaded and found right.
#[derive(Debug)]
struct Good {
    texts: Sources,
    at: i64,
}

/// What a run is made from.
#[derive(Debug)]
pub(super) struct ForRun {
    pub project: Project,
    /// Where its data is.
    pub connector: Box<dyn Connector>,
    /// Where the files are wrong: what was used in their place, in words.
    pub note: Option<String>,
}

impl Files {
    /// Reads them for the first time; `now` in microseconds. A database that cannot be read yet is no
    /// hindrance; the reason is given. One that is not there is imported first. `halt` ends all of it.
    ///
    /// # Errors
    /// The files are wrong: every finding.
    pub(super) async fn open(
        path: &Path,
        connect: Connect,
        now: i64,
        halt: &CancellationToken,
    ) -> Result<(Self, Option<String>), LoadError> {
        let (used, config) = digest(path);
        let missing = config
            .as_ref()
            .filter(|config| config.database.is_missing());
        if let Some(config) = missing.cloned() {
            let stop = Stop {
                halt: halt.clone(),
                lost: Arc::new(AtomicBool::new(false)),
            };
            // What keeps it from being made is told with the run that needs it.
            if let Err(error) = import(config, stop).await {
                warn!(reason = %error, "the files of `import:` cannot be imported yet");
            }
        }
        let loaded = tokio::select! {
            biased;
            () = halt.cancelled() => Err(LoadError::World("stopped".to_owned())),
            loaded = mail::load(path, connect) => loaded,
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
            // They changed between two looks.
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
        Ok((files, world))
    }

    /// Config as it is written now; that in use where it cannot be read.
    pub(super) fn written(&self) -> Config {
        digest(&self.path).1.unwrap_or_else(|| self.config.clone())
    }

    /// Loads them for a run: as they are, or, where they are wrong, as they last were right.
    ///
    /// # Errors
    /// See [`LoadError`]; wrong files only where none were right before.
    pub(super) async fn for_run(&mut self, now: i64) -> Result<ForRun, LoadError> {
        let refused = match mail::load(&self.path, self.connect).await {
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

    /// Looks whether they have changed, about once a minute by a clock that nobody sets, or by the wall
    /// clock. A change is taken up when a second look finds it still the same, so that nobody's
    /// half-written file counts. Gives whether they can be used as they stand.
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
        match mail::load(&self.path, self.connect).await {
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
            // Nothing can be said of them before the database can be read.
            Err(LoadError::World(_)) => None,
        }
    }
}

/// Where the first error is and what kind it is; its words may quote anything.
fn first_error(sources: &Sources, findings: &[Finding]) -> String {
    let error = findings.iter().find(|finding| finding.is_error());
    error.map_or_else(String::new, |error| {
        let place = error.location.map(|location| sources.place(location));
        format!("{} {}", place.unwrap_or_default(), error.code.name())
            .trim()
            .to_owned()
    })
}

/// The schedules that can be asked: `load` refuses a cron text that cannot be read.
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
