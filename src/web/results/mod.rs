//! The last published run as pages read it: everything on a page comes from one state.

mod shared;

use std::sync::Arc;

use crate::config::{Marks, marks};
use crate::disk::is_empty_file;
use crate::store::{Run, Store, StoredSegment};
use crate::web::known::Known;
use crate::web::refusal::Refusal;
use crate::web::state::{Files, Web};

/// The last published run and its results.
#[derive(Debug)]
pub(in crate::web) struct Results {
    pub(in crate::web) files: Arc<Files>,
    pub(in crate::web) store: Store,
    pub(in crate::web) run: Run,
    pub(in crate::web) segments: Vec<StoredSegment>,
    /// Why the health scores are from an earlier run.
    pub(in crate::web) health_stale: Option<String>,
    /// The newest run held since then.
    pub(in crate::web) held: Option<Run>,
    /// The cache for this state.
    known: Arc<Known>,
}

impl Web {
    /// Opens the results of the last published run.
    ///
    /// # Errors
    /// Nothing has been published yet, the file cannot be read, or a newer Muster wrote it.
    pub(in crate::web) async fn results(&self) -> Result<Results, Refusal> {
        let files = self.files().await?;
        let before = self.current().known(&files.config);
        let mut store = self.store(&files).await?;
        let run = store.last_published().await?.ok_or_else(nothing_yet)?;
        // From its first read on, the store sees one state. If the file was in the same state before and after that
        // read, the cache for that state is valid here.
        let known = before.filter(|before| {
            let after = self.current().known(&files.config);
            after.is_some_and(|after| Arc::ptr_eq(before, &after))
        });
        Ok(Results {
            segments: store.segments().await?,
            held: store.held_now().await?.pop(),
            health_stale: store.health_stale(run.id).await?,
            known: known.unwrap_or_default(),
            files,
            store,
            run,
        })
    }

    /// Opens the results, whether a run has been published or not.
    ///
    /// # Errors
    /// Nothing has ever been stored, the file cannot be read, or a newer Muster wrote it.
    pub(in crate::web) async fn store(&self, files: &Files) -> Result<Store, Refusal> {
        let path = files.config.results_path();
        if is_empty_file(path) {
            return Err(Refusal::not_now(
                "the file of results is empty, so it is not a database of results: restore it from a copy",
            ));
        }
        Store::open_reader(path).await?.ok_or_else(nothing_yet)
    }
}

fn nothing_yet() -> Refusal {
    Refusal::not_now("nothing has been published yet; `muster run` does it first")
}

impl Results {
    /// The format of numbers and dates.
    pub(in crate::web) fn marks(&self) -> Marks {
        marks(self.files.config.locale)
    }

    /// The run in words: `run 12, as of 15 March 2026, 08:00`.
    pub(in crate::web) fn as_of(&self) -> String {
        let at = self
            .marks()
            .moment(self.run.as_of, self.files.config.timezone);
        format!("run {}, as of {at}", self.run.id)
    }

    /// Why this may not be the current state, one note a line.
    pub(in crate::web) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(held) = &self.held {
            let at = self.marks().moment(held.as_of, self.files.config.timezone);
            notes.push(format!(
                "run {}, as of {at}, is held, so this is what was published before it",
                held.id
            ));
        }
        if let Some(wrong) = &self.files.wrong {
            notes.push(wrong.clone());
        }
        if let Some(reason) = &self.health_stale {
            notes.push(format!("stale: the health score: {reason}"));
        }
        notes
    }

    /// The segment with an id.
    ///
    /// # Errors
    /// There is no such segment.
    pub(in crate::web) fn segment(&self, id: &str) -> Result<&StoredSegment, Refusal> {
        let mut segments = self.segments.iter();
        let found = segments.find(|segment| segment.id == id);
        found.ok_or_else(|| Refusal::not_found("there is no segment with this id"))
    }

    /// The name of a segment.
    pub(in crate::web) fn name(&self, id: &str) -> String {
        let mut segments = self.segments.iter();
        let found = segments.find(|segment| segment.id == id);
        found.map_or(id, |segment| &segment.name).to_string()
    }
}
