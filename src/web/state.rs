//! The state that every page is made from.

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

/// What to serve.
#[derive(Debug)]
pub struct Order {
    /// The config file.
    pub config: PathBuf,
    /// How to connect to the data.
    pub connect: Connect,
    /// The clock to use.
    pub clock: Arc<dyn WallClock>,
    /// The address, and who may see what.
    pub page: Page,
}

/// The page's state; clones share it.
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
    /// Makes the state without reading anything.
    ///
    /// # Errors
    /// A message: the machine has no random numbers, or a template is invalid (which tests rule out).
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

    /// The path at which one browser can sign in: `/enter/…`, or `/` if visitors sign in otherwise. Invalidates the
    /// path returned before.
    ///
    /// # Errors
    /// A message: the machine has no random numbers.
    pub fn entrance(&self) -> Result<String, String> {
        let token = self.gate().token()?;
        Ok(token.map_or_else(|| "/".to_owned(), |token| format!("/enter/{token}")))
    }

    pub(super) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    /// The kept snapshot that answers questions about the data.
    pub(super) fn kept(&self) -> &Kept {
        &self.0.kept
    }

    /// The cache for the current state of the results.
    pub(super) fn current(&self) -> &Current {
        &self.0.current
    }

    /// State shared between requests.
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

    /// The current instant in microseconds, rounded down to a second.
    pub(super) fn now(&self) -> i64 {
        const SECOND: i64 = 1_000_000;
        self.0.order.clock.now().div_euclid(SECOND) * SECOND
    }

    /// Config and rules.
    ///
    /// # Errors
    /// Config was never valid.
    pub(super) async fn files(&self) -> Result<Arc<Files>, Refusal> {
        self.0.reader.files().await
    }

    /// Invalidates config and rules after a write; they are read again when needed.
    pub(super) fn forget_files(&self) {
        self.0.reader.forget();
    }
}
