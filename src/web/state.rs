//! What every page is made from.

use std::path::PathBuf;
use std::sync::Arc;

use minijinja::Environment;

use super::desk::Desk;
pub(super) use super::files::Files;
use super::files::Reader;
use super::frame;
use super::kept::Kept;
use super::known::Current;
use super::refusal::Refusal;
use super::who::Gate;
use crate::config::Page;
use crate::connector::Connect;
use crate::serve::WallClock;

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
    reader: Arc<Reader>,
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
            current: Current::new(order.connect),
            reader: Arc::new(Reader::new(order.config.clone(), order.connect)),
            order,
            templates,
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

    /// Config and rules.
    ///
    /// # Errors
    /// Config was never right.
    pub(super) async fn files(&self) -> Result<Arc<Files>, Refusal> {
        self.0.reader.files().await
    }

    /// Somebody wrote them: they are read again when they are needed.
    pub(super) fn forget_files(&self) {
        self.0.reader.forget();
    }
}
