//! The data for counting, and the instant of the counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::published::{Published, Sizes, stored};
use crate::config::{Config, Database, bytes};
use crate::connector::{Connector, KeptSnapshot};
use crate::engine::{EngineError, Evaluation, Keep, TooLarge, Watch};
use crate::ir::Ir;
use crate::lsp::Surroundings;
use crate::time::Clock;

/// The variable with the maximum number of bytes of data kept in memory; overrides config's `memory:`.
pub(super) const MEMORY: &str = "MUSTER_LSP_MEMORY";
/// The memory for one person's answer to one expression during evaluation, in bytes: a number and its intermediate
/// values.
const ANSWER: u64 = 32;
/// Before the first run, people are counted as of now, and again after this interval, in microseconds. Midnight is a
/// multiple of it in every time zone.
const QUARTER: i64 = 15 * 60 * 1_000_000;

/// The data read, and its database.
#[derive(Debug)]
struct Kept {
    database: Database,
    most: u64,
    data: KeptSnapshot<Box<dyn Connector>>,
}

/// The basis of an answer: a state of the data, and the instant of the counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Basis {
    /// The number of the snapshot.
    reading: u64,
    /// The state of the data in it.
    state: u64,
    moment: Moment,
}

/// The instant of the counts.
#[derive(Debug, Clone, PartialEq)]
enum Moment {
    /// That of the last published run, so that sizes can be compared with its sizes.
    Run(Published),
    /// The current quarter of an hour: no run is published yet.
    Now(i64),
}

/// The data of one database at a time.
#[derive(Debug)]
pub(super) struct Data {
    pub(super) around: Surroundings,
    /// Whether a question can be answered without reading data first.
    is_ready: Arc<AtomicBool>,
    kept: Option<Kept>,
    /// The number of snapshots opened.
    reading: u64,
    /// The number of people, as counted last.
    people: usize,
}

impl Data {
    pub(super) fn new(around: Surroundings, is_ready: Arc<AtomicBool>) -> Self {
        Self {
            around,
            is_ready,
            kept: None,
            reading: 0,
            people: 0,
        }
    }

    /// Evaluates something on the current data and the last published run, and returns the basis of the answer.
    ///
    /// # Errors
    /// The watcher has cancelled, or why there is no answer.
    pub(super) fn evaluate(
        &mut self,
        config: &Config,
        ir: &Ir,
        watch: &dyn Watch,
    ) -> Result<(Evaluation, Basis), EngineError> {
        let (moment, now) = self.moment(config).map_err(EngineError::Database)?;
        let clock = Clock {
            now,
            zone: config.timezone,
        };
        let kept = self.kept(config).map_err(EngineError::Database)?;
        let evaluation = kept.data.evaluate(ir, &clock, Keep::Outputs, watch)?;
        let state = kept.data.states();
        self.people = evaluation.subjects.len();
        let reading = self.reading;
        let basis = Basis {
            reading,
            state,
            moment,
        };
        Ok((evaluation, basis))
    }

    /// Whether a basis still holds: as far as can be determined, nothing has been written or published since.
    pub(super) fn holds(&mut self, basis: &Basis, config: &Config) -> Result<bool, String> {
        let (moment, _) = self.moment(config)?;
        let is_same_moment = moment == basis.moment;
        let kept = self.kept(config)?;
        let has_changed = kept.data.has_changed_since(basis.state);
        Ok(is_same_moment && !has_changed && self.reading == basis.reading)
    }

    /// Whether the data has changed since it was read, or was never read.
    pub(super) fn has_changed(&mut self) -> bool {
        self.kept
            .as_mut()
            .is_none_or(|kept| kept.data.has_changed())
    }

    /// Whether the data needed for a question is loaded and current.
    pub(super) fn is_ready(&self) -> bool {
        self.is_ready.load(Ordering::Relaxed)
    }

    /// Sets whether questions can be answered without reading data first.
    pub(super) fn set_ready(&self, is_ready: bool) {
        self.is_ready.store(is_ready, Ordering::Relaxed);
    }

    /// The first table that has not fitted since the last retry.
    pub(super) fn too_large(&self) -> Option<TooLarge> {
        let kept = self.kept.as_ref()?;
        kept.data.too_large().into_iter().next()
    }

    /// Retries what did not fit for an earlier question.
    pub(super) fn try_again(&mut self) {
        if let Some(kept) = &mut self.kept {
            kept.data.try_again();
        }
    }

    /// Drops the loaded data. Changes of the data are still detected.
    pub(super) fn forget(&mut self) {
        self.set_ready(false);
        if let Some(kept) = &mut self.kept {
            kept.data.forget();
        }
    }

    /// The instant of the counts.
    fn moment(&self, config: &Config) -> Result<(Moment, i64), String> {
        let stored = self.around.runtime.block_on(stored(config));
        let now = self.around.clock.now();
        Ok(match stored.map_err(|error| error.to_string())? {
            Some(run) => {
                let as_of = run.as_of;
                (Moment::Run(run), as_of)
            }
            None => (Moment::Now(now.div_euclid(QUARTER)), now),
        })
    }

    /// The maximum number of bytes of data kept.
    pub(super) fn most(&self, config: &Config) -> Result<u64, String> {
        let Some(text) = (self.around.environment)(MEMORY) else {
            return Ok(config.memory);
        };
        let unread = || format!("`{MEMORY}` is an amount from 1 MB to 1,000 GB, such as `512 MB`");
        bytes(&text).ok_or_else(unread)
    }

    /// The number of expressions evaluated for everybody at once; at least one.
    pub(super) fn affordable(&mut self, config: &Config) -> Result<usize, String> {
        let most = self.most(config)?;
        let kept = self.kept(config)?.data.kept().bytes();
        let of_one = (self.people as u64).saturating_mul(ANSWER).max(1);
        let affordable = most.saturating_sub(kept) / of_one;
        Ok(usize::try_from(affordable).unwrap_or(usize::MAX).max(1))
    }

    /// The data of a config's database.
    fn kept(&mut self, config: &Config) -> Result<&mut Kept, String> {
        let most = self.most(config)?;
        let same = |kept: &Kept| kept.database == config.database && kept.most == most;
        if !self.kept.as_ref().is_some_and(same) {
            self.kept = None;
            self.reading += 1;
            self.set_ready(false);
        }
        let connect = self.around.connect;
        Ok(self.kept.get_or_insert_with(|| Kept {
            database: config.database.clone(),
            most,
            data: KeptSnapshot::new(connect(config), most),
        }))
    }
}

impl Basis {
    /// The published sizes, by the ids that had one.
    pub(super) fn published(&self) -> Option<&Sizes> {
        match &self.moment {
            Moment::Run(run) => Some(&run.sizes),
            Moment::Now(_) => None,
        }
    }
}
