//! What every page is made from.

use std::path::PathBuf;
use std::sync::Arc;

use minijinja::Environment;
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};

use super::desk::Desk;
use super::frame;
use super::kept::Kept;
use super::known::Current;
use super::refusal::Refusal;
use super::who::Gate;
use crate::config::{Config, Page};
use crate::connector::Connect;
use crate::mail;
use crate::project::{LoadError, Project, digest};
use crate::serve::WallClock;
use crate::view::wrong_in_words;

/// So long config and rules are believed to be as they were.
const BELIEVED: Duration = Duration::from_secs(1);

/// What the page is to be of.
#[derive(Debug)]
pub struct Order {
    /// The config file.
    pub config: PathBuf,
    /// How it gets at the data.
    pub connect: Connect,
    /// The clock that it goes by.
    pub clock: Arc<dyn WallClock>,
    /// Where it is and who may see what.
    pub page: Page,
}

/// The page's state; clones are the same one.
#[derive(Clone, Debug)]
pub struct Web(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    order: Order,
    gate: Gate,
    desk: Desk,
    kept: Kept,
    current: Current,
    templates: Environment<'static>,
    files: Mutex<Option<(Instant, String, Arc<Files>)>>,
}

/// Config and rules as they are written now, or as they last were right.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) config: Arc<Config>,
    /// The rules; none where they were never right, or the database kept that from being known.
    pub(super) project: Option<Arc<Project>>,
    /// Why they are not what is written now, in words.
    pub(super) wrong: Option<String>,
}

impl Web {
    /// Reads nothing yet.
    ///
    /// # Errors
    /// In words: the machine has no random numbers, or a template is wrong, which the tests keep from happening.
    pub fn new(mut order: Order) -> Result<Self, String> {
        let templates = frame::templates().map_err(|error| error.to_string())?;
        let page = std::mem::take(&mut order.page);
        Ok(Self(Arc::new(Inner {
            gate: Gate::new(page)?,
            desk: Desk::default(),
            kept: Kept::new(order.connect),
            current: Current::default(),
            order,
            templates,
            files: Mutex::default(),
        })))
    }

    /// Where one browser comes in: `/enter/…`, or `/` where everybody comes in in their own way. What was given before is
    /// good no longer.
    ///
    /// # Errors
    /// In words: the machine has no random numbers.
    pub fn entrance(&self) -> Result<String, String> {
        let token = self.gate().token()?;
        Ok(token.map_or_else(|| "/".to_owned(), |token| format!("/enter/{token}")))
    }

    pub(super) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    /// The reading of the data that questions are asked of.
    pub(super) fn kept(&self) -> &Kept {
        &self.0.kept
    }

    /// What is known of the results as they are now.
    pub(super) fn current(&self) -> &Current {
        &self.0.current
    }

    /// What pages share beyond one request.
    pub(super) fn desk(&self) -> &Desk {
        &self.0.desk
    }

    pub(super) fn templates(&self) -> &Environment<'static> {
        &self.0.templates
    }

    /// The config file.
    pub(super) fn path(&self) -> &std::path::Path {
        &self.0.order.config
    }

    pub(super) fn connect(&self) -> Connect {
        self.0.order.connect
    }

    /// The present instant in microseconds, a whole second.
    pub(super) fn now(&self) -> i64 {
        const SECOND: i64 = 1_000_000;
        self.0.order.clock.now().div_euclid(SECOND) * SECOND
    }

    /// Config and rules; read again once they have changed.
    ///
    /// # Errors
    /// Config was never right.
    pub(super) async fn files(&self) -> Result<Arc<Files>, Refusal> {
        let mut kept = self.0.files.lock().await;
        if let Some((at, _, files)) = &*kept
            && at.elapsed() < BELIEVED
        {
            return Ok(Arc::clone(files));
        }
        let (written, config) = digest(self.path());
        let last = kept.take();
        let files = match last {
            Some((_, digest, files)) if digest == written && files.wrong.is_none() => files,
            last => {
                let last = last.map(|(_, _, files)| files);
                Arc::new(self.read(config, last).await?)
            }
        };
        *kept = Some((Instant::now(), written, Arc::clone(&files)));
        Ok(files)
    }

    /// Somebody wrote them: they are read again when they are needed.
    pub(super) async fn forget_files(&self) {
        if let Some((at, ..)) = &mut *self.0.files.lock().await {
            *at = at.checked_sub(BELIEVED).unwrap_or(*at);
        }
    }

    /// Reads them; where they are wrong, the last good ones stay.
    async fn read(
        &self,
        config: Option<Config>,
        last: Option<Arc<Files>>,
    ) -> Result<Files, Refusal> {
        let error = match mail::load(self.path(), self.connect()).await {
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
